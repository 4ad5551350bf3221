import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { toPublicJob } from '../../lib/jobs/job.ts';
import { listJobs } from '../../lib/jobs/store.ts';
import { jobs } from './operations.ts';

export const handler = handle(jobs.list, async ({ query, request }, app) => {
  const { jobs: found, after } = await listJobs(app, query);
  return pageOf(found.map(toPublicJob), after, request);
});
