import { handle } from '../../lib/core/handle.ts';
import { patchProperty } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.updateProperty, async ({ path, body }, app) =>
  patchProperty(app, path.eventName, path.propertyName, body),
);
