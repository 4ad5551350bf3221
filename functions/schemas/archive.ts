import { handle } from '../../lib/core/handle.ts';
import { removeSchema } from '../../lib/schemas/store.ts';
import { schemas } from './operations.ts';

export const handler = handle(schemas.archive, async ({ path, query }, app) => {
  await removeSchema(app, path.objectType, { forGood: query.archived ?? false });
  return undefined;
});
