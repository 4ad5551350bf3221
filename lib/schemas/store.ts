import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { jobWrites } from '../jobs/store.ts';
import type { PropertyDefinition } from '../objects/definition.ts';
import { definitionsHeldMs, forgetDefinitions } from '../objects/definition-cache.ts';
import { loadDefinitions, unknownType } from '../objects/definition-store.ts';
import { changeDefinitions } from '../objects/definition-turn.ts';
import { standardTypeOf } from '../objects/object-types.ts';
import { absent, attributes } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { type Key, propertyKey, propertyPartition, schemaCounterKey, schemaKey, typeListing } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { transactionLimit } from '../table/table.ts';
import type { Write } from '../table/write.ts';
import { textIndexKind } from '../text/job-kinds.ts';
import { newAssociation, withoutAssociation } from './association.ts';
import { type At, type Counter, createType, patchType } from './custom-type.ts';
import type { AssociationCreate, SchemaCreate, SchemaPatch } from './input.ts';
import { type Parts, publicSchema } from './public.ts';
import type { AssociationDefinition, CustomType } from './schema.ts';
import { customTypeOf, customTypesCache, loadCustomTypes } from './types.ts';

const StoredCounter = z.object({ nextType: z.number(), nextAssociation: z.number() });
/** Association type ids of custom types start above HubSpot's own, and stay below those of labels. */
const firstCounter: Counter = { nextType: 1, nextAssociation: 100_001 };

/** A custom or standard type's schema. @throws CrmError 400 for a type that there is not */
export async function readSchema(app: App, segment: string, parts: Parts = {}) {
  const type = await loadDefinitions(app, segment, { fresh: true });
  const all = await loadCustomTypes(app, { fresh: !type.custom });
  return publicSchema(type, customTypeOf(all, type.objectTypeId), all, parts);
}

/** The schemas of all custom types, or of the archived ones. */
export async function listSchemas(app: App, archived: boolean, parts: Parts) {
  const all = await loadCustomTypes(app, { fresh: true });
  if (!archived)
    return Promise.all(
      all.filter((type) => !type.archived).map(({ objectTypeId }) => readSchema(app, objectTypeId, parts)),
    );
  return all
    .filter((type) => type.archived)
    .map((type) => ({ ...type, id: type.objectTypeId.replace('2-', ''), properties: [], associations: [] }));
}

/** Creates a custom type with its properties in one transaction. @throws CrmError 400, 409 */
export async function insertSchema(app: App, input: SchemaCreate): Promise<CustomType> {
  const type = await contend(async () => {
    const { existing, counter, drawn } = await readForDraw(app);
    const { type, properties, counter: next } = createType(input, existing, counter, at(app));
    const writes = [drawn(next), put(type), ...properties.map((each) => putProperty(type.objectTypeId, each))];
    await commitOrThrow(app.table, writes.map(orStale));
    return type;
  });
  forgetTypes();
  return type;
}

const putProperty = (objectTypeId: string, definition: PropertyDefinition): Write => ({
  put: { ...propertyKey(objectTypeId, definition.name), entity: 'property', name: definition.name, definition },
});

/**
 * Changes a type. When its records are searched by other properties than before, a job writes their text index anew; it begins when no
 * process holds the old definitions any more. @throws CrmError 400 for a standard type, or names that are not properties of it
 */
export const updateSchema = (app: App, segment: string, input: SchemaPatch): Promise<CustomType> =>
  changeType(app, segment, async (type) => {
    const { properties } = await loadDefinitions(app, type.objectTypeId, { fresh: true });
    const patched = patchType(type, input, new Set(properties.keys()), at(app));
    const reindex = searchedBy(type) === searchedBy(patched) ? [] : await reindexWrites(app, type.objectTypeId);
    return { result: patched, writes: [put(patched), ...reindex] };
  });

const searchedBy = ({ searchableProperties, primaryDisplayProperty }: CustomType) =>
  [primaryDisplayProperty, ...searchableProperties].join();

/** The sweep begins it within a minute or two. */
async function reindexWrites(app: App, objectType: string): Promise<Write[]> {
  const at = new Date(Date.parse(app.now()) + 2 * definitionsHeldMs).toISOString();
  return (await jobWrites(app, { kind: textIndexKind, input: { objectType }, at })).writes;
}

