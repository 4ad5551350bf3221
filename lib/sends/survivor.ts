import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { recordKey } from '../table/keys.ts';

/** A contact that was merged into one that was merged, and so on. */
const longestChain = 10;

/** The living record that a contact is part of now; undefined when it is in the archive. */
export async function survivorOf(app: App, mergedInto: string): Promise<CrmRecord | undefined> {
  let id = mergedInto;
  for (let step = 0; step < longestChain; step += 1) {
    const contact = await app.table.get(recordKey({ objectType: '0-1', id }), CrmRecord);
    if (contact?.mergedInto === undefined) return contact?.archivedAt === undefined ? contact : undefined;
    id = contact.mergedInto;
  }
  return undefined;
}
