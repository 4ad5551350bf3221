import { handle } from '../../lib/core/handle.ts';
import { addProperty } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.createProperty, async ({ path, body }, app) =>
  addProperty(app, path.eventName, body),
);
