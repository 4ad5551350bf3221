import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { recordKey } from '../table/keys.ts';
import type { Row } from './client.ts';
import { personRef } from './link.ts';
import { externalIdField, type Sobject } from './schema.ts';
import { inQueries } from './soql.ts';
import { fieldsOf, type Sync } from './sync.ts';
import { normalise } from './value.ts';

export type Found = { readonly sobject: Sobject; readonly row: Row };

/**
 * Who of these people is in Salesforce already: contacts first, then leads. Of several with one address the one that carries our id
 * counts, or else the oldest. A lookup that fails throws: nobody may be made because it was not found that he is there.
 */
export async function findByAddress(
  sync: Sync,
  people: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  for (const sobject of ['Contact', 'Lead'] as const) {
    const open = sobject === 'Lead' ? ' AND IsConverted = false' : '';
    const fields = fieldsOf(sync, sobject).join(', ');
    const missing = [...people.keys()].filter((address) => !found.has(address));
    const queries = inQueries(
      missing,
      (list) => `SELECT ${fields} FROM ${sobject} WHERE Email IN (${list})${open} ORDER BY CreatedDate, Id`,
    );
    const here = new Map<string, Row>();
    for (const soql of queries) {
      for (const row of await sync.client.query(soql)) {
        const address = normalise('email', row.Email);
        if (address === null || !people.has(address)) continue;
        const isOurs = row[externalIdField] === people.get(address);
        if (isOurs || !here.has(address)) here.set(address, row);
      }
    }
    for (const [address, row] of here) found.set(address, { sobject, row });
  }
  return found;
}

/** The name of a company that the contact is associated with. */
export async function companyNameOf(app: App, contactId: string): Promise<string | undefined> {
  const { items } = await listAssociated(app, personRef(contactId), '0-2', { limit: 1 });
  const [first] = items;
  if (!first) return undefined;
  return (await app.table.get(recordKey(first.to), CrmRecord))?.properties.name;
}
