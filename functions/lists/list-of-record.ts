import { handle } from '../../lib/core/handle.ts';
import { membershipsOf } from '../../lib/lists/members.ts';
import { readLists } from '../../lib/lists/store.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.listOfRecord, async ({ path }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectTypeId);
  const memberships = await membershipsOf(app, { objectType: objectTypeId, id: path.recordId });
  const added = new Map(memberships.map(({ listId, addedAt }) => [listId, addedAt]));
  const found = await readLists(app, [...added.keys()]);
  return {
    results: found.map(({ listId, listVersion, createdAt }) => {
      const addedAt = added.get(listId) ?? createdAt;
      return { listId, listVersion, isPublicList: true, firstAddedTimestamp: addedAt, lastAddedTimestamp: addedAt };
    }),
  };
});
