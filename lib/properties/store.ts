import type { App } from '../core/app.ts';
import type { PropertyDefinition } from '../objects/definition.ts';
import { forgetDefinitions } from '../objects/definition-cache.ts';
import { type Definitions, loadDefinitions } from '../objects/definition-store.ts';
import type { PropertyGroup } from '../objects/standard-properties/properties.ts';
import { absent, attributes } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { propertyGroupKey, propertyKey } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';
import type { Write } from '../table/write.ts';
import { archiveGroup, createGroup, patchGroup, requireGroup } from './group.ts';
import type { GroupCreate, GroupUpdate, PropertyCreate, PropertyUpdate } from './input.ts';
import {
  type At,
  archiveProperty,
  changesOf,
  createProperty,
  patchProperty,
  propertyNotFound,
  restoreProperty,
} from './property.ts';
import type { StoredProperty } from './schema.ts';

/** A type's definitions as they are now, past the cache. */
export const readDefinitions = (app: App, objectType: string): Promise<Definitions> =>
  loadDefinitions(app, objectType, { fresh: true });

/** @throws CrmError 404 */
export function propertyOf(type: Definitions, name: string, { archived = false } = {}): PropertyDefinition {
  const definition = (archived ? type.archivedProperties : type.properties).get(name);
  if (!definition) throw propertyNotFound(type.objectTypeId, name);
  return definition;
}

/** Creates a property, or restores an archived one of that name. @throws CrmError 400, 409 */
export const insertProperty = (app: App, objectType: string, input: PropertyCreate): Promise<PropertyDefinition> =>
  changing(app, objectType, (type, at) => {
    requireGroup(type, input.groupName);
    const archived = type.archivedProperties.get(input.name);
    const definition = archived ? restoreProperty(archived, input, at) : createProperty(type, input, at);
    return {
      result: definition,
      writes: [putProperty(type, input.name, { definition }), ...groupStays(type, input.groupName)],
    };
  });

/** Changes a property; of HubSpot's own, only the difference is stored. @throws CrmError 400, 404 */
export const updateProperty = (
  app: App,
  objectType: string,
  name: string,
  input: PropertyUpdate,
): Promise<PropertyDefinition> =>
  changing(app, objectType, (type, at) => {
    const before = propertyOf(type, name);
    if (input.groupName !== undefined) requireGroup(type, input.groupName);
    const result = patchProperty(before, input, at);
    const known = type.stored.get(name)?.override;
    const content = before.hubspotDefined
      ? { override: { ...known, ...changesOf(before, input, at) } }
      : { definition: result };
    return { result, writes: [putProperty(type, name, content), ...groupStays(type, result.groupName)] };
  });

/** Takes a property out of use; its values stay on the records. @throws CrmError 400, 404 */
export const removeProperty = (app: App, objectType: string, name: string): Promise<void> =>
  changing(app, objectType, (type, at) => {
    if (type.archivedProperties.has(name)) return { result: undefined, writes: [] };
    const definition = archiveProperty(type, propertyOf(type, name), at);
    return { result: undefined, writes: [putProperty(type, name, { definition })] };
  });

export const insertGroup = (app: App, objectType: string, input: GroupCreate): Promise<PropertyGroup> =>
  changing(app, objectType, (type) => saved(type, createGroup(type, input)));

export const updateGroup = (app: App, objectType: string, name: string, input: GroupUpdate): Promise<PropertyGroup> =>
  changing(app, objectType, (type) => saved(type, patchGroup(type, name, input)));

export const removeGroup = (app: App, objectType: string, name: string): Promise<PropertyGroup> =>
  changing(app, objectType, (type) => saved(type, archiveGroup(type, name)));

type Decision<T> = { readonly result: T; readonly writes: readonly Write[] };

/** Decides by the definitions as they are now and writes; decides again when somebody else wrote first. */
async function changing<T>(
  app: App,
  objectType: string,
  decide: (type: Definitions, at: At) => Decision<T>,
): Promise<T> {
  const { objectTypeId, result } = await contend(async () => {
    const type = await readDefinitions(app, objectType);
    const decision = decide(type, { now: app.now(), actor: app.actor });
    await app.table.commit(decision.writes).catch((error: unknown) => {
      throw error instanceof ConditionFailed ? new StaleRead() : error;
    });
    return { objectTypeId: type.objectTypeId, result: decision.result };
  });
  forgetDefinitions(objectTypeId);
  return result;
}

const saved = (type: Definitions, group: PropertyGroup): Decision<PropertyGroup> => {
  const version = type.storedGroups.get(group.name)?.version ?? 0;
  const key = propertyGroupKey(type.objectTypeId, group.name);
  return {
    result: group,
    writes: [{ put: { ...key, entity: 'property-group', ...group, version: version + 1 }, when: unchanged(version) }],
  };
};

function putProperty(type: Definitions, name: string, content: Pick<StoredProperty, 'definition' | 'override'>): Write {
  const version = type.stored.get(name)?.version ?? 0;
  return {
    put: { ...propertyKey(type.objectTypeId, name), entity: 'property', name, version: version + 1, ...content },
    when: unchanged(version),
  };
}

const unchanged = (version: number) => (version === 0 ? absent : attributes({ version }));

/** A stored group must still be there when the property that stands in it is written; the ones in code always are. */
const groupStays = (type: Definitions, name: string): Write[] =>
  type.storedGroups.has(name)
    ? [{ check: propertyGroupKey(type.objectTypeId, name), when: attributes({ archived: false }) }]
    : [];
