import { handle } from '../../lib/core/handle.ts';
import { readEvent } from '../../lib/timeline/events.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.getEvent, async ({ path }, app) =>
  readEvent(app, path.eventTemplateId, path.eventId),
);
