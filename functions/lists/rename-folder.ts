import { handle } from '../../lib/core/handle.ts';
import { required } from '../../lib/lists/errors.ts';
import { changeFolder, readFolder } from '../../lib/lists/folder-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.renameFolder, async ({ path: { folderId }, query }, app) => {
  await changeFolder(app, folderId, { name: required(query.newFolderName, 'newFolderName') });
  return { folder: await readFolder(app, folderId) };
});
