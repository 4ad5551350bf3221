import * as z from 'zod/mini';

/** `QUEUED`: not begun. `FAILED`: refused for a reason that a repeat would not change; `resume` tries all the same. */
const JobStatus = z.enum(['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED']);

const Counts = z.record(z.string(), z.number());

/** Long work that is done in slices: what is to be done, how far it is, and what came of it. */
export const Job = z.object({
  id: z.string(),
  kind: z.string(),
  status: JobStatus,
  /** Rises with each saved slice: of two workers at one slice only one saves. */
  version: z.number(),
  /** Rises with each message: the message of an earlier turn has nothing left to do. */
  turn: z.number(),
  input: z.record(z.string(), z.unknown()),
  cursor: z.optional(z.unknown()),
  /** How much there is to do, where that is known. */
  total: z.optional(z.number()),
  done: z.number(),
  /** What the kind counts, by its own names. */
  counts: Counts,
  result: z.optional(z.unknown()),
  error: z.optional(z.string()),
  /** Tries of the present slice that failed, and with what. */
  attempts: z.number(),
  lastError: z.optional(z.string()),
  notBefore: z.optional(z.string()),
  createdAt: z.string(),
  startedAt: z.optional(z.string()),
  updatedAt: z.string(),
  endedAt: z.optional(z.string()),
});
export type Job = z.output<typeof Job>;

/** What one slice did, saved with its cursor in one transaction. */
export type Progress = {
  readonly done: boolean;
  /** Where the next slice begins. */
  readonly cursor?: unknown;
  /** Added to `done`. */
  readonly processed: number;
  /** Added to the counts of the same names. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly total?: number;
  readonly result?: unknown;
};

/** The job after a slice. */
export function afterSlice(job: Job, progress: Progress, now: string): Job {
  const { cursor: _, lastError: __, ...rest } = job;
  const counts = { ...job.counts };
  for (const [name, by] of Object.entries(progress.counts ?? {})) counts[name] = (counts[name] ?? 0) + by;
  return {
    ...rest,
    status: progress.done ? 'COMPLETED' : 'RUNNING',
    version: job.version + 1,
    done: job.done + progress.processed,
    counts,
    attempts: 0,
    startedAt: job.startedAt ?? now,
    updatedAt: now,
    ...(progress.cursor !== undefined && !progress.done && { cursor: progress.cursor }),
    ...(progress.total !== undefined && { total: progress.total }),
    ...(progress.result !== undefined && { result: progress.result }),
    ...(progress.done && { endedAt: now }),
  };
}

export const hasEnded = ({ status }: Pick<Job, 'status'>): boolean =>
  status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';

/** What to do with a message of some turn. */
export type Turn = 'WORK' | 'ANNOUNCE' | 'DROP';

/**
 * A worker saves the next turn and then sends its message. A message of the turn before is therefore a repeat, or its worker died before
 * it sent the next one: then that is sent (again). Older messages have been followed by one that somebody worked on.
 */
export function turnOf(job: Job, turn: number, now: string): Turn {
  if (hasEnded(job) || (job.notBefore !== undefined && now < job.notBefore)) return 'DROP';
  if (turn >= job.turn) return 'WORK';
  return turn === job.turn - 1 ? 'ANNOUNCE' : 'DROP';
}

/** A job as the API shows it, with its rate and when it will be done. */
export const PublicJob = z.object({
  id: z.string(),
  kind: z.string(),
  status: JobStatus,
  total: z.optional(z.number()),
  done: z.number(),
  counts: Counts,
  ratePerSecond: z.optional(z.number()),
  estimatedEndAt: z.optional(z.string()),
  result: z.optional(z.unknown()),
  error: z.optional(z.string()),
  attempts: z.number(),
  lastError: z.optional(z.string()),
  startsAt: z.optional(z.string()),
  createdAt: z.string(),
  startedAt: z.optional(z.string()),
  updatedAt: z.string(),
  endedAt: z.optional(z.string()),
});
type PublicJob = z.output<typeof PublicJob>;

export function toPublicJob(job: Job): PublicJob {
  const { version: _, turn: __, input: ___, cursor: ____, notBefore, ...shown } = job;
  return { ...shown, ...(notBefore !== undefined && { startsAt: notBefore }), ...paceOf(job) };
}

function paceOf(job: Job): Pick<PublicJob, 'ratePerSecond' | 'estimatedEndAt'> {
  const { startedAt, updatedAt, done, total } = job;
  if (startedAt === undefined || done === 0) return {};
  const seconds = Math.max(Date.parse(updatedAt) - Date.parse(startedAt), 1000) / 1000;
  const ratePerSecond = Math.round((done / seconds) * 100) / 100;
  if (hasEnded(job) || total === undefined || total <= done || ratePerSecond === 0) return { ratePerSecond };
  const endsAt = Date.parse(updatedAt) + ((total - done) / ratePerSecond) * 1000;
  return { ratePerSecond, estimatedEndAt: new Date(endsAt).toISOString() };
}
