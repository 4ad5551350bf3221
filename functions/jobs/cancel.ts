import { handle } from '../../lib/core/handle.ts';
import { toPublicJob } from '../../lib/jobs/job.ts';
import { cancelJob } from '../../lib/jobs/store.ts';
import { jobs } from './operations.ts';

export const handler = handle(jobs.cancel, async ({ path }, app) => toPublicJob(await cancelJob(app, path.jobId)));
