import { handle } from '../../lib/core/handle.ts';
import { createProperties } from '../../lib/properties/batch.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.batchCreate, ({ path, body }, app) =>
  createProperties(app, path.objectType, body.inputs),
);
