import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { hold, send } from '../../lib/aws/queue.ts';
import { type App, app } from '../../lib/core/app.ts';
import { consume } from '../../lib/core/consume.ts';
import { type RunKind, runSync } from '../../lib/salesforce/run.ts';
import { salesforceWorkers } from './operations.ts';

/** Well below the worker's time limit: the last page and its calls must still be stored. */
const budgetMs = 45_000;

const { id } = salesforceWorkers.reconcile;
const Message = z.object({ kind: z.enum(['FULL', 'PUSH']) });

async function run(worker: App, kind: RunKind): Promise<void> {
  // All messages of a batch were there before its first run began, which has done what the others ask for.
  const known = worker.memo.get(id) as RunKind | undefined;
  if (known === 'FULL' || known === kind) return;
  const until = performance.now() + budgetMs;
  const next = await runSync(worker, kind, () => performance.now() > until);
  worker.memo.set(id, kind);
  if (next) await send('salesforce', [{ kind: next }]);
}

const fromQueue = consume(id, Message, ({ kind }, worker) => run(worker, kind), {
  hold: (receiptHandle, seconds) => hold('salesforce', receiptHandle, seconds),
});

/** Started by its queue and by the schedule. */
export const handler = async (event: Partial<SQSEvent>) =>
  event.Records ? fromQueue({ Records: event.Records }) : run(app({ actor: { kind: 'system', id } }), 'FULL');
