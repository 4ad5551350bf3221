import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import type { App } from '../../lib/core/app.ts';
import { hasEnded } from '../../lib/jobs/job.ts';
import type { JobKind } from '../../lib/jobs/kind.ts';
import { jobKinds } from '../../lib/jobs/kinds.ts';
import { listJobs } from '../../lib/jobs/store.ts';
import { workOn } from '../../lib/jobs/work.ts';

/** Takes the place of the queue of jobs: what is sent is not kept, because every job that has not ended can be found. */
export function jobDesk(database: () => { readonly app: App }) {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  const waiting = async () => (await listJobs(database().app, { limit: 100 })).jobs.filter((job) => !hasEnded(job));
  return {
    close: () => sqs.restore(),
    /** Works on every job until all have ended. */
    drain: async (kinds: readonly JobKind[] = jobKinds) => {
      for (let jobs = await waiting(); jobs.length > 0; jobs = await waiting())
        for (const job of jobs) await workOn(database().app, { jobId: job.id, turn: job.turn }, kinds);
    },
    waiting,
  };
}
