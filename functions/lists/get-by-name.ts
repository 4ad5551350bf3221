import { handle } from '../../lib/core/handle.ts';
import { noListOfName } from '../../lib/lists/errors.ts';
import { toPublicList } from '../../lib/lists/schema.ts';
import { findListByName, sizeOf } from '../../lib/lists/store.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.getByName, async ({ path, query }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectTypeId);
  const list = await findListByName(app, path.listName);
  if (list?.objectTypeId !== objectTypeId) throw noListOfName(path.listName, objectTypeId);
  return { list: toPublicList(list, await sizeOf(app, list.listId), query) };
});
