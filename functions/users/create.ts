import { handle } from '../../lib/core/handle.ts';
import { createUser } from '../../lib/users/store.ts';
import { toPublicUser } from '../../lib/users/user.ts';
import { users } from './operations.ts';

export const handler = handle(users.create, async ({ body }, app) => toPublicUser(await createUser(app, body)));
