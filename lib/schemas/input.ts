import * as z from 'zod/mini';
import { PropertyCreate } from '../properties/input.ts';
import { Labels } from './schema.ts';

const names = z.array(z.string()).check(z.maxLength(100));
const searchable = z.array(z.string()).check(z.maxLength(20, 'takes at most 20 properties'));

/** A property of a new type stands in the type's own group unless it names another. */
const SchemaProperty = z.extend(PropertyCreate, { groupName: z.optional(z.string()) });

export const SchemaCreate = z.object({
  name: z.string(),
  labels: Labels,
  description: z.optional(z.string()),
  primaryDisplayProperty: z.optional(z.string()),
  secondaryDisplayProperties: z._default(names, []),
  requiredProperties: z._default(names, []),
  searchableProperties: z._default(searchable, []),
  properties: z.array(SchemaProperty).check(z.maxLength(90, 'takes at most 90 properties; add the others afterwards')),
  associatedObjects: z._default(z.array(z.string()).check(z.maxLength(50)), []),
});
export type SchemaCreate = z.output<typeof SchemaCreate>;

export const SchemaPatch = z.object({
  labels: z.optional(Labels),
  description: z.optional(z.string()),
  clearDescription: z.optional(z.boolean()),
  primaryDisplayProperty: z.optional(z.string()),
  secondaryDisplayProperties: z.optional(names),
  requiredProperties: z.optional(names),
  searchableProperties: z.optional(searchable),
});
export type SchemaPatch = z.output<typeof SchemaPatch>;

export const AssociationCreate = z.object({
  fromObjectTypeId: z.string(),
  toObjectTypeId: z.string(),
  name: z.optional(z.string().check(z.maxLength(200))),
});
export type AssociationCreate = z.output<typeof AssociationCreate>;

export const SchemaBatchRead = z.object({
  inputs: z.array(z.string()).check(z.maxLength(100)),
  includeAssociationDefinitions: z.boolean(),
  includeAuditMetadata: z.boolean(),
  includePropertyDefinitions: z.boolean(),
});
