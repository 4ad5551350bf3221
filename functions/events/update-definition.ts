import { handle } from '../../lib/core/handle.ts';
import { patchDefinition } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.updateDefinition, async ({ path, body }, app) =>
  patchDefinition(app, path.eventName, body),
);
