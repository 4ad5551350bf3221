import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { cursor, flag, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicOwner } from '../../lib/owners/owner.ts';

export const owners = operations('owners', {
  list: {
    route: 'GET /crm/v3/owners',
    also: ['GET /crm/v3/owners/'],
    summary: 'List owners',
    scope: 'crm.objects.owners.read',
    query: z.object({
      email: z.optional(z.string()),
      after: z.optional(cursor),
      limit: limitOf(100, 500),
      archived: flag,
    }),
    status: 200,
    output: z.object({ results: z.array(PublicOwner), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  get: {
    route: 'GET /crm/v3/owners/{ownerId}',
    summary: 'Read an owner by id or by user id',
    scope: 'crm.objects.owners.read',
    path: z.object({ ownerId: z.string() }),
    query: z.object({ idProperty: z._default(z.enum(['id', 'userId']), 'id'), archived: flag }),
    status: 200,
    output: PublicOwner,
    uses: ['table:read'],
  },
});
