import { putMailFile } from '../aws/mails.ts';
import { environment } from '../core/environment.ts';
import { type Automatic, automaticKind, verdictsOf, wentInCircles } from '../inbound/automatic.ts';
import { fingerprint, type InboundMail, readMail } from '../inbound/parse.ts';
import { ownText } from '../inbound/quoting.ts';
import { sanitised } from '../inbound/sanitise.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { Message, StoredMailFile } from './schema.ts';

/** A mail that came in, with what is known of it before anybody looks into the table. */
export type Arrival = {
  readonly mail: InboundMail;
  /** The same for two deliveries of one mail. */
  readonly fingerprint: string;
  readonly rawKey: string;
  readonly automatic: Automatic | undefined;
  readonly isSpam: boolean;
  readonly hasVirus: boolean;
};

export function arrivalOf(raw: Buffer, rawKey: string): Arrival {
  const mail = readMail(raw);
  const circles = wentInCircles(mail) ? 'BULK' : undefined;
  return {
    mail,
    rawKey,
    fingerprint: fingerprint(raw, mail),
    automatic: automaticKind(mail) ?? circles,
    ...verdictsOf(mail),
  };
}

/** Whether a program of ours sent it: what answers it would answer itself. */
export const isFromUs = ({ mail }: Arrival, own: readonly string[]): boolean =>
  mail.from !== undefined && [...own, environment('MAIL_FROM')].includes(mail.from.address);

const filesAtOnce = 4;

/** Stores the files of a mail under names made of its fingerprint: a repeat replaces them. Files with a virus stay in the mail as it came. */
export async function storeFiles({ mail, fingerprint, hasVirus }: Arrival): Promise<StoredMailFile[]> {
  if (hasVirus) return [];
  return inParallel(mail.files, filesAtOnce, async ({ name, type, bytes, contentId }, position) => {
    const id = `${fingerprint.slice(0, 24)}-${position + 1}`;
    const key = `attachments/${fingerprint.slice(0, 24)}/${position + 1}`;
    await putMailFile(key, bytes, type);
    return { id, name, type, size: bytes.length, key, ...(contentId !== undefined && { contentId }) };
  });
}

const longestText = 100_000;
const longestHtml = 150_000;

type Shown = Pick<Message, 'text' | 'html' | 'truncation'>;

/** What is shown of a mail at once: its own new text. All of it is in the mail as it came. */
export function shownOf({ mail }: Arrival): Shown {
  const own = ownText(mail.text);
  const text = cut(own.text, longestText);
  const html = mail.html === undefined ? undefined : sanitised(mail.html, { withoutQuotation: own.hasQuote });
  const fits = html === undefined || Buffer.byteLength(html) <= longestHtml;
  const isCut = text.length < own.text.length || !fits;
  return {
    text,
    ...(fits && html !== undefined && html.trim() !== '' && { html }),
    truncation: isCut ? 'TRUNCATED' : own.hasQuote ? 'TRUNCATED_TO_MOST_RECENT_REPLY' : 'NOT_TRUNCATED',
  };
}

/** The beginning of a text that has so many bytes at most; no character is cut in two. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes)).replace(/�+$/, '');
}
