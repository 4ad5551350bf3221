import { handle } from '../../lib/core/handle.ts';
import { emptyList } from '../../lib/lists/bulk-members.ts';
import { readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.removeAllMembers, async ({ path }, app) => {
  await emptyList(app, await readList(app, path.listId));
  return undefined;
});
