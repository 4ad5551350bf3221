import { handle } from '../../lib/core/handle.ts';
import { changeFolder, readFolder } from '../../lib/lists/folder-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.moveFolder, async ({ path: { folderId, newParentFolderId } }, app) => {
  await changeFolder(app, folderId, { parentFolderId: newParentFolderId });
  return { folder: await readFolder(app, folderId) };
});
