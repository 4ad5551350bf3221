import { handle } from '../../lib/core/handle.ts';
import { required } from '../../lib/lists/errors.ts';
import { readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.mapId, async ({ query }, app) => {
  const { listId } = await readList(app, required(query.legacyListId, 'legacyListId'));
  return { listId, legacyListId: listId };
});
