import { handle, Reply } from '../../lib/core/handle.ts';
import { insertProperty } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.create, async ({ path, body, request }, app) => {
  const property = await insertProperty(app, path.objectType, body);
  return new Reply(201, property, { location: `${request.origin}${request.url}/${property.name}` });
});
