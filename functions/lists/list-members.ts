import { handle } from '../../lib/core/handle.ts';
import { memberCollection, membersOf } from '../../lib/lists/member-pages.ts';
import { readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.listMembers, async ({ path, query, request }, app) => {
  await readList(app, path.listId);
  return memberCollection(await membersOf(app, path.listId, query), query, request, 'id');
});
