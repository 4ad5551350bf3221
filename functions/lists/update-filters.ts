import { handle } from '../../lib/core/handle.ts';
import { updateFilters } from '../../lib/lists/change.ts';
import { toPublicList } from '../../lib/lists/schema.ts';
import { sizeOf } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.updateFilters, async ({ path, query, body }, app) => {
  const list = await updateFilters(app, path.listId, body.filterBranch, query);
  return { updatedList: toPublicList(list, await sizeOf(app, list.listId), { includeFilters: true }) };
});
