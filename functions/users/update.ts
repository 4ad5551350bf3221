import { handle } from '../../lib/core/handle.ts';
import { updateUser } from '../../lib/users/store.ts';
import { toPublicUser } from '../../lib/users/user.ts';
import { users } from './operations.ts';

export const handler = handle(users.update, async ({ path, query, body }, app) =>
  toPublicUser(await updateUser(app, { ...path, ...query }, body)),
);
