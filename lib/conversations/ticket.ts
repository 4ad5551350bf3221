import { StoredPair } from '../associations/pair.ts';
import type { App } from '../core/app.ts';
import { type CrmRecord, createRecord } from '../objects/store.ts';
import type { PropertyInput } from '../objects/values.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { associationPrefix, type RecordRef, recordKey } from '../table/keys.ts';
import { PreconditionFailed } from '../table/once.ts';
import { emails } from './email-type.ts';
import { listMessages } from './list.ts';
import { aliveOf } from './matching.ts';
import type { Thread } from './schema.ts';
import { readThread, threadWrites } from './store.ts';

const tickets = '0-5';
/** The latest mails of the thread are associated at once: each takes several of a transaction's hundred writes. */
const mailsAtOnce = 8;

/**
 * Makes a ticket of a thread: associated with the contact, its company, the deals and the mails of the thread; further mails of it are
 * associated with the ticket as they come. Pipelines' rules and the policies hold. @throws CrmError 400, 404, 422
 */
export const ticketOf = (app: App, threadId: string, properties: PropertyInput): Promise<CrmRecord> =>
  contend(async () => {
    const before = await readThread(app, threadId, { archived: false });
    const associations = (await refsOf(app, before)).map((to) => ({ to, types: 'default' as const }));
    const now = app.now();
    try {
      return await createRecord(app, tickets, properties, {
        associations,
        also: ({ id }) =>
          threadWrites(before, {
            ...before,
            associations: [...before.associations, { objectType: tickets, id }],
            updatedAt: now,
            version: before.version + 1,
          }),
      });
    } catch (error) {
      throw error instanceof PreconditionFailed ? new StaleRead('The thread was changed meanwhile') : error;
    }
  });

async function refsOf(app: App, thread: Thread): Promise<RecordRef[]> {
  const { contactId, associations } = thread;
  const contact = contactId === undefined ? [] : [{ objectType: '0-1', id: contactId }];
  const { items } = await listMessages(app, thread.id, { limit: 50, sort: '-createdAt' });
  const mails = items.flatMap(({ emailId }) => (emailId === undefined ? [] : [{ objectType: emails, id: emailId }]));
  const others = associations.filter(({ objectType }) => objectType !== tickets);
  return aliveOf(app, [...contact, ...(await companyOf(app, contact)), ...others, ...mails.slice(0, mailsAtOnce)]);
}

async function companyOf(app: App, [contact]: readonly RecordRef[]): Promise<RecordRef[]> {
  if (!contact) return [];
  const query = { pk: recordKey(contact).pk, prefix: associationPrefix('0-2'), limit: 1 };
  const { items } = await app.table.query(query, StoredPair);
  return items.map(({ toId }) => ({ objectType: '0-2', id: toId }));
}
