import { handle } from '../../lib/core/handle.ts';
import { removeFolder } from '../../lib/lists/folder-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.removeFolder, async ({ path }, app) => {
  await removeFolder(app, path.folderId);
  return undefined;
});
