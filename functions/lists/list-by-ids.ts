import { handle } from '../../lib/core/handle.ts';
import { toPublicList } from '../../lib/lists/schema.ts';
import { readLists, sizesOf } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.listByIds, async ({ query }, app) => {
  const ids = [...new Set((query.listIds ?? '').split(',').filter(Boolean))].slice(0, 500);
  const [found, sizes] = await Promise.all([readLists(app, ids), sizesOf(app, ids)]);
  return { lists: found.map((list) => toPublicList(list, sizes.get(list.listId) ?? 0, query)) };
});
