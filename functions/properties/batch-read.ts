import { handle } from '../../lib/core/handle.ts';
import { readProperties } from '../../lib/properties/batch.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.batchRead, ({ path, body }, app) =>
  readProperties(app, path.objectType, body.inputs, body.archived),
);
