import { handle } from '../../lib/core/handle.ts';
import { readDefinition } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.getDefinition, async ({ path }, app) => readDefinition(app, path.eventName));
