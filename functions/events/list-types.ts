import { handle } from '../../lib/core/handle.ts';
import { listDefinitions } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.listTypes, async (_input, app) => ({
  eventTypes: (await listDefinitions(app, { fresh: true })).map(({ fullyQualifiedName }) => fullyQualifiedName),
}));
