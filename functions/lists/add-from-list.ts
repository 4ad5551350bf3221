import { handle } from '../../lib/core/handle.ts';
import { copyMembers } from '../../lib/lists/bulk-members.ts';
import { readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.addFromList, async ({ path: { listId, sourceListId } }, app) => {
  const [list, source] = await Promise.all([readList(app, listId), readList(app, sourceListId)]);
  await copyMembers(app, list, source);
  return undefined;
});
