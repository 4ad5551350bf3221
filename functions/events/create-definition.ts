import { handle } from '../../lib/core/handle.ts';
import { createDefinition } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.createDefinition, async ({ body }, app) => createDefinition(app, body));
