import { handle } from '../../lib/core/handle.ts';
import { readUser } from '../../lib/users/store.ts';
import { toPublicUser } from '../../lib/users/user.ts';
import { users } from './operations.ts';

export const handler = handle(users.get, async ({ path, query }, app) =>
  toPublicUser(await readUser(app, { ...path, ...query })),
);
