import { readEvent } from '../../lib/app-events/events.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.getEvent, async ({ path }, app) =>
  readEvent(app, path.eventTemplateId, path.eventId),
);
