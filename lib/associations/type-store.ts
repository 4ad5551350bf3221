import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { cached, isNews } from '../objects/definition-cache.ts';
import { standardTypeOf } from '../objects/object-types.ts';
import type { CustomType } from '../schemas/schema.ts';
import { loadCustomTypes } from '../schemas/types.ts';
import { labelPartition } from '../table/keys.ts';
import { AssociationCategory } from './schema.ts';
import { type AssociationType, hubspotAssociates, hubspotDefined, hubspotDefinedById } from './types.ts';

/** A label as it is stored, once for each direction. */
const StoredLabel = z.object({
  typeId: z.number(),
  category: AssociationCategory,
  fromObjectType: z.string(),
  toObjectType: z.string(),
  name: z.string(),
  label: z.string(),
  inverseTypeId: z.number(),
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

/** HubSpot's types, those of custom object types, and labels; as they were up to some seconds ago unless `fresh`. */
export const loadAssociationTypes = (app: App, options: { fresh?: boolean } = {}): Promise<AssociationTypes> =>
  cached('associations', 'types', () => readAssociationTypes(app), options);

const current = new WeakMap<App, Promise<AssociationTypes>>();

/**
 * The types as they are at this request, read once for it: a label that was deleted before is not given to a pair. (A condition on the
 * label's row would make every two writers of one label wait for each other.)
 */
export function currentTypes(app: App): Promise<AssociationTypes> {
  const known = current.get(app) ?? loadAssociationTypes(app, { fresh: true });
  current.set(app, known);
  return known;
}

async function readAssociationTypes(app: App): Promise<AssociationTypes> {
  const [labels, schemas] = await Promise.all([
    app.table.all({ pk: labelPartition }, StoredLabel),
    loadCustomTypes(app, { fresh: true }),
  ]);
  return new AssociationTypes([
    ...hubspotDefined,
    ...customTypes(schemas),
    ...labels.map((label) => ({ ...label, isDefault: false })),
  ]);
}

/**
 * The types of custom object types, from their schemas. The first one of a pair is its unlabelled type; the ways there and back stand
 * in the same order, so that the second one there is the second one back.
 */
function customTypes(schemas: readonly CustomType[]): AssociationType[] {
  const words = new Map(schemas.map(({ objectTypeId, fullyQualifiedName }) => [objectTypeId, fullyQualifiedName]));
  const word = (objectType: string) => standardTypeOf(objectType)?.singular ?? words.get(objectType) ?? objectType;
  const rows = new Map(schemas.flatMap(({ associations }) => associations.map((row) => [row.id, row])));
  const pairs = Map.groupBy(rows.values(), (row) => `${row.fromObjectTypeId}#${row.toObjectTypeId}`);
  return [...pairs.values()].flatMap((there) =>
    there.map(({ id, name, fromObjectTypeId, toObjectTypeId }, position) => ({
      typeId: Number(id),
      category: 'USER_DEFINED' as const,
      fromObjectType: fromObjectTypeId,
      toObjectType: toObjectTypeId,
      name: name ?? `${word(fromObjectTypeId)}_to_${word(toObjectTypeId)}`,
      label: position === 0 ? null : name,
      inverseTypeId: Number(pairs.get(`${toObjectTypeId}#${fromObjectTypeId}`)?.[position]?.id ?? id),
      isDefault: position === 0,
    })),
  );
}

/** The types needed to speak about these ids and this pair: no read when HubSpot's own are enough. */
export async function typesFor(
  app: App,
  pair: { fromObjectType: string; toObjectType: string },
  typeIds: readonly number[] = [],
): Promise<AssociationTypes> {
  const unknownTo = (types: AssociationTypes) => typeIds.filter((typeId) => !types.byId(typeId));
  const standard = hubspotAssociates(pair.fromObjectType, pair.toObjectType);
  if (standard && unknownTo(hubspotOnly).length === 0) return hubspotOnly;
  const held = await loadAssociationTypes(app);
  const news = unknownTo(held).filter((typeId) => isNews('associations', typeId));
  const enough = news.length === 0 && held.between(pair.fromObjectType, pair.toObjectType).length > 0;
  return enough ? held : loadAssociationTypes(app, { fresh: true });
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
