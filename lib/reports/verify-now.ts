import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { jobWrites, readJob } from '../jobs/store.ts';
import { workOn } from '../jobs/work.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { verifyKind } from './job-kinds.ts';
import { readReport } from './read-store.ts';
import { Verification } from './verification.ts';
import { reportVerify } from './verify.ts';

/** As long as a client waits gladly; a report of some ten thousand records is done by then. */
const workedOnMs = 15_000;

/**
 * Recounts a report. The request itself works on the job; what is not done when its time is over, a worker goes on with (as it does,
 * within a minute, when the request dies).
 * @throws CrmError 404
 */
export async function verifyReport(app: App, reportId: string, budgetMs = workedOnMs) {
  await readReport(app, reportId);
  const { job, writes } = await jobWrites(app, { kind: verifyKind, input: { reportId } });
  await commitOrThrow(app.table, writes.map(orStale));
  await workOn(app, { jobId: job.id, turn: job.turn }, [reportVerify], budgetMs);
  const { status, result, error } = await readJob(app, job.id);
  if (status === 'FAILED') throw new CrmError('CONFLICT', `The report could not be verified: ${error}`);
  return { jobId: job.id, ...(status === 'COMPLETED' && { verification: Verification.parse(result) }) };
}
