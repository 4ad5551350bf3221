import type * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { cached, forgetDefinitions, isNews } from '../objects/definition-cache.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { eventDefinitionKey, eventDefinitionPartition } from '../table/custom-event-keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import {
  type DefinitionInput,
  type DefinitionPatch,
  type EventProperty,
  type EventPropertyInput,
  type EventPropertyPatch,
  StoredDefinition,
} from './schema.ts';

/** HubSpot's limits. */
const mostDefinitions = 500;
const mostProperties = 50;
const cacheName = 'custom-events';
const propertyTypes = ['string', 'number', 'enumeration', 'datetime', 'date', 'bool'];

/** What HubSpot adds when it is asked for the default properties. */
const defaultProperties: readonly EventProperty[] = [
  ['hs_url', 'URL'],
  ['hs_title', 'Title'],
  ['hs_referrer', 'Referrer'],
  ['hs_language', 'Language'],
  ['hs_browser', 'Browser'],
  ['hs_device_name', 'Device name'],
  ['hs_asset_type', 'Asset type'],
  ['hs_asset_description', 'Asset description'],
].map(([name = '', label = '']) => ({ name, label, type: 'string', options: [] }));

const notFound = (name: string) =>
  new CrmError('OBJECT_NOT_FOUND', `No event definition exists with the name '${name}'`, {
    context: { eventName: [name] },
  });

/** Every definition by name, as they were up to some seconds ago unless `fresh`. */
export const listDefinitions = (app: App, options: { fresh?: boolean } = {}): Promise<readonly StoredDefinition[]> =>
  cached(cacheName, 'definitions', () => readAll(app), options);

const readAll = (app: App) => app.table.all({ pk: eventDefinitionPartition, prefix: 'definition#' }, StoredDefinition);

/** The definition by its name or its fully qualified name, known at once after it was made. @throws CrmError 404 */
export async function definitionNamed(app: App, name: string): Promise<StoredDefinition> {
  const find = (all: readonly StoredDefinition[]) =>
    all.find((each) => each.fullyQualifiedName === name || each.name === name);
  const known = find(await listDefinitions(app));
  const found = known ?? (isNews(cacheName, name) ? find(await listDefinitions(app, { fresh: true })) : undefined);
  if (!found) throw notFound(name);
  return found;
}

/** @throws CrmError 404 */
export async function readDefinition(app: App, name: string): Promise<StoredDefinition> {
  const found = await app.table.get(eventDefinitionKey(shortName(app, name)), StoredDefinition);
  if (!found) throw notFound(name);
  return found;
}

const shortName = ({ portalId }: App, name: string) => {
  const prefix = `pe${portalId}_`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
};

export async function createDefinition(app: App, input: DefinitionInput): Promise<StoredDefinition> {
  if ((await listDefinitions(app, { fresh: true })).length >= mostDefinitions)
    throw new CrmError('VALIDATION_ERROR', `There can be at most ${mostDefinitions} event definitions`);
  const type = await loadObjectType(app, (input.primaryObject ?? 'contact').toLowerCase());
  const name = input.name ?? nameFrom(input.label);
  const now = app.now();
  const id = app.newId();
  const definition: StoredDefinition = {
    id,
    name,
    fullyQualifiedName: `pe${app.portalId}_${name}`,
    labels: { singular: input.label, plural: input.label },
    ...(input.description !== undefined && { description: input.description }),
    primaryObject: type.singular.toUpperCase(),
    primaryObjectId: type.objectTypeId,
    objectTypeId: `6-${id}`,
    trackingType: 'MANUAL',
    properties: distinct([
      ...(input.includeDefaultProperties ? defaultProperties : []),
      ...input.propertyDefinitions.map(propertyOf),
    ]),
    associations: [],
    archived: false,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  await commitOrThrow(app.table, [
    {
      write: { put: { ...eventDefinitionKey(name), entity: 'event-definition', ...definition }, when: absent },
      refused: () => new CrmError('CONFLICT', `An event definition with the name '${name}' already exists`),
    },
  ]);
  forgetDefinitions(cacheName);
  return definition;
}

export const patchDefinition = (app: App, name: string, { label, description }: z.output<typeof DefinitionPatch>) =>
  changing(app, name, (before) => ({
    ...before,
    ...(label !== undefined && { labels: { singular: label, plural: label } }),
    ...(description !== undefined && { description }),
  }));

/** Deletes a definition. What happened by it stays in the logs of the records. */
export async function removeDefinition(app: App, name: string): Promise<void> {
  await app.table.commit([{ remove: eventDefinitionKey(shortName(app, name)) }]);
  forgetDefinitions(cacheName);
}

export async function addProperty(app: App, name: string, input: EventPropertyInput): Promise<EventProperty> {
  const property = propertyOf(input);
  await changing(app, name, (before) => {
    if (before.properties.some((each) => each.name === property.name))
      throw new CrmError('CONFLICT', `The event has a property ${property.name} already`);
    return { ...before, properties: distinct([...before.properties, property]) };
  });
  return property;
}

export async function patchProperty(
  app: App,
  name: string,
  propertyName: string,
  input: z.output<typeof EventPropertyPatch>,
): Promise<EventProperty> {
  const patch = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const changed = await changing(app, name, (before) => {
    if (!before.properties.some((each) => each.name === propertyName)) throw noProperty(propertyName);
    return {
      ...before,
      properties: before.properties.map((each) => (each.name === propertyName ? { ...each, ...patch } : each)),
    };
  });
  return changed.properties.find((each) => each.name === propertyName) as EventProperty;
}

/** Takes a property off an event. One that is not there is no error. */
export const removeProperty = (app: App, name: string, propertyName: string) =>
  changing(app, name, (before) => ({
    ...before,
    properties: before.properties.filter((each) => each.name !== propertyName),
  }));

const noProperty = (name: string) =>
  new CrmError('OBJECT_NOT_FOUND', `The event has no property '${name}'`, { context: { propertyName: [name] } });

async function changing(
  app: App,
  name: string,
  decide: (before: StoredDefinition) => StoredDefinition,
): Promise<StoredDefinition> {
  const after = await contend(async () => {
    const before = await readDefinition(app, name);
    const changed = { ...decide(before), updatedAt: app.now(), version: before.version + 1 };
    const put = { ...eventDefinitionKey(before.name), entity: 'event-definition', ...changed };
    await commitOrThrow(app.table, [orStale({ put, when: versionIs(before.version) })]);
    return changed;
  });
  forgetDefinitions(cacheName);
  return after;
}

function propertyOf({ name, label, type, description, options = [] }: EventPropertyInput): EventProperty {
  return {
    name: name ?? nameFrom(label),
    label,
    // HubSpot's clients send other names too; what is none of ours holds text.
    type: propertyTypes.includes(type) ? type : 'string',
    ...(description !== undefined && { description }),
    options: [...options],
  };
}

/** A label in other letters than Latin ones has no name in it: then the name is drawn from it by its code points. */
function nameFrom(label: string): string {
  const plain = label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const words = plain || [...label].map((letter) => (letter.codePointAt(0) ?? 0).toString(36)).join('');
  return (/^[a-z]/.test(words) ? words : `e_${words}`).slice(0, 100);
}

function distinct(properties: readonly EventProperty[]): EventProperty[] {
  const twice = properties.find(({ name }, at) => properties.findIndex((each) => each.name === name) !== at);
  if (twice) throw new CrmError('VALIDATION_ERROR', `The property ${twice.name} is named twice`);
  if (properties.length > mostProperties)
    throw new CrmError('VALIDATION_ERROR', `An event can have at most ${mostProperties} properties`);
  return [...properties];
}
