import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { dueWrite } from '../due/due.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { jobKey, jobListing } from '../table/keys.ts';
import { alsoStep, commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { hasEnded, Job } from './job.ts';

export type JobOrder = {
  readonly kind: string;
  /** Default: a new one. A job of an id that is taken is refused, so an id made of what it is for starts it once. */
  readonly id?: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly total?: number;
  /** It does not begin before; default: at once. */
  readonly at?: string;
};

/** A job that was committed is begun by the sweep if nobody announces it, which is what happens when a process dies in between. */
const forgottenAfterMs = 60_000;

const jobItem = (job: Job) => ({ ...jobKey(job.id), gsi1pk: jobListing, gsi1sk: job.id, entity: 'job', ...job });

const messageOf = ({ id, turn }: Pick<Job, 'id' | 'turn'>) => ({ jobId: id, turn });

/** The job, and the two writes that make it: they belong into the transaction of what it is for. Afterwards `announceJob`. */
export async function jobWrites(app: App, order: JobOrder): Promise<{ readonly job: Job; readonly writes: Write[] }> {
  const now = app.now();
  const { kind, id = app.newId(), input, total, at } = order;
  const job: Job = {
    id,
    kind,
    status: 'QUEUED',
    version: 1,
    turn: 1,
    input: { ...input },
    done: 0,
    counts: {},
    attempts: 0,
    createdAt: now,
    updatedAt: now,
    ...(total !== undefined && { total }),
    ...(at !== undefined && { notBefore: at }),
  };
  const dueAt = at ?? new Date(Date.parse(now) + forgottenAfterMs).toISOString();
  const due = await dueWrite(app, dueAt, `job#${id}`, { queue: 'jobs', body: messageOf(job) });
  return { job, writes: [{ put: jobItem(job), when: absent }, due] };
}

/** Lets a job begin at once, when its time has come; harmless when it has begun. Needs `queue:jobs`. */
export async function announceJob({ notBefore, ...job }: Job): Promise<void> {
  if (notBefore === undefined || Date.parse(notBefore) <= Date.now()) await send('jobs', [messageOf(job)]);
}

/** A job with nothing else to be written. */
export async function startJob(app: App, order: JobOrder): Promise<Job> {
  const { job, writes } = await jobWrites(app, order);
  await commitOrThrow(app.table, writes.map(orStale));
  await announceJob(job);
  return job;
}

export const findJob = (app: App, id: string): Promise<Job | undefined> => app.table.get(jobKey(id), Job);

/** @throws CrmError 404 */
export async function readJob(app: App, id: string): Promise<Job> {
  const job = await findJob(app, id);
  if (!job) throw new CrmError('OBJECT_NOT_FOUND', `No job with ID ${id} exists`, { context: { jobId: [id] } });
  return job;
}

/** Jobs, newest first. One that was started a moment ago may be missing. */
export async function listJobs(app: App, { after, limit }: { after?: string; limit: number }) {
  const position = after && { startAfter: { ...jobKey(after), gsi1pk: jobListing, gsi1sk: after } };
  const query = { pk: jobListing, index: 'gsi1' as const, descending: true, limit: limit + 1, ...position };
  const { items, lastKey } = await app.table.query(query, Job);
  const jobs = items.slice(0, limit);
  const last = jobs.at(-1);
  return { jobs, ...((items.length > limit || lastKey) && last && { after: last.id }) };
}

/** Stores what became of a job that was read as it is. @throws StaleRead when another worker was faster; PreconditionFailed by `also` */
export const saveJob = (app: App, before: Job, after: Job, also: readonly Write[] = []): Promise<void> =>
  commitOrThrow(app.table, [orStale({ put: jobItem(after), when: versionIs(before.version) }), ...also.map(alsoStep)]);

/** Ends a job; the slice at work does not save any more. What was done stays. @throws CrmError 404, 409 when it has ended */
export const cancelJob = (app: App, id: string): Promise<Job> =>
  contend(async () => {
    const job = await readJob(app, id);
    if (hasEnded(job)) throw new CrmError('CONFLICT', `The job has ended: it is ${job.status}`);
    const now = app.now();
    const ended: Job = { ...job, status: 'CANCELLED', version: job.version + 1, updatedAt: now, endedAt: now };
    await saveJob(app, job, ended);
    return ended;
  });

/** Sets a job on its way again where it stood: one that failed, was cancelled, or whose message ended among the dead letters. */
export async function resumeJob(app: App, id: string): Promise<Job> {
  const resumed = await contend(async () => {
    const job = await readJob(app, id);
    if (job.status === 'COMPLETED') throw new CrmError('CONFLICT', 'The job is completed: there is nothing left to do');
    const { error: _, endedAt: __, lastError: ___, ...rest } = job;
    const again: Job = {
      ...rest,
      status: job.startedAt === undefined ? 'QUEUED' : 'RUNNING',
      version: job.version + 1,
      turn: job.turn + 1,
      attempts: 0,
      updatedAt: app.now(),
    };
    await saveJob(app, job, again);
    return again;
  });
  await announceJob(resumed);
  return resumed;
}
