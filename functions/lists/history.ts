import { handle } from '../../lib/core/handle.ts';
import { listHistory } from '../../lib/lists/history.ts';
import { readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.history, async ({ path, query }, app) => {
  await readList(app, path.listId);
  return listHistory(app, path.listId, query);
});
