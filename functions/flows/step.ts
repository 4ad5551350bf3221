import * as z from 'zod/mini';
import { hold, send } from '../../lib/aws/queue.ts';
import { consume } from '../../lib/core/consume.ts';
import { advance } from '../../lib/flows/advance.ts';
import { endOldRuns } from '../../lib/flows/control.ts';
import { flowsWorkers } from './operations.ts';

const Message = z.union([
  z.object({ flowId: z.string(), runId: z.string() }),
  z.object({ flowId: z.string(), endOldRuns: z.literal(true) }),
]);

export const handler = consume(
  flowsWorkers.step.id,
  Message,
  async (message, app) => {
    if ('runId' in message) return advance(app, message);
    const more = await endOldRuns(app, message.flowId);
    if (more) await send('flow-steps', [message]);
  },
  { hold: (receiptHandle, seconds) => hold('flow-steps', receiptHandle, seconds), atOnce: true },
);
