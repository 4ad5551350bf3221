import { handle } from '../../lib/core/handle.ts';
import { toPublicList } from '../../lib/lists/schema.ts';
import { readList, sizeOf } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.get, async ({ path, query }, app) => {
  const [list, size] = await Promise.all([readList(app, path.listId), sizeOf(app, path.listId)]);
  return { list: toPublicList(list, size, query) };
});
