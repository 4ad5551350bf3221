import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Job } from '../jobs/job.ts';
import { startJob } from '../jobs/store.ts';
import { readList } from '../lists/store.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { contend } from '../table/contention.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { dirtyWrite } from './dirty.ts';
import { readError, releaseStep, type SyncError } from './errors.ts';
import { personRef } from './link.ts';
import { backfillKind, contactType } from './schema.ts';
import { readSettings } from './settings.ts';

/** Lets a run begin now. @throws CrmError 404 before Salesforce is connected */
export async function askForRun(app: App): Promise<void> {
  await readSettings(app);
  await send('salesforce', [{ kind: 'FULL' }]);
}

export type ResyncOrder = {
  readonly objectType: string;
  readonly ids?: readonly string[] | undefined;
  readonly listId?: string | undefined;
};

/** Looks at these records again, whether they changed or not. @throws CrmError 400, 404 */
export async function resync(app: App, { objectType, ids, listId }: ResyncOrder): Promise<Job> {
  await readSettings(app);
  const { objectTypeId } = await loadObjectType(app, objectType);
  if (objectTypeId !== contactType) throw invalid('objectType', `${objectType} is not synced; contacts are`);
  if ((ids === undefined) === (listId === undefined)) throw invalid('ids', 'either ids or listId must be given');
  if (listId === undefined) return startJob(app, { kind: backfillKind, input: { ids }, total: ids?.length ?? 0 });
  const list = await readList(app, listId);
  if (list.objectTypeId !== contactType) throw invalid('listId', 'the list is not one of contacts');
  return startJob(app, { kind: backfillKind, input: { listId } });
}

const invalid = (field: string, message: string) =>
  new CrmError('VALIDATION_ERROR', `${field}: ${message}`, { errors: [{ message, code: 'INVALID_VALUE', in: field }] });

/** Tries a refused record again now. @throws CrmError 404 */
export async function retryError(app: App, id: string): Promise<SyncError> {
  const error = await contend(async () => {
    const found = await readError(app, id);
    const mark = found.recordId
      ? [orStale(dirtyWrite(app, personRef(found.recordId), { force: true, relink: true }))]
      : [];
    await commitOrThrow(app.table, [releaseStep(app, found), ...mark]);
    return found;
  });
  await send('salesforce', [{ kind: 'FULL' }]);
  return error;
}
