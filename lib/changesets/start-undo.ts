import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { requireAccess } from '../core/scopes.ts';
import { hasEnded, type Job } from '../jobs/job.ts';
import { announceJob, findJob, jobWrites } from '../jobs/store.ts';
import { versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { jobKey } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { undoKind } from './job-kinds.ts';
import { type ChangeSetRow, readRows } from './rows.ts';
import type { ChangeSet } from './schema.ts';
import { changeSetItem, changeSetWrites, readChangeSet } from './store.ts';

/** The types of most sets are those of their first changes. */
const rowsAskedFor = 100;
const typesIn = (rows: readonly ChangeSetRow[]) => [...new Set(rows.map(({ objectType }) => objectType))];

/** The worker of a job that was cancelled may be in the middle of a slice, for as long as its function can run. */
const lastSliceMs = 60_000;

/**
 * Begins to take a change set back. Of two who ask, one gets the job. When its work was cancelled, the undo begins a minute after that:
 * what a slice still at work then writes is taken back, too. @throws CrmError 404, 409 when it is at work or
 * undone, 403 when the token may not write records of a type among its first rows; later rows of such types are left alone
 */
export async function startUndo(app: App, id: string): Promise<{ readonly job: Job; readonly changeSet: ChangeSet }> {
  const started = await contend(async () => {
    const original = await readChangeSet(app, id);
    const made = await endedWork(app, original);
    const { rows } = await readRows(app, id, { limit: rowsAskedFor });
    requireAccess(app, typesIn(rows), 'write');
    const undoId = app.newId();
    const input = { changeSetId: id, undoId, ...(app.scopes && { scopes: app.scopes }) };
    const order = { kind: undoKind, input, ...waitFor(made) };
    const { job, writes } = await jobWrites(app, order);
    const title = `元に戻す: ${original.title}`;
    const undo = changeSetWrites(app, { id: undoId, kind: 'UNDO', title, jobId: job.id, undoes: id });
    const undoing: ChangeSet = {
      ...original,
      status: 'UNDOING',
      undoJobId: job.id,
      undoneBy: undoId,
      version: original.version + 1,
    };
    await commitOrThrow(app.table, [
      orStale({ put: changeSetItem(undoing), when: versionIs(original.version) }),
      ...[...undo.writes, ...writes].map(orStale),
      // Nobody resumes the work meanwhile.
      ...(made ? [orStale({ check: jobKey(made.id), when: versionIs(made.version) })] : []),
    ]);
    return { job, changeSet: undo.changeSet };
  });
  await announceJob(started.job);
  return started;
}

/** What is still being made can be undone when its job has ended: then no more changes come. */
async function endedWork(app: App, { status, jobId, undoJobId }: ChangeSet): Promise<Job | undefined> {
  if (status === 'UNDOING' || status === 'UNDONE')
    throw conflict(`The change set is ${status}`, undoJobId === undefined ? {} : { jobId: [undoJobId] });
  if (status !== 'OPEN') return undefined;
  const job = jobId === undefined ? undefined : await findJob(app, jobId);
  if (!job || !hasEnded(job)) throw conflict('The change set is still being made', jobId ? { jobId: [jobId] } : {});
  return job;
}

const waitFor = (made: Job | undefined): { at?: string } =>
  made?.status === 'CANCELLED' && made.endedAt !== undefined
    ? { at: new Date(Date.parse(made.endedAt) + lastSliceMs).toISOString() }
    : {};

const conflict = (message: string, context: Record<string, string[]>) => new CrmError('CONFLICT', message, { context });
