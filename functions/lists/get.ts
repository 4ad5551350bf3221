import { handle } from '../../lib/core/handle.ts';
import { toPublicList } from '../../lib/lists/schema.ts';
import { readList, sizesOf } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.get, async ({ path }, app) => {
  const [list, sizes] = await Promise.all([readList(app, path.listId), sizesOf(app, [path.listId])]);
  return { list: toPublicList(list, sizes.get(path.listId) ?? 0) };
});
