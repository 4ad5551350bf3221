import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicTeam, PublicUser, UserProvision, UserUpdate } from '../../lib/users/user.ts';

const one = {
  path: z.object({ userId: z.string() }),
  query: z.object({ idProperty: z._default(z.enum(['USER_ID', 'EMAIL']), 'USER_ID') }),
};

export const users = operations('users', {
  list: {
    route: 'GET /settings/v3/users',
    also: ['GET /settings/v3/users/'],
    summary: 'List users',
    scope: 'settings.users.read',
    query: z.object({ after: z.optional(cursor), limit: limitOf(100, 500) }),
    status: 200,
    output: z.object({ results: z.array(PublicUser), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  create: {
    route: 'POST /settings/v3/users',
    also: ['POST /settings/v3/users/'],
    summary: 'Add a user, who is an owner too',
    scope: 'settings.users.write',
    body: UserProvision,
    status: 201,
    output: PublicUser,
    uses: ['table:read', 'table:write'],
  },
  get: {
    route: 'GET /settings/v3/users/{userId}',
    summary: 'Read a user by id or e-mail',
    scope: 'settings.users.read',
    ...one,
    status: 200,
    output: PublicUser,
    uses: ['table:read'],
  },
  update: {
    route: 'PUT /settings/v3/users/{userId}',
    also: ['PATCH /settings/v3/users/{userId}'],
    summary: "Change a user's name and teams",
    scope: 'settings.users.write',
    ...one,
    body: UserUpdate,
    status: 200,
    output: PublicUser,
    uses: ['table:read', 'table:write'],
  },
  archive: {
    route: 'DELETE /settings/v3/users/{userId}',
    summary: 'Take a user out of the account',
    scope: 'settings.users.write',
    ...one,
    status: 204,
    uses: ['table:read', 'table:write'],
  },
  roles: {
    route: 'GET /settings/v3/users/roles',
    summary: 'The roles that users can have: none',
    scope: 'settings.users.read',
    status: 200,
    output: z.object({
      results: z.array(z.object({ id: z.string(), name: z.string(), requiresBillingWrite: z.boolean() })),
    }),
    uses: ['table:read'],
  },
  teams: {
    route: 'GET /settings/v3/users/teams',
    summary: 'List teams with their members',
    scope: 'settings.users.teams.read',
    status: 200,
    output: z.object({ results: z.array(PublicTeam) }),
    uses: ['table:read'],
  },
});
