import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { BooleanText, ObjectTypePath } from '../../lib/objects/schema.ts';
import { AssociationCreate, SchemaBatchRead, SchemaCreate, SchemaPatch } from '../../lib/schemas/input.ts';
import { PublicAssociation, PublicDefinition, PublicSchema, SchemaQuery } from '../../lib/schemas/public.ts';

const read = { scope: 'crm.schemas.custom.read', status: 200, uses: ['table:read'] } as const;
const write = { scope: 'crm.schemas.custom.write', status: 200, uses: ['table:read', 'table:write'] } as const;
const schemaList = z.object({ results: z.array(PublicSchema) });

export const schemas = operations('schemas', {
  list: {
    ...read,
    route: 'GET /crm-object-schemas/v3/schemas',
    summary: 'The schemas of all custom object types',
    query: SchemaQuery,
    output: schemaList,
  },
  create: {
    ...write,
    route: 'POST /crm-object-schemas/v3/schemas',
    summary: 'Create a custom object type with its properties',
    body: SchemaCreate,
    status: 201,
    output: PublicSchema,
  },
  batchRead: {
    ...read,
    route: 'POST /crm-object-schemas/v3/schemas/batch/read',
    summary: 'Read up to 100 schemas by type',
    body: SchemaBatchRead,
    output: schemaList,
  },
  get: {
    ...read,
    route: 'GET /crm-object-schemas/v3/schemas/{objectType}',
    summary: "An object type's schema",
    scope: 'crm.schemas.{objectType}.read',
    path: ObjectTypePath,
    query: SchemaQuery,
    output: PublicSchema,
  },
  update: {
    ...write,
    route: 'PATCH /crm-object-schemas/v3/schemas/{objectType}',
    summary: 'Change a custom object type; when it is searched by other properties, a job indexes its records anew',
    path: ObjectTypePath,
    body: SchemaPatch,
    output: PublicDefinition,
  },
  archive: {
    ...write,
    route: 'DELETE /crm-object-schemas/v3/schemas/{objectType}',
    summary: 'Archive a custom object type; `archived=true` deletes it for good',
    path: ObjectTypePath,
    query: z.object({ archived: z.optional(BooleanText) }),
    status: 204,
  },
  createAssociation: {
    ...write,
    route: 'POST /crm-object-schemas/v3/schemas/{objectType}/associations',
    summary: 'Let records of a custom type be associated with another type',
    path: ObjectTypePath,
    body: AssociationCreate,
    status: 201,
    output: PublicAssociation,
  },
  archiveAssociation: {
    ...write,
    route: 'DELETE /crm-object-schemas/v3/schemas/{objectType}/associations/{associationIdentifier}',
    summary: 'Take an association type from a custom type',
    path: z.extend(ObjectTypePath, { associationIdentifier: z.string() }),
    status: 204,
  },
});
