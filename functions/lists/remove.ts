import { handle } from '../../lib/core/handle.ts';
import { removeList } from '../../lib/lists/remove.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.remove, async ({ path }, app) => {
  await removeList(app, path.listId);
  return undefined;
});
