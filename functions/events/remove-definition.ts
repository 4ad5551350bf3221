import { handle } from '../../lib/core/handle.ts';
import { removeDefinition } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.removeDefinition, async ({ path }, app) => {
  await removeDefinition(app, path.eventName);
  return undefined;
});
