import { handle } from '../../lib/core/handle.ts';
import { sendAll } from '../../lib/custom-events/send.ts';
import { events } from './operations.ts';

export const handler = handle(events.sendBatch, async ({ body }, app) => {
  await sendAll(app, body.inputs);
  return undefined;
});
