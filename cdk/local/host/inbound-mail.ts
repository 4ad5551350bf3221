import { parseMail } from '../services/mime.ts';
import type { Store } from '../services/store.ts';

/** A mail that came from outside. */
export type InboundMail = {
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly raw: string;
};

type Row = { at: number; raw: Uint8Array };

/** Mails that were handed in as raw MIME. */
export class InboundMails {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
    store
      .statement(
        'create table if not exists inbound_mail (id integer primary key, at integer not null, raw blob not null)',
      )
      .run();
  }

  add(raw: Buffer, now: number): InboundMail {
    this.store.statement('insert into inbound_mail (at, raw) values (?, ?)').run(now, raw);
    return readMail({ at: now, raw });
  }

  /** Newest first. */
  list(): InboundMail[] {
    return this.store.statement<Row>('select at, raw from inbound_mail order by id desc').all().map(readMail);
  }
}

function readMail({ at, raw }: Row): InboundMail {
  const { to, subject, text, html, headers } = parseMail(Buffer.from(raw));
  const from = headers.find(({ name }) => name.toLowerCase() === 'from')?.value ?? '';
  return { at: new Date(at).toISOString(), from, to, subject, text, html, raw: Buffer.from(raw).toString('utf8') };
}
