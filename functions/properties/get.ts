import { handle } from '../../lib/core/handle.ts';
import { propertyOf, readDefinitions } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.get, async ({ path, query }, app) =>
  propertyOf(await readDefinitions(app, path.objectType), path.propertyName, { archived: query.archived ?? false }),
);
