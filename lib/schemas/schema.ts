import * as z from 'zod/mini';

export const Labels = z.object({ singular: z.optional(z.string()), plural: z.optional(z.string()) });

/** One direction in which records of a custom type may be associated. */
export const AssociationDefinition = z.object({
  id: z.string(),
  fromObjectTypeId: z.string(),
  toObjectTypeId: z.string(),
  name: z.nullable(z.string()),
  cardinality: z.string(),
  inverseCardinality: z.string(),
  createdAt: z.optional(z.string()),
  updatedAt: z.optional(z.string()),
});
export type AssociationDefinition = z.output<typeof AssociationDefinition>;

/** A custom object type as it is stored; its properties are stored like those of every type. */
export const CustomType = z.object({
  objectTypeId: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  labels: Labels,
  description: z.optional(z.string()),
  primaryDisplayProperty: z.string(),
  secondaryDisplayProperties: z.array(z.string()),
  requiredProperties: z.array(z.string()),
  searchableProperties: z.array(z.string()),
  associations: z.array(AssociationDefinition),
  createdAt: z.string(),
  updatedAt: z.string(),
  createdByUserId: z.optional(z.number()),
  updatedByUserId: z.optional(z.number()),
  archived: z.boolean(),
});
export type CustomType = z.output<typeof CustomType>;
