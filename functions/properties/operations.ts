import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { batchOf, ObjectTypePath } from '../../lib/objects/schema.ts';
import { GroupCreate, GroupUpdate, PropertyCreate, PropertyUpdate } from '../../lib/properties/input.ts';
import {
  GroupPath,
  PropertyBatchArchive,
  PropertyBatchCreate,
  PropertyBatchRead,
  PropertyPath,
  PropertyQuery,
  PublicGroup,
  PublicProperty,
} from '../../lib/properties/public.ts';

const read = { scope: 'crm.schemas.{objectType}.read', status: 200, uses: ['table:read'] } as const;
const write = { scope: 'crm.schemas.{objectType}.write', status: 200, uses: ['table:read', 'table:write'] } as const;

export const properties = operations('properties', {
  list: {
    ...read,
    route: 'GET /crm/v3/properties/{objectType}',
    summary: 'All properties of an object type',
    path: ObjectTypePath,
    query: PropertyQuery,
    output: z.object({ results: z.array(PublicProperty) }),
  },
  create: {
    ...write,
    route: 'POST /crm/v3/properties/{objectType}',
    summary: 'Create a property, or restore an archived one of that name',
    path: ObjectTypePath,
    body: PropertyCreate,
    status: 201,
    output: PublicProperty,
  },
  get: {
    ...read,
    route: 'GET /crm/v3/properties/{objectType}/{propertyName}',
    summary: 'A property',
    path: PropertyPath,
    query: PropertyQuery,
    output: PublicProperty,
  },
  update: {
    ...write,
    route: 'PATCH /crm/v3/properties/{objectType}/{propertyName}',
    summary: 'Change a property; options are replaced as a whole',
    path: PropertyPath,
    body: PropertyUpdate,
    output: PublicProperty,
  },
  archive: {
    ...write,
    route: 'DELETE /crm/v3/properties/{objectType}/{propertyName}',
    summary: 'Archive a property; its values stay on the records',
    path: PropertyPath,
    status: 204,
  },
  batchCreate: {
    ...write,
    route: 'POST /crm/v3/properties/{objectType}/batch/create',
    summary: 'Create up to 100 properties',
    path: ObjectTypePath,
    body: PropertyBatchCreate,
    status: [201, 207],
    output: batchOf(PublicProperty),
  },
  batchRead: {
    ...read,
    route: 'POST /crm/v3/properties/{objectType}/batch/read',
    summary: 'Read up to 100 properties by name',
    path: ObjectTypePath,
    body: PropertyBatchRead,
    status: [200, 207],
    output: batchOf(PublicProperty),
  },
  batchArchive: {
    ...write,
    route: 'POST /crm/v3/properties/{objectType}/batch/archive',
    summary: 'Archive up to 100 properties by name',
    path: ObjectTypePath,
    body: PropertyBatchArchive,
    repeatable: true,
    status: 204,
  },
  listGroups: {
    ...read,
    route: 'GET /crm/v3/properties/{objectType}/groups',
    summary: 'All property groups of an object type',
    path: ObjectTypePath,
    output: z.object({ results: z.array(PublicGroup) }),
  },
  createGroup: {
    ...write,
    route: 'POST /crm/v3/properties/{objectType}/groups',
    summary: 'Create a property group',
    path: ObjectTypePath,
    body: GroupCreate,
    status: 201,
    output: PublicGroup,
  },
  getGroup: {
    ...read,
    route: 'GET /crm/v3/properties/{objectType}/groups/{groupName}',
    summary: 'A property group',
    path: GroupPath,
    output: PublicGroup,
  },
  updateGroup: {
    ...write,
    route: 'PATCH /crm/v3/properties/{objectType}/groups/{groupName}',
    summary: 'Rename or reorder a property group',
    path: GroupPath,
    body: GroupUpdate,
    output: PublicGroup,
  },
  archiveGroup: {
    ...write,
    route: 'DELETE /crm/v3/properties/{objectType}/groups/{groupName}',
    summary: 'Archive a property group that holds no live property',
    path: GroupPath,
    status: 204,
  },
});