/** Adds an association type, there and back; answers the way there. */
export const insertAssociation = (
  app: App,
  segment: string,
  input: AssociationCreate,
): Promise<AssociationDefinition> =>
  changeType(app, segment, async (type) => {
    const { existing, counter, drawn } = await readForDraw(app);
    const added = newAssociation(type, input, existing, counter.nextAssociation, app.now());
    const [there] = added;
    if (!there) throw unknownType(segment);
    const next = { ...counter, nextAssociation: counter.nextAssociation + added.length };
    return { result: there, writes: [drawn(next), put(withAssociations(app, type, [...type.associations, ...added]))] };
  });

export const removeAssociation = (app: App, segment: string, identifier: string): Promise<void> =>
  changeType(app, segment, async (type) => {
    const associations = withoutAssociation(type, identifier);
    return { result: undefined, writes: [put(withAssociations(app, type, associations))] };
  });

const withAssociations = (app: App, type: CustomType, associations: AssociationDefinition[]): CustomType => ({
  ...type,
  associations,
  updatedAt: app.now(),
});

/** Archives a type without records; `forGood` also frees its name and forgets its properties. @throws CrmError 400 while it has records */
export async function removeSchema(app: App, segment: string, { forGood }: { forGood: boolean }): Promise<void> {
  const { objectTypeId } = await customType(app, segment, { archived: forGood });
  await changeType(
    app,
    objectTypeId,
    async (type) => {
      await requireEmpty(app, type);
      const archived: CustomType = { ...type, archived: true, updatedAt: app.now() };
      return { result: undefined, writes: [forGood ? { remove: schemaKey(objectTypeId) } : put(archived)] };
    },
    { archived: forGood },
  );
  if (forGood) await removeDefinitions(app, objectTypeId);
}

/** The numbers are never drawn again, so what a crash leaves of the definitions can be nobody else's. */
async function removeDefinitions(app: App, objectTypeId: string): Promise<void> {
  const rows = await app.table.all(
    { pk: propertyPartition(objectTypeId) },
    z.object({ pk: z.string(), sk: z.string() }),
  );
  for (let start = 0; start < rows.length; start += transactionLimit) {
    await app.table.commit(rows.slice(start, start + transactionLimit).map((row: Key): Write => ({ remove: row })));
  }
}

const at = (app: App): At => ({ now: app.now(), actor: app.actor, portalId: app.portalId });

/** The counter is read first: when nobody drew since, the types read after it are all that there are. */
async function readForDraw(app: App) {
  const stored = await app.table.get(schemaCounterKey, StoredCounter);
  const existing = await loadCustomTypes(app, { fresh: true });
  const drawn = (next: Counter): Write => ({
    put: { ...schemaCounterKey, entity: 'schema-counter', ...next },
    when: stored ? attributes(stored) : absent,
  });
  return { existing, counter: stored ?? firstCounter, drawn };
}

/** Changes one type as it is now, other changes of its definitions kept out meanwhile. */
async function changeType<T>(
  app: App,
  segment: string,
  decide: (type: CustomType) => Promise<{ result: T; writes: readonly Write[] }>,
  options: { archived?: boolean } = {},
): Promise<T> {
  const { objectTypeId } = await customType(app, segment, options);
  const result = await changeDefinitions(app, objectTypeId, async () =>
    decide(await customType(app, objectTypeId, options)),
  );
  forgetTypes();
  return result;
}

/** The lists that hold something of every custom type. */
function forgetTypes(): void {
  forgetDefinitions(customTypesCache);
  forgetDefinitions('associations');
}

async function customType(app: App, segment: string, { archived = false } = {}): Promise<CustomType> {
  const all = await loadCustomTypes(app, { fresh: true });
  const type =
    customTypeOf(all, segment) ??
    (archived
      ? customTypeOf(
          all.map((each) => ({ ...each, archived: false })),
          segment,
        )
      : undefined);
  if (type) return type;
  if (standardTypeOf(segment))
    throw new CrmError('VALIDATION_ERROR', `The schema of ${segment} is HubSpot's and cannot be changed`);
  throw unknownType(segment);
}

const put = (type: CustomType): Write => ({
  put: { ...schemaKey(type.objectTypeId), entity: 'schema', ...type },
});

async function requireEmpty(app: App, { objectTypeId, name }: CustomType): Promise<void> {
  const { items } = await app.table.query(
    { pk: typeListing(objectTypeId, false), index: 'gsi1', limit: 1 },
    z.object({ gsi1sk: z.string() }),
  );
  if (items.length === 0) return;
  throw new CrmError('VALIDATION_ERROR', `Object type ${name} still has records: archive them before its schema`, {
    subCategory: 'ObjectSchemaError.OBJECT_TYPE_HAS_RECORDS',
    context: { objectTypeId: [objectTypeId] },
  });
}
