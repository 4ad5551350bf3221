import { handle } from '../../lib/core/handle.ts';
import { renameList } from '../../lib/lists/change.ts';
import { required } from '../../lib/lists/errors.ts';
import { toPublicList } from '../../lib/lists/schema.ts';
import { sizeOf } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.rename, async ({ path, query }, app) => {
  const list = await renameList(app, path.listId, required(query.listName, 'listName'));
  return { updatedList: toPublicList(list, await sizeOf(app, list.listId), query) };
});
