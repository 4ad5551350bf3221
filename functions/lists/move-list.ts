import { handle } from '../../lib/core/handle.ts';
import { moveList } from '../../lib/lists/folder-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.moveList, async ({ body: { listId, newFolderId } }, app) => {
  await moveList(app, listId, newFolderId);
  return undefined;
});
