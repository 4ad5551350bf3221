import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { labelPartition, schemaPartition } from '../table/keys.ts';
import { AssociationCategory } from './schema.ts';
import { type AssociationType, hubspotAssociates, hubspotDefined, hubspotDefinedById } from './types.ts';

/** A label as it is stored, once for each direction. */
export const StoredLabel = z.object({
  typeId: z.number(),
  category: AssociationCategory,
  fromObjectType: z.string(),
  toObjectType: z.string(),
  name: z.string(),
  label: z.string(),
  inverseTypeId: z.number(),
});

/** What the schema of a custom type says about its associations: two rows for each pair, one for each direction. */
const StoredSchema = z.object({
  associations: z.optional(
    z.array(z.object({ id: z.string(), name: z.string(), fromObjectTypeId: z.string(), toObjectTypeId: z.string() })),
  ),
});

/** Every type of association of the account. */
export class AssociationTypes {
  private readonly types: ReadonlyMap<number, AssociationType>;

  constructor(types: readonly AssociationType[]) {
    this.types = new Map(types.map((type) => [type.typeId, type]));
  }

  byId(typeId: number): AssociationType | undefined {
    return this.types.get(typeId);
  }

  between(fromObjectType: string, toObjectType: string): readonly AssociationType[] {
    return [...this.types.values()].filter(
      (type) => type.fromObjectType === fromObjectType && type.toObjectType === toObjectType,
    );
  }

  /** The same types as they are called from the other record. A label that was deleted meanwhile has no other side any more. */
  inverse(typeIds: readonly number[]): number[] {
    return sorted(typeIds.flatMap((typeId) => this.byId(typeId)?.inverseTypeId ?? []));
  }

  /** The unlabelled type between two object types. @throws CrmError 400 for a pair that cannot be associated. */
  default(fromObjectType: string, toObjectType: string): AssociationType {
    const found = this.between(fromObjectType, toObjectType).find((type) => type.isDefault);
    if (found) return found;
    throw new CrmError('VALIDATION_ERROR', `No association type exists between ${fromObjectType} and ${toObjectType}`, {
      subCategory: 'crm.associations.INVALID_ASSOCIATION_TYPE',
      context: { fromObjectType: [fromObjectType], toObjectType: [toObjectType] },
    });
  }
}

export const sorted = (typeIds: Iterable<number>): number[] => [...new Set(typeIds)].sort((a, b) => a - b);

const hubspotOnly = new AssociationTypes(hubspotDefined);
const cachedMs = 5000;
let cache: { readonly types: AssociationTypes; readonly until: number } | undefined;

/** HubSpot's types, those of custom object types, and labels; as they were up to five seconds ago unless `fresh`. */
export async function loadAssociationTypes(app: App, { fresh = false } = {}): Promise<AssociationTypes> {
  if (!fresh && cache && cache.until > Date.now()) return cache.types;
  const [labels, schemas] = await Promise.all([
    app.table.all({ pk: labelPartition }, StoredLabel),
    app.table.all({ pk: schemaPartition }, StoredSchema),
  ]);
  const types = new AssociationTypes([
    ...hubspotDefined,
    ...schemas.flatMap(({ associations = [] }) => customTypes(associations)),
    ...labels.map((label) => ({ ...label, isDefault: false })),
  ]);
  cache = { types, until: Date.now() + cachedMs };
  return types;
}

type StoredAssociations = NonNullable<z.output<typeof StoredSchema>['associations']>;

function customTypes(associations: StoredAssociations): AssociationType[] {
  return associations.map(({ id, name, fromObjectTypeId, toObjectTypeId }) => ({
    typeId: Number(id),
    category: 'USER_DEFINED',
    fromObjectType: fromObjectTypeId,
    toObjectType: toObjectTypeId,
    name,
    label: null,
    inverseTypeId: Number(
      associations.find((other) => other.fromObjectTypeId === toObjectTypeId && other.toObjectTypeId === fromObjectTypeId)?.id ?? id,
    ),
    isDefault: true,
  }));
}

/** The types needed to speak about these ids and this pair: no read when HubSpot's own are enough. */
export async function typesFor(
  app: App,
  pair: { fromObjectType: string; toObjectType: string },
  typeIds: readonly number[] = [],
): Promise<AssociationTypes> {
  const known = (types: AssociationTypes) => typeIds.every((typeId) => types.byId(typeId));
  if (hubspotAssociates(pair.fromObjectType, pair.toObjectType) && known(hubspotOnly)) return hubspotOnly;
  const cached = await loadAssociationTypes(app);
  const enough = known(cached) && cached.between(pair.fromObjectType, pair.toObjectType).length > 0;
  return enough ? cached : loadAssociationTypes(app, { fresh: true });
}

/** The type that an inline association names; with it comes the object type of the other record. @throws CrmError 400 */
export async function typeNamed(app: App, fromObjectType: string, typeId: number): Promise<AssociationType> {
  const type =
    hubspotDefinedById(typeId) ??
    (await loadAssociationTypes(app)).byId(typeId) ??
    (await loadAssociationTypes(app, { fresh: true })).byId(typeId);
  if (!type) throw unknownType(typeId);
  if (type.fromObjectType !== fromObjectType) throw wrongDirection(type.fromObjectType, fromObjectType);
  return type;
}

export const unknownType = (typeId: number | string) =>
  new CrmError('VALIDATION_ERROR', `The association type ${typeId} does not exist`, {
    subCategory: 'crm.associations.INVALID_ASSOCIATION_TYPE',
    context: { associationTypeId: [String(typeId)] },
  });

export const wrongDirection = (expected: string, given: string) =>
  new CrmError(
    'VALIDATION_ERROR',
    `invalid from object type ${given} for associations to be created. expected: ${expected}`,
    { subCategory: 'crm.associations.INVALID_ASSOCIATION_TYPE' },
  );
