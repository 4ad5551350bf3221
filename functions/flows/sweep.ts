import { send } from '../../lib/aws/queue.ts';
import { app } from '../../lib/core/app.ts';
import { sweep } from '../../lib/flows/due.ts';
import { flowsWorkers } from './operations.ts';

/** Well below the worker's time limit; what is left waits for the next minute. */
const budgetMs = 45_000;

export const handler = async (): Promise<void> => {
  const until = performance.now() + budgetMs;
  const messenger = app({ actor: { kind: 'system', id: flowsWorkers.sweep.id } });
  await sweep(
    messenger,
    (messages) => send('flow-steps', messages),
    () => performance.now() > until,
  );
};
