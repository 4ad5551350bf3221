import { handle } from '../../lib/core/handle.ts';
import { removeProperty } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.archive, async ({ path }, app) => {
  await removeProperty(app, path.objectType, path.propertyName);
  return undefined;
});
