import { handle } from '../../lib/core/handle.ts';
import { send } from '../../lib/custom-events/send.ts';
import { events } from './operations.ts';

export const handler = handle(events.send, async ({ body }, app) => {
  await send(app, body);
  return undefined;
});
