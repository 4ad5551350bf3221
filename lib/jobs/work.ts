import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { logRetry } from '../core/log.ts';
import { versionIs } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { jobKey } from '../table/keys.ts';
import { PreconditionFailed } from '../table/once.ts';
import { afterSlice, hasEnded, type Job, turnOf } from './job.ts';
import type { JobKind } from './kind.ts';
import { announceJob, findJob, saveJob } from './store.ts';

/** A turn of a job: some slices in one invocation. */
export const JobMessage = z.object({ jobId: z.string(), turn: z.number() });
export type JobMessage = z.output<typeof JobMessage>;

/** A message gives the job to one turn of this length; then the next message goes on, so that no job keeps a worker from others. */
const turnMs = 20_000;
const triesOfASlice = 5;

/** Works on a job for a turn. Returns when it is done, the turn is over, or another worker has it. */
export async function workOn(
  app: App,
  { jobId, turn }: JobMessage,
  kinds: readonly JobKind[],
  lengthMs = turnMs,
): Promise<void> {
  const job = await findJob(app, jobId);
  if (!job) return;
  switch (turnOf(job, turn, app.now())) {
    case 'DROP':
      return;
    case 'ANNOUNCE':
      return announceJob(job);
    case 'WORK':
      return workWhileMine(app, job, kindOf(job, kinds), lengthMs);
  }
}

function kindOf({ kind }: Job, kinds: readonly JobKind[]): JobKind {
  const found = kinds.find((each) => each.kind === kind);
  if (!found) throw new Error(`No kind of job is called ${kind}`);
  return found;
}

async function workWhileMine(app: App, first: Job, kind: JobKind, lengthMs: number): Promise<void> {
  const until = performance.now() + lengthMs;
  let job = first;
  try {
    while (!hasEnded(job)) {
      if (performance.now() > until) return await announceJob(await endTurn(app, job));
      job = await workSlice(app, job, kind);
    }
  } catch (error) {
    // Another worker saved the slice, or the job was cancelled: whoever was faster goes on.
    if (error instanceof StaleRead) return;
    await noteFailure(app, job, error);
    throw error;
  }
}

/** One slice, saved; or the job that failed for good. A condition that a slice brought is decided anew by running it again. */
async function workSlice(app: App, job: Job, kind: JobKind): Promise<Job> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { also, ...progress } = await kind.run(app, job);
      const after = afterSlice(job, progress, app.now());
      await saveJob(app, job, after, also);
      return after;
    } catch (error) {
      if (error instanceof CrmError && error.status < 500) return await fail(app, job, error);
      if (!(error instanceof PreconditionFailed) || tries === triesOfASlice) throw error;
    }
  }
}

async function fail(app: App, job: Job, { message }: CrmError): Promise<Job> {
  const now = app.now();
  const failed: Job = {
    ...job,
    status: 'FAILED',
    error: message,
    version: job.version + 1,
    updatedAt: now,
    endedAt: now,
  };
  await saveJob(app, job, failed);
  return failed;
}

async function endTurn(app: App, job: Job): Promise<Job> {
  const next = { ...job, version: job.version + 1, turn: job.turn + 1, updatedAt: app.now() };
  await saveJob(app, job, next);
  return next;
}

/** Lets a watcher see that a slice is tried again. Only the kind of error: its text may quote people's data. */
async function noteFailure(app: App, { id, version }: Job, error: unknown): Promise<void> {
  const lastError = error instanceof Error ? error.name : typeof error;
  const note = { update: jobKey(id), set: { lastError }, add: { attempts: 1 }, when: versionIs(version) };
  await app.table.commit([note]).catch((problem: unknown) => logRetry(problem, { function: 'jobs/work', jobId: id }));
}
