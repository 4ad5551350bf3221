import { handle } from '../../lib/core/handle.ts';
import { archiveProperties } from '../../lib/properties/batch.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.batchArchive, async ({ path, body }, app) => {
  await archiveProperties(app, path.objectType, body.inputs);
  return undefined;
});
