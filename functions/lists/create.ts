import { handle } from '../../lib/core/handle.ts';
import { createList } from '../../lib/lists/change.ts';
import { toPublicList } from '../../lib/lists/schema.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.create, async ({ body }, app) => ({
  list: toPublicList(await createList(app, body), 0, { includeFilters: true }),
}));
