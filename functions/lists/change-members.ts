import { handle } from '../../lib/core/handle.ts';
import { changeMembers } from '../../lib/lists/members.ts';
import { readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.changeMembers, async ({ path, body }, app) =>
  changeMembers(app, await readList(app, path.listId), { add: body.recordIdsToAdd, remove: body.recordIdsToRemove }),
);
