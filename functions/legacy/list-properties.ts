import { handle } from '../../lib/core/handle.ts';
import { readDefinitions } from '../../lib/properties/store.ts';
import { legacy } from './operations.ts';

export const handler = handle(legacy.listProperties, async ({ path }, app) => [
  ...(await readDefinitions(app, path.objectType)).properties.values(),
]);
