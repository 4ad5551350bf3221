import { handle } from '../../lib/core/handle.ts';
import { topmost } from '../../lib/lists/folder.ts';
import { readFolder } from '../../lib/lists/folder-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.getFolder, async ({ query }, app) => ({
  folder: await readFolder(app, query.folderId || topmost),
}));
