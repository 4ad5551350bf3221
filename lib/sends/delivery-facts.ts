import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { type Barrier, barriersOf } from '../subscriptions/store.ts';
import { recordKey } from '../table/keys.ts';
import type { Content, Prepared } from './content.ts';
import { type Held, heldBack } from './fatigue.ts';
import { recipientsOf } from './ledger.ts';
import type { Recipient } from './recipient.ts';
import type { Send } from './schema.ts';

/** What is known of a batch of recipients when its turn has come. */
export type Facts = {
  readonly contacts: ReadonlyMap<string, CrmRecord>;
  readonly barriers: ReadonlyMap<string, Barrier>;
  readonly held: ReadonlyMap<string, Held>;
  /** Who answered what this mail reminds of. */
  readonly answered: ReadonlySet<string>;
  readonly prepared: Prepared;
};

/** Read when the batch's turn has come: what somebody chose seconds ago counts. */
export async function factsOf(
  app: App,
  send: Send,
  { content, rows }: { readonly content: Content; readonly rows: readonly Recipient[] },
): Promise<Facts> {
  const contactIds = rows.map(({ contactId }) => contactId);
  const [contacts, barriers, held, answered] = await Promise.all([
    app.table.getMany(
      contactIds.map((id) => recordKey({ objectType: '0-1', id })),
      CrmRecord,
    ),
    barriersOf(
      app,
      send.subscriptionTypeId,
      rows.map(({ email }) => email),
    ),
    heldBack(app, content.kind, contactIds, {
      sendId: send.id,
      since: new Map(rows.map(({ contactId, createdAt }) => [contactId, createdAt])),
      cooldownDays: send.cooldownDays,
    }),
    answeredSince(app, send, contactIds),
  ]);
  return {
    contacts: new Map(contacts.map((contact) => [contact.id, contact])),
    barriers,
    held,
    answered,
    prepared: await content.prepare(contacts.filter(({ archivedAt }) => archivedAt === undefined)),
  };
}

async function answeredSince(
  app: App,
  { audience: { notAnsweredOf } }: Send,
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (notAnsweredOf === undefined) return new Set();
  const rows = await recipientsOf(app, notAnsweredOf, contactIds);
  return new Set(rows.flatMap(({ contactId, answeredAt }) => (answeredAt === undefined ? [] : [contactId])));
}

/** Why a recipient gets no mail after all. */
export function obstacleOf({ contacts, barriers, held, answered }: Facts, row: Recipient): string | undefined {
  const contact = contacts.get(row.contactId);
  if (!contact || contact.archivedAt !== undefined) return 'NO_CONTACT';
  return (
    barriers.get(row.email) ?? held.get(row.contactId)?.reason ?? (answered.has(row.contactId) ? 'ANSWERED' : undefined)
  );
}
