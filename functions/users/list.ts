import { handle } from '../../lib/core/handle.ts';
import { pageOf, sliceOf } from '../../lib/core/page.ts';
import { listUsers } from '../../lib/users/store.ts';
import { toPublicUser } from '../../lib/users/user.ts';
import { users } from './operations.ts';

export const handler = handle(users.list, async ({ query, request }, app) => {
  const active = (await listUsers(app)).filter(({ archived }) => !archived);
  const { results, after } = sliceOf(active, query.after, query.limit);
  return pageOf(results.map(toPublicUser), after, request);
});
