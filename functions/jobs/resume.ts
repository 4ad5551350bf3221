import { handle } from '../../lib/core/handle.ts';
import { toPublicJob } from '../../lib/jobs/job.ts';
import { resumeJob } from '../../lib/jobs/store.ts';
import { jobs } from './operations.ts';

export const handler = handle(jobs.resume, async ({ path }, app) => toPublicJob(await resumeJob(app, path.jobId)));
