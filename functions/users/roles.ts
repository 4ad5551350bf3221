import { handle } from '../../lib/core/handle.ts';
import { users } from './operations.ts';

/** There are no roles: what somebody may do is in the scopes of the access token. */
export const handler = handle(users.roles, async () => ({ results: [] }));
