import { handle } from '../../lib/core/handle.ts';
import { createEvent } from '../../lib/timeline/events.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.createEvent, async ({ body }, app) => createEvent(app, body));
