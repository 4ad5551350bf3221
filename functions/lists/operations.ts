import * as z from 'zod/mini';
import { After } from '../../lib/associations/schema.ts';
import { operations, workers } from '../../lib/core/operation.ts';
import { limitOf, Paging } from '../../lib/core/page.ts';
import {
  ListCreate,
  ListPath,
  MembershipChange,
  MembershipsUpdate,
  PublicList,
  RecordIds,
} from '../../lib/lists/schema.ts';

const read = 'crm.lists.read';
const write = 'crm.lists.write';
const one = z.object({ list: PublicList });
const members = 'GET /crm/v3/lists/{listId}/memberships';

export const lists = operations('lists', {
  create: {
    route: 'POST /crm/v3/lists',
    summary: 'Make a list that people fill',
    scope: write,
    body: ListCreate,
    status: 200,
    output: one,
    uses: ['table:read', 'table:write'],
  },
  listByIds: {
    route: 'GET /crm/v3/lists',
    summary: 'Read lists by id',
    scope: read,
    query: z.object({ listIds: z.optional(z.string()), includeFilters: z.optional(z.string()) }),
    status: 200,
    output: z.object({ lists: z.array(PublicList) }),
    uses: ['table:read'],
  },
  get: {
    route: 'GET /crm/v3/lists/{listId}',
    summary: 'Read a list',
    scope: read,
    path: ListPath,
    query: z.object({ includeFilters: z.optional(z.string()) }),
    status: 200,
    output: one,
    uses: ['table:read'],
  },
  remove: {
    route: 'DELETE /crm/v3/lists/{listId}',
    summary: 'Delete a list; its records stay',
    scope: write,
    path: ListPath,
    status: 204,
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  listMembers: {
    route: members,
    summary: 'Members of a list, by record id',
    scope: read,
    path: ListPath,
    query: z.object({ after: z.optional(After), limit: limitOf(100, 250) }),
    status: 200,
    output: z.object({
      results: z.array(z.object({ recordId: z.string(), membershipTimestamp: z.string() })),
      paging: z.optional(Paging),
    }),
    uses: ['table:read'],
  },
  addMembers: {
    route: 'PUT /crm/v3/lists/{listId}/memberships/add',
    summary: 'Put records into a list',
    scope: write,
    path: ListPath,
    body: RecordIds,
    status: 200,
    output: MembershipsUpdate,
    uses: ['table:read', 'table:write'],
  },
  removeMembers: {
    route: 'PUT /crm/v3/lists/{listId}/memberships/remove',
    summary: 'Take records out of a list',
    scope: write,
    path: ListPath,
    body: RecordIds,
    status: 200,
    output: MembershipsUpdate,
    uses: ['table:read', 'table:write'],
  },
  changeMembers: {
    route: 'PUT /crm/v3/lists/{listId}/memberships/add-and-remove',
    summary: 'Put records into a list and take others out',
    scope: write,
    path: ListPath,
    body: MembershipChange,
    status: 200,
    output: MembershipsUpdate,
    uses: ['table:read', 'table:write'],
  },
  listOfRecord: {
    route: 'GET /crm/v3/lists/records/{objectTypeId}/{recordId}/memberships',
    summary: 'The lists that a record is in',
    scope: read,
    path: z.object({ objectTypeId: z.string(), recordId: z.string() }),
    status: 200,
    output: z.object({
      results: z.array(
        z.object({
          listId: z.string(),
          listVersion: z.number(),
          isPublicList: z.boolean(),
          firstAddedTimestamp: z.string(),
          lastAddedTimestamp: z.string(),
        }),
      ),
    }),
    uses: ['table:read'],
  },
});

export const listsWorkers = workers('lists', {
  check: {
    summary: 'Looks at records again that time alone may bring into a list, or take out of it',
    uses: ['table:read', 'table:write'],
    timeoutSeconds: 30,
  },
});
