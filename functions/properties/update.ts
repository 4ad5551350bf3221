import { handle } from '../../lib/core/handle.ts';
import { updateProperty } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.update, ({ path, body }, app) =>
  updateProperty(app, path.objectType, path.propertyName, body),
);
