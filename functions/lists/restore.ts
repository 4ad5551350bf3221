import { handle } from '../../lib/core/handle.ts';
import { restoreList } from '../../lib/lists/remove.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.restore, async ({ path }, app) => {
  await restoreList(app, path.listId);
  return undefined;
});
