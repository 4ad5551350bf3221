import { handle } from '../../lib/core/handle.ts';
import { removeProperties } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.batchArchive, async ({ path, body }, app) => {
  const names = body.inputs.map(({ name }) => name);
  await removeProperties(app, path.objectType, names);
  return undefined;
});
