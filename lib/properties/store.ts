import type { App } from '../core/app.ts';
import type { PropertyDefinition } from '../objects/definition.ts';
import { type Definitions, loadDefinitions } from '../objects/definition-store.ts';
import { changeDefinitions } from '../objects/definition-turn.ts';
import type { PropertyGroup } from '../objects/standard-properties/properties.ts';
import { propertyGroupKey, propertyKey } from '../table/keys.ts';
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

/** Within the hundred writes of a transaction, one of which is the turn. */
const writesAtOnce = 99;

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
    return { result: definition, writes: [putProperty(type, input.name, { definition })] };
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
    const known = type.overrides.get(name);
    const content = before.hubspotDefined
      ? { override: { ...known, ...changesOf(before, input, at) } }
      : { definition: result };
    return { result, writes: [putProperty(type, name, content)] };
  });

/** Takes a property out of use; its values stay on the records. @throws CrmError 400, 404 */
export const removeProperty = (app: App, objectType: string, name: string): Promise<void> =>
  changing(app, objectType, (type, at) => {
    if (type.archivedProperties.has(name)) return { result: undefined, writes: [] };
    return { result: undefined, writes: [putArchived(type, propertyOf(type, name), at)] };
  });

/** Takes all of the properties out of use or none; names that are not there are as good as archived. @throws CrmError 400 */
export async function removeProperties(app: App, objectType: string, names: readonly string[]): Promise<void> {
  let left = true;
  while (left) {
    left = await changing(app, objectType, (type, at) => {
      const live = [...new Set(names)].flatMap((name) => type.properties.get(name) ?? []);
      const writes = live.map((definition) => putArchived(type, definition, at));
      return { result: writes.length > writesAtOnce, writes: writes.slice(0, writesAtOnce) };
    });
  }
}

const putArchived = (type: Definitions, definition: PropertyDefinition, at: At): Write =>
  putProperty(type, definition.name, { definition: archiveProperty(type, definition, at) });

export const insertGroup = (app: App, objectType: string, input: GroupCreate): Promise<PropertyGroup> =>
  changing(app, objectType, (type) => saved(type, createGroup(type, input)));

export const updateGroup = (app: App, objectType: string, name: string, input: GroupUpdate): Promise<PropertyGroup> =>
  changing(app, objectType, (type) => saved(type, patchGroup(type, name, input)));

export const removeGroup = (app: App, objectType: string, name: string): Promise<PropertyGroup> =>
  changing(app, objectType, (type) => saved(type, archiveGroup(type, name)));

/** Decides by the definitions as they are now, and keeps other changes of them out meanwhile. */
async function changing<T>(
  app: App,
  objectType: string,
  decide: (type: Definitions, at: At) => { readonly result: T; readonly writes: readonly Write[] },
): Promise<T> {
  const { objectTypeId } = await loadDefinitions(app, objectType);
  return changeDefinitions(app, objectTypeId, async () =>
    decide(await readDefinitions(app, objectTypeId), { now: app.now(), actor: app.actor }),
  );
}

const saved = ({ objectTypeId }: Definitions, group: PropertyGroup) => {
  const write: Write = { put: { ...propertyGroupKey(objectTypeId, group.name), entity: 'property-group', ...group } };
  return { result: group, writes: [write] };
};

const putProperty = (
  { objectTypeId }: Definitions,
  name: string,
  content: Pick<StoredProperty, 'definition' | 'override'>,
): Write => ({ put: { ...propertyKey(objectTypeId, name), entity: 'property', name, ...content } });
