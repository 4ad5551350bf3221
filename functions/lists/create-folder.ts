import { handle } from '../../lib/core/handle.ts';
import { createFolder, readFolder } from '../../lib/lists/folder-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.createFolder, async ({ body }, app) => ({
  folder: await readFolder(app, await createFolder(app, body)),
}));
