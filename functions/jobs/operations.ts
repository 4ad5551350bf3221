import * as z from 'zod/mini';
import { operations, workers } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicJob } from '../../lib/jobs/job.ts';

const path = z.object({ jobId: z.string() });
const scope = 'jobs';

export const jobs = operations('jobs', {
  list: {
    route: 'GET /jobs/v1/jobs',
    summary: 'Long work, newest first: progress, rate, errors',
    scope,
    query: z.object({ after: z.optional(cursor), limit: limitOf(50, 100) }),
    status: 200,
    output: z.object({ results: z.array(PublicJob), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  get: {
    route: 'GET /jobs/v1/jobs/{jobId}',
    summary: 'How far a job is, and when it will be done',
    scope,
    path,
    status: 200,
    output: PublicJob,
    uses: ['table:read'],
  },
  cancel: {
    route: 'POST /jobs/v1/jobs/{jobId}/cancel',
    summary: 'End a job; what it has done stays',
    scope,
    path,
    status: 200,
    output: PublicJob,
    uses: ['table:read', 'table:write'],
  },
  resume: {
    route: 'POST /jobs/v1/jobs/{jobId}/resume',
    summary: 'Set a job that failed or was cancelled on its way again, where it stood',
    scope,
    path,
    status: 200,
    output: PublicJob,
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
});

export const jobsWorkers = workers('jobs', {
  work: {
    summary: 'Takes the slices of long work, each saved once',
    uses: [
      'table:read',
      'table:write',
      'files:read',
      'files:write',
      'mails:delete',
      'queue:jobs',
      'queue:bulk-mail',
      'queue:salesforce',
    ],
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  sweep: {
    summary:
      'What is due (delays of flows, jobs that wait for their time, lists that follow the time, a sync that may have died, visits that a contact is to be told of) → its queue',
    uses: [
      'table:read',
      'table:write',
      'queue:flow-steps',
      'queue:jobs',
      'queue:salesforce',
      'queue:list-checks',
      'queue:visits',
    ],
    timeoutSeconds: 60,
  },
});
