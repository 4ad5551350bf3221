import { commitGroups } from '../table/groups.ts';
import { orStale } from '../table/steps.ts';
import { applyRows } from './apply.ts';
import { dirtyWrite } from './dirty.ts';
import { dueErrors, forgetSteps, type SyncError } from './errors.ts';
import { personRef } from './link.ts';
import { fullId } from './salesforce-id.ts';
import { sobjects } from './schema.ts';
import { inQueries } from './soql.ts';
import { fieldsOf, type Sync } from './sync.ts';

const mostAtOnce = 1000;

/** Tries refused records again whose time has come: ours are marked, those that only Salesforce has are read anew. */
export async function retryDue(sync: Sync): Promise<void> {
  const due = await dueErrors(sync.app, mostAtOnce);
  const marks = due.flatMap(({ recordId }) =>
    recordId ? [[orStale(dirtyWrite(sync.app, personRef(recordId), { force: true, relink: true }))]] : [],
  );
  const failed = (await commitGroups(sync.app.table, marks)).find(Boolean);
  if (failed) throw failed;
  await readAnew(
    sync,
    due.filter(({ recordId, salesforceId }) => !recordId && salesforceId),
  );
}

async function readAnew(sync: Sync, errors: readonly SyncError[]): Promise<void> {
  for (const sobject of sobjects) {
    const ids = errors.flatMap((error) =>
      error.sobject === sobject && error.salesforceId ? [error.salesforceId] : [],
    );
    const fields = fieldsOf(sync, sobject).join(', ');
    const gone = new Set(ids);
    for (const soql of inQueries(ids, (list) => `SELECT ${fields} FROM ${sobject} WHERE Id IN (${list})`)) {
      const rows = await sync.client.query(soql);
      for (const { Id } of rows) gone.delete(fullId(Id));
      await applyRows(sync, sobject, rows);
    }
    const forget = await forgetSteps(sync.app, [...gone]);
    await commitGroups(
      sync.app.table,
      [...forget.values()].map((step) => [step]),
    );
  }
}
