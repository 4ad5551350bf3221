import { handle } from '../../lib/core/handle.ts';
import { memberCollection, membersByJoin } from '../../lib/lists/member-pages.ts';
import { readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.listMembersByJoin, async ({ path, query, request }, app) => {
  await readList(app, path.listId);
  return memberCollection(await membersByJoin(app, path.listId, query), query, request, 'join');
});
