import { send } from '../../lib/aws/queue.ts';
import { app } from '../../lib/core/app.ts';
import { sweep } from '../../lib/due/due.ts';
import { jobsWorkers } from './operations.ts';

/** Well below the worker's time limit; what is left waits for the next minute. */
const budgetMs = 45_000;

export const handler = async (): Promise<void> => {
  const until = performance.now() + budgetMs;
  const messenger = app({ actor: { kind: 'system', id: jobsWorkers.sweep.id } });
  await sweep(messenger, send, () => performance.now() > until);
};
