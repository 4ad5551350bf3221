import type { App } from '../core/app.ts';
import { logRetry } from '../core/log.ts';
import type { Job } from './job.ts';
import type { JobKind } from './kind.ts';
import { announceJob } from './store.ts';
import { workOn } from './work.ts';

/** What a request may spend on work that a worker would do otherwise. */
const inRequestMs = 1500;

/**
 * Begins a job in the request that started it, so that small work is done when the answer comes; what is left the worker does. If the
 * process dies, the sweep gives the job to a worker. Needs `queue:jobs`.
 */
export async function beginJob(app: App, job: Job, kind: JobKind): Promise<void> {
  try {
    await workOn(app, { jobId: job.id, turn: job.turn }, [kind], inRequestMs);
  } catch (error) {
    logRetry(error, { function: 'jobs/begin', jobId: job.id });
    await announceJob(job);
  }
}
