import { handle } from '../../lib/core/handle.ts';
import { removeProperty } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.removeProperty, async ({ path }, app) => {
  await removeProperty(app, path.eventName, path.propertyName);
  return undefined;
});
