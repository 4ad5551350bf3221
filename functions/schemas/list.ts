import { handle } from '../../lib/core/handle.ts';
import { listSchemas } from '../../lib/schemas/store.ts';
import { schemas } from './operations.ts';

export const handler = handle(schemas.list, async ({ query }, app) => ({
  results: await listSchemas(app, query.archived ?? false, query),
}));
