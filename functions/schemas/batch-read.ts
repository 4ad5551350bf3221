import { handle } from '../../lib/core/handle.ts';
import { readSchema } from '../../lib/schemas/store.ts';
import { schemas } from './operations.ts';

export const handler = handle(schemas.batchRead, async ({ body }, app) => ({
  results: await Promise.all(body.inputs.map((segment) => readSchema(app, segment, body))),
}));
