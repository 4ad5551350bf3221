import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { type PropertyOverride, StoredGroup, StoredProperty } from '../properties/schema.ts';
import type { CustomType } from '../schemas/schema.ts';
import { customTypeOf, customTypesCache, loadCustomTypes } from '../schemas/types.ts';
import { inParallel } from '../table/in-parallel.ts';
import { propertyPartition } from '../table/keys.ts';
import type { ObjectType, PropertyDefinition } from './definition.ts';
import { cached, forgetDefinitions, heldBefore } from './definition-cache.ts';
import { type StandardType, standardTypeOf, standardTypes } from './object-types.ts';
import {
  customPropertiesOf,
  groupsOf,
  type PropertyGroup,
  standardPropertiesOf,
} from './standard-properties/properties.ts';

/** A type with what only those need who change definitions. */
export type Definitions = ObjectType & {
  readonly groups: readonly PropertyGroup[];
  /** What was changed about properties that HubSpot defines, by name. */
  readonly overrides: ReadonlyMap<string, PropertyOverride>;
};

/**
 * The object type that a path segment names (plural, singular, `0-1`, `2-N`, `p_name`), held for seconds per instance.
 * @throws CrmError 400 as HubSpot words it when there is no such type.
 */
export const loadObjectType = (app: App, segment: string, { fresh = false } = {}): Promise<ObjectType> =>
  loadDefinitions(app, segment, { fresh });

/** Like `loadObjectType`, for those who change definitions. */
export async function loadDefinitions(app: App, segment: string, { fresh = false } = {}): Promise<Definitions> {
  const standard = standardTypeOf(segment);
  if (standard) return cached(standard.objectTypeId, 'type', () => loadStandard(app, standard), { fresh });
  const custom = await findCustomType(app, segment, fresh);
  return cached(custom.objectTypeId, 'type', () => loadCustom(app, custom), { fresh });
}

/**
 * Runs `use` with a type's definitions. When it refuses its input (a 400) by definitions that another request may have changed
 * since they were loaded, they are loaded anew and `use` runs once more: a property made a moment ago is known at once.
 */
export async function withDefinitions<T>(
  app: App,
  segment: string,
  use: (type: ObjectType) => Promise<T> | T,
): Promise<T> {
  const began = performance.now();
  const type = await loadObjectType(app, segment);
  try {
    return await use(type);
  } catch (error) {
    const refused = error instanceof CrmError && error.category === 'VALIDATION_ERROR';
    if (!refused || !heldBefore(type.objectTypeId, began)) throw error;
  }
  forgetDefinitions(type.objectTypeId);
  return use(await loadObjectType(app, segment));
}

/** Every object type that records can have, the standard ones first. */
export async function listObjectTypes(
  app: App,
): Promise<readonly Pick<ObjectType, 'objectTypeId' | 'name' | 'custom' | 'labels'>[]> {
  const custom = await loadCustomTypes(app);
  return [
    ...standardTypes.map(({ objectTypeId, name, labels }) => ({ objectTypeId, name, custom: false, labels })),
    ...custom
      .filter(({ archived }) => !archived)
      .map((type) => ({ objectTypeId: type.objectTypeId, name: type.name, custom: true, labels: labelsOf(type) })),
  ];
}

/** The definitions of every object type, a few at a time. */
export async function loadEveryType(app: App): Promise<ObjectType[]> {
  return inParallel(await listObjectTypes(app), 8, ({ objectTypeId }) => loadObjectType(app, objectTypeId));
}

async function findCustomType(app: App, segment: string, fresh: boolean): Promise<CustomType> {
  const began = performance.now();
  const known = customTypeOf(await loadCustomTypes(app, { fresh }), segment);
  if (known) return known;
  const found = heldBefore(customTypesCache, began)
    ? customTypeOf(await loadCustomTypes(app, { fresh: true }), segment)
    : undefined;
  if (!found) throw unknownType(segment);
  return found;
}

export const unknownType = (segment: string) =>
  new CrmError('VALIDATION_ERROR', `Unable to infer object type from: ${segment}`);

async function loadStandard(app: App, type: StandardType): Promise<Definitions> {
  const properties = standardPropertiesOf(type);
  return assemble(app, properties, type.labels.singular, {
    portalId: app.portalId,
    custom: false,
    objectTypeId: type.objectTypeId,
    name: type.name,
    singular: type.singular,
    labels: type.labels,
    requiredProperties: type.requiredProperties,
    defaultProperties: type.defaultProperties,
    searchableProperties: type.searchableProperties,
    createdProperty: type.createdProperty,
    modifiedProperty: type.modifiedProperty,
    primaryDisplayProperty: type.primaryDisplayProperty,
    ...(type.pipeline && { pipeline: type.pipeline }),
  });
}

async function loadCustom(app: App, type: CustomType): Promise<Definitions> {
  return assemble(app, customPropertiesOf(type.name), labelsOf(type).singular, {
    portalId: app.portalId,
    custom: true,
    objectTypeId: type.objectTypeId,
    name: type.name,
    singular: type.name,
    fullyQualifiedName: type.fullyQualifiedName,
    labels: labelsOf(type),
    requiredProperties: type.requiredProperties,
    defaultProperties: ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    searchableProperties: type.searchableProperties,
    createdProperty: 'hs_createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    primaryDisplayProperty: type.primaryDisplayProperty,
    pipeline: { pipelineProperty: 'hs_pipeline', stageProperty: 'hs_pipeline_stage' },
  });
}

const labelsOf = ({ labels, name }: CustomType) => ({
  singular: labels.singular ?? name,
  plural: labels.plural ?? labels.singular ?? name,
});

const StoredItem = z.union([StoredGroup, StoredProperty]);

async function assemble(
  app: App,
  builtIn: readonly PropertyDefinition[],
  label: string,
  facts: Omit<ObjectType, 'properties' | 'archivedProperties'>,
): Promise<Definitions> {
  const items = await app.table.all({ pk: propertyPartition(facts.objectTypeId) }, StoredItem);
  const stored = items.filter((item): item is StoredProperty => !isGroup(item));
  const overrides = new Map(stored.flatMap(({ name, override }) => (override ? [[name, override] as const] : [])));
  const rules = new Map(stored.flatMap(({ name, rules }) => (rules ? [[name, rules] as const] : [])));
  const all = [
    ...builtIn.map((property) => ({ ...property, ...overrides.get(property.name) })),
    ...stored.flatMap(({ definition }) => definition ?? []),
  ].map((property) => ({ ...property, validationRules: rules.get(property.name) ?? [] }));
  return {
    ...facts,
    properties: byName(all.filter(({ archived }) => !archived)),
    archivedProperties: byName(all.filter(({ archived }) => archived)),
    groups: mergeGroups(groupsOf(builtIn, label), items.filter(isGroup)),
    overrides,
  };
}

const isGroup = (item: z.output<typeof StoredItem>): item is StoredGroup => item.sk.startsWith('group#');

const byName = (properties: readonly PropertyDefinition[]) =>
  new Map(properties.map((property) => [property.name, property]));

function mergeGroups(builtIn: readonly PropertyGroup[], stored: readonly StoredGroup[]): readonly PropertyGroup[] {
  const own = stored.map(({ sk: _, ...group }) => group);
  return [...builtIn.filter(({ name }) => !own.some((group) => group.name === name)), ...own];
}
