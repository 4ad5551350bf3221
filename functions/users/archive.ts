import { handle } from '../../lib/core/handle.ts';
import { archiveUser } from '../../lib/users/store.ts';
import { users } from './operations.ts';

export const handler = handle(users.archive, async ({ path, query }, app) => {
  await archiveUser(app, { ...path, ...query });
  return undefined;
});
