import { handle } from '../../lib/core/handle.ts';
import { insertSchema, readSchema } from '../../lib/schemas/store.ts';
import { schemas } from './operations.ts';

export const handler = handle(schemas.create, async ({ body }, app) =>
  readSchema(app, (await insertSchema(app, body)).objectTypeId),
);
