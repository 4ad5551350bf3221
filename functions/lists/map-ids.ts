import { handle } from '../../lib/core/handle.ts';
import { readLists } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.mapIds, async ({ body }, app) => {
  const ids = [...new Set(body)];
  const known = new Set((await readLists(app, ids)).map(({ listId }) => listId));
  return {
    legacyListIdsToIdsMapping: ids.filter((id) => known.has(id)).map((id) => ({ listId: id, legacyListId: id })),
    missingLegacyListIds: ids.filter((id) => !known.has(id)),
  };
});
