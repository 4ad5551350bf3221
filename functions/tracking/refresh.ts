import * as z from 'zod/mini';
import { consume } from '../../lib/core/consume.ts';
import { tellPageEvents } from '../../lib/tracking/page-events.ts';
import { refreshContact } from '../../lib/tracking/refresh.ts';
import { trackingWorkers } from './operations.ts';

const Message = z.object({ contactId: z.string(), hutk: z.string() });

export const handler = consume(trackingWorkers.refresh.id, Message, async ({ contactId, hutk }, app) => {
  await refreshContact(app, contactId);
  await tellPageEvents(app, hutk);
});
