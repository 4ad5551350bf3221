import { CrmError } from '../core/errors.ts';
import type { PropertyDefinition } from '../objects/definition.ts';
import { standardTypeOf } from '../objects/object-types.ts';
import { customGroupOf, customPropertiesOf } from '../objects/standard-properties/properties.ts';
import { createProperty, type At as PropertyAt } from '../properties/property.ts';
import { autoAssociations } from './association.ts';
import type { SchemaCreate, SchemaPatch } from './input.ts';
import type { CustomType } from './schema.ts';

export type At = PropertyAt & { readonly portalId: number };

/** Numbers that were not drawn yet. */
export type Counter = { readonly nextType: number; readonly nextAssociation: number };

type Created = {
  readonly type: CustomType;
  readonly properties: readonly PropertyDefinition[];
  readonly counter: Counter;
};

/** A new custom type with its properties and the association types that it has from the start. @throws CrmError 400, 409 */
export function createType(input: SchemaCreate, existing: readonly CustomType[], counter: Counter, at: At): Created {
  requireFreeName(input.name, existing);
  const objectTypeId = `2-${counter.nextType}`;
  const properties = createProperties(input, objectTypeId, at);
  const associations = autoAssociations(
    objectTypeId,
    input.associatedObjects,
    existing,
    counter.nextAssociation,
    at.now,
  );
  const type = {
    objectTypeId,
    name: input.name,
    fullyQualifiedName: `p${at.portalId}_${input.name}`,
    labels: input.labels,
    ...(input.description && { description: input.description }),
    primaryDisplayProperty: input.primaryDisplayProperty ?? properties[0]?.name ?? 'hs_object_id',
    secondaryDisplayProperties: input.secondaryDisplayProperties,
    requiredProperties: input.requiredProperties,
    searchableProperties: input.searchableProperties,
    associations,
    createdAt: at.now,
    updatedAt: at.now,
    ...(at.actor.kind === 'user' && { createdByUserId: Number(at.actor.id), updatedByUserId: Number(at.actor.id) }),
    archived: false,
  };
  requireKnown(type, new Set([...customPropertiesOf(input.name), ...properties].map(({ name }) => name)));
  return {
    type,
    properties,
    counter: { nextType: counter.nextType + 1, nextAssociation: counter.nextAssociation + associations.length },
  };
}

/** What a PATCH makes of a type; its name and id stay. `properties` are the names of its live properties. */
export function patchType(
  type: CustomType,
  { clearDescription, labels, ...changes }: SchemaPatch,
  properties: ReadonlySet<string>,
  { now, actor }: At,
): CustomType {
  const { description: _, ...bare } = type;
  const patched = {
    ...(clearDescription ? bare : type),
    ...changes,
    labels: { ...type.labels, ...labels },
    updatedAt: now,
    ...(actor.kind === 'user' && { updatedByUserId: Number(actor.id) }),
  };
  requireKnown(patched, properties);
  return patched;
}

function requireFreeName(name: string, existing: readonly CustomType[]): void {
  if (!/^[a-zA-Z][a-zA-Z0-9_]{0,49}$/.test(name)) {
    throw invalid(
      `Object type name '${name}' must begin with a letter and hold only letters, digits and underscores, at most 50`,
      name,
    );
  }
  const taken = standardTypeOf(name) ?? existing.find((type) => type.name.toLowerCase() === name.toLowerCase());
  if (!taken) return;
  throw new CrmError('OBJECT_ALREADY_EXISTS', `Object type with name '${name}' already exists`, {
    subCategory: 'ObjectSchemaError.OBJECT_TYPE_ALREADY_EXISTS',
    context: { name: [name], objectTypeId: [taken.objectTypeId] },
  });
}

function createProperties(input: SchemaCreate, objectTypeId: string, at: At): PropertyDefinition[] {
  const properties = new Map(customPropertiesOf(input.name).map((property) => [property.name, property]));
  const group = customGroupOf(input.name);
  return input.properties.map((given) => {
    if (given.groupName !== undefined && given.groupName !== group)
      throw invalid(`Property group '${given.groupName}' does not exist`, given.groupName);
    const created = createProperty(
      { objectTypeId, properties, archivedProperties: new Map() },
      { ...given, groupName: group },
      at,
    );
    properties.set(created.name, created);
    return created;
  });
}

function requireKnown(
  { primaryDisplayProperty, secondaryDisplayProperties, requiredProperties, searchableProperties }: CustomType,
  known: ReadonlySet<string>,
): void {
  const unknown = [
    primaryDisplayProperty,
    ...secondaryDisplayProperties,
    ...requiredProperties,
    ...searchableProperties,
  ].filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw invalid(
      `The schema names properties that it does not have: [${[...new Set(unknown)].join(', ')}]`,
      ...new Set(unknown),
    );
}

const invalid = (message: string, ...names: string[]) =>
  new CrmError('VALIDATION_ERROR', message, {
    subCategory: 'ObjectSchemaError.INVALID_SCHEMA',
    context: { propertyName: names },
  });
