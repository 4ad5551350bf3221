import { hold } from '../../lib/aws/queue.ts';
import { consume } from '../../lib/core/consume.ts';
import { jobKinds } from '../../lib/jobs/kinds.ts';
import { JobMessage, workOn } from '../../lib/jobs/work.ts';
import { jobsWorkers } from './operations.ts';

export const handler = consume(jobsWorkers.work.id, JobMessage, (message, app) => workOn(app, message, jobKinds), {
  hold: (receiptHandle, seconds) => hold('jobs', receiptHandle, seconds),
});
