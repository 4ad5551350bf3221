import { createEvent } from '../../lib/app-events/events.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.createEvent, async ({ body }, app) => createEvent(app, body));
