import * as z from 'zod/mini';
import type { Definitions } from '../objects/definition-store.ts';
import { standardTypeOf } from '../objects/object-types.ts';
import { BooleanText } from '../objects/schema.ts';
import { PublicProperty } from '../properties/public.ts';
import { associationsOf } from './association.ts';
import { AssociationDefinition, type CustomType, Labels } from './schema.ts';

export const SchemaQuery = z.object({
  archived: z.optional(BooleanText),
  includeAssociationDefinitions: z.optional(BooleanText),
  includeAuditMetadata: z.optional(BooleanText),
  includePropertyDefinitions: z.optional(BooleanText),
});

/** HubSpot shows all of a schema unless a part is declined. */
export type Parts = Omit<z.output<typeof SchemaQuery>, 'archived'>;

const definition = {
  id: z.string(),
  objectTypeId: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  labels: Labels,
  description: z.optional(z.string()),
  primaryDisplayProperty: z.string(),
  secondaryDisplayProperties: z.array(z.string()),
  requiredProperties: z.array(z.string()),
  searchableProperties: z.array(z.string()),
  createdAt: z.optional(z.string()),
  updatedAt: z.optional(z.string()),
  createdByUserId: z.optional(z.number()),
  updatedByUserId: z.optional(z.number()),
  archived: z.boolean(),
};

export const PublicAssociation = AssociationDefinition;
export const PublicDefinition = z.object({ ...definition, portalId: z.number() });
export const PublicSchema = z.object({
  ...definition,
  properties: z.array(PublicProperty),
  associations: z.array(PublicAssociation),
});
type PublicSchema = z.output<typeof PublicSchema>;

/** HubSpot's short id of a type: the number behind the dash, a standard type's id. */
const idOf = (objectTypeId: string) => (standardTypeOf(objectTypeId) ? objectTypeId : objectTypeId.replace('2-', ''));

/** A custom type as the answer to a PATCH shows it. */
export const publicDefinition = (type: CustomType, portalId: number): z.output<typeof PublicDefinition> => ({
  ...type,
  id: idOf(type.objectTypeId),
  portalId,
});

/** A type's schema: a custom one's with its audit, or a standard one's. */
export function publicSchema(
  type: Definitions,
  custom: CustomType | undefined,
  all: readonly CustomType[],
  parts: Parts,
): PublicSchema {
  const { createdByUserId, updatedByUserId, ...shown } = custom ?? standardDefinition(type);
  return {
    ...shown,
    ...(parts.includeAuditMetadata !== false && { createdByUserId, updatedByUserId }),
    id: idOf(type.objectTypeId),
    properties: parts.includePropertyDefinitions === false ? [] : [...type.properties.values()],
    associations: parts.includeAssociationDefinitions === false ? [] : associationsOf(type.objectTypeId, all),
  };
}

function standardDefinition(type: Definitions): Omit<CustomType, 'createdAt' | 'updatedAt' | 'associations'> {
  const { objectTypeId, name, labels, primaryDisplayProperty, requiredProperties, searchableProperties } = type;
  return {
    objectTypeId,
    name: type.singular.toUpperCase(),
    fullyQualifiedName: type.singular.toUpperCase(),
    labels,
    primaryDisplayProperty,
    secondaryDisplayProperties: [],
    requiredProperties: requiredProperties.flatMap((either) => either.split('|').slice(0, 1)),
    searchableProperties: [...searchableProperties],
    archived: false,
    description: `${name} (${labels.plural})`,
  };
}
