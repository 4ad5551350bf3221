import type { App } from '../core/app.ts';
import { mergedIds } from '../merges/decide.ts';
import { readRecord } from '../objects/read-store.ts';

/** Whom an invitation reached: the contact, or the one that it was merged into since, and the ids of all that are one with it. */
export type Person = { readonly contactId: string; readonly ids: readonly string[] };

/** One read, and one for each merge of the contact. A contact that is gone stands for itself. */
export async function personOf(app: App, contactId: string): Promise<Person> {
  const contact = await readRecord(app, '0-1', { id: contactId }, { followMerged: true });
  return contact
    ? { contactId: contact.id, ids: [contact.id, ...mergedIds(contact)] }
    : { contactId, ids: [contactId] };
}
