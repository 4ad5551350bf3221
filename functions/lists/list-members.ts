import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { membersOf, readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.listMembers, async ({ path, query, request }, app) => {
  await readList(app, path.listId);
  const { members, after } = await membersOf(app, path.listId, query);
  const results = members.map(({ recordId, addedAt }) => ({ recordId, membershipTimestamp: addedAt }));
  return pageOf(results, after, request);
});
