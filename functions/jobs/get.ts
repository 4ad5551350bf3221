import { handle } from '../../lib/core/handle.ts';
import { toPublicJob } from '../../lib/jobs/job.ts';
import { readJob } from '../../lib/jobs/store.ts';
import { jobs } from './operations.ts';

export const handler = handle(jobs.get, async ({ path }, app) => toPublicJob(await readJob(app, path.jobId)));
