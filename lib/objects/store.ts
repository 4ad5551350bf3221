import * as z from 'zod/mini';
import { type AssociationInput, inlineSteps } from '../associations/inline.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { type Condition, versionIs } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { indexKey, indexPartition, recordKey, typeListing, uniqueKey } from '../table/keys.ts';
import type { Mark } from '../table/once.ts';
import { alsoStep, commitOrThrow, onceStep, type Step } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import type { ObjectType } from './definition.ts';
import { loadObjectType } from './definition-store.ts';
import { indexValueOf, isIndexed } from './index-value.ts';
import { isRecordId, recordNotFound } from './not-found.ts';
import { archivedRecord, CrmRecord, changedRecord, newRecord } from './record.ts';
import { archiveSteps, createSteps, IdTaken, updateSteps } from './record-steps.ts';
import { withRules } from './rules.ts';
import { type PropertyInput, uniqueValueOf } from './values.ts';

export type { CrmRecord } from './record.ts';

/** A record by its id, or by a property whose values are unique. */
export type RecordReference = { readonly id: string; readonly idProperty?: string };

export type RecordOptions = {
  /** For a create whose id is chosen beforehand. */
  readonly id?: string;
  /** A mark that makes the change happen once: if it is there, nothing is written and `AlreadyDone` is thrown. */
  readonly once?: (record: CrmRecord) => Mark;
  /** When the mark may be written; absent: only when there is none. For marks that lose their force with time. */
  readonly onceWhen?: Condition;
  /** Writes that stand or fall with the change; a failed condition of theirs throws `PreconditionFailed`. */
  readonly also?: (record: CrmRecord) => readonly Write[];
  readonly associations?: readonly AssociationInput[];
};

/** The row that a unique value occupies; `id` is its owner. */
export const UniqueRow = z.object({ pk: z.string(), id: z.string() });
const IndexRow = z.object({ sk: z.string(), id: z.string() });

const extras = ({ once, onceWhen, also }: RecordOptions, record: CrmRecord): Step[] => [
  ...(once ? [onceStep(once(record), onceWhen)] : []),
  ...(also?.(record) ?? []).map(alsoStep),
];

/** Creates a record with its event, its rows and its associations in one transaction. @throws CrmError 400, 409 */
export function createRecord(
  app: App,
  objectType: string,
  properties: PropertyInput,
  options: RecordOptions = {},
): Promise<CrmRecord> {
  return contend(async () => {
    const id = options.id ?? app.newId();
    const { type, decision } = await withRules(app, objectType, (type, check) => {
      const now = app.now();
      const values = check(properties, { creating: true, current: {}, now });
      return { type, decision: newRecord(type, values, { id, now, actor: app.actor }) };
    });
    const { record } = decision;
    const associations = await inlineSteps(app, record, options.associations ?? [], { isNew: true });
    try {
      await commitOrThrow(app.table, [
        ...createSteps(app, type, decision),
        ...associations,
        ...extras(options, record),
      ]);
    } catch (error) {
      throw error instanceof IdTaken && options.id ? new CrmError('CONFLICT', `The id ${id} is taken`) : error;
    }
    return record;
  });
}

/** Changes the properties that differ; with none, nothing is written. @throws CrmError 400, 404, 409 */
export function updateRecord(
  app: App,
  objectType: string,
  ref: RecordReference,
  properties: PropertyInput,
  options: RecordOptions = {},
): Promise<CrmRecord> {
  return contend(async () => {
    const current = await readRecord(app, objectType, ref);
    if (!current) throw recordNotFound(ref);
    return changeRecord(app, current, properties, options);
  });
}

/** One attempt to change the record as it was read. @throws StaleRead when it is not as it was read any more */
async function changeRecord(
  app: App,
  current: CrmRecord,
  properties: PropertyInput,
  options: RecordOptions,
): Promise<CrmRecord> {
  const { type, decision } = await withRules(app, current.objectType, (type, check) => {
    const now = app.now();
    const values = check(properties, { creating: false, current: current.properties, now });
    return { type, decision: changedRecord(type, current, values, now) };
  });
  const record = decision?.record ?? current;
  const rest = [
    ...(await inlineSteps(app, record, options.associations ?? [], { isNew: false })),
    ...extras(options, record),
  ];
  if (decision) await commitOrThrow(app.table, [...updateSteps(app, type, current, decision), ...rest]);
  else if (rest.length > 0) await commitOrThrow(app.table, [unchangedStep(current), ...rest]);
  return record;
}

const unchangedStep = (record: CrmRecord): Step => ({
  write: { check: recordKey(record), when: versionIs(record.version) },
  refused: () => new StaleRead('The record was changed meanwhile'),
});

/** Changes the record that has this unique value, or creates it with the value. @throws CrmError 400, 409 */
export function upsertRecord(
  app: App,
  objectType: string,
  idProperty: string,
  value: string,
  properties: PropertyInput,
  options: RecordOptions = {},
): Promise<{ record: CrmRecord; created: boolean }> {
  return contend(async () => {
    const current = await readRecord(app, objectType, { id: value, idProperty });
    if (current) return { record: await changeRecord(app, current, properties, options), created: false };
    if (isRecordId(idProperty)) throw recordNotFound({ id: value });
    try {
      const record = await createRecord(app, objectType, { [idProperty]: value, ...properties }, options);
      return { record, created: true };
    } catch (error) {
      // The one that we looked for may have come into being meanwhile: then it is changed, not refused.
      if (!(error instanceof CrmError) || error.category !== 'CONFLICT') throw error;
      if (!(await readRecord(app, objectType, { id: value, idProperty }))) throw error;
      throw new StaleRead('The record was created meanwhile');
    }
  });
}

/** Moves a record to the archive, which frees its unique values. An id that is not there is no error. */
export function archiveRecord(app: App, objectType: string, id: string): Promise<void> {
  return contend(async () => {
    const current = await readRecord(app, objectType, { id });
    if (!current) return;
    const type = await typeKnowing(app, current);
    await commitOrThrow(app.table, archiveSteps(app, type, current, archivedRecord(current, app.now())));
  });
}

/** The definitions, read anew when the record has a property that the ones at hand do not know: its rows must go too. */
export async function typeKnowing(app: App, record: CrmRecord): Promise<ObjectType> {
  const type = await loadObjectType(app, record.objectType);
  const known = Object.keys(record.properties).every(
    (name) => type.properties.has(name) || type.archivedProperties.has(name),
  );
  return known ? type : loadObjectType(app, record.objectType, { fresh: true });
}

/** The record as it is now; `archived` reads those in the archive instead of the others. */
export async function readRecord(
  app: App,
  objectType: string,
  ref: RecordReference,
  { archived = false }: { archived?: boolean } = {},
): Promise<CrmRecord | undefined> {
  const id = isRecordId(ref.idProperty) ? ref.id : await ownerOf(app, objectType, ref.idProperty ?? '', ref.id);
  const record = id === undefined ? undefined : await app.table.get(recordKey({ objectType, id }), CrmRecord);
  return record && (record.archivedAt !== undefined) === archived ? record : undefined;
}

async function ownerOf(app: App, objectType: string, property: string, value: string): Promise<string | undefined> {
  const key = await uniqueRowKey(app, objectType, property, value);
  return (await app.table.get(key, UniqueRow))?.id;
}

/** The key of the row that says which record has a unique value. @throws CrmError 400 when the property is not unique */
export async function uniqueRowKey(app: App, objectType: string, property: string, value: string) {
  const isUnique = (type: ObjectType) => type.properties.get(property)?.hasUniqueValue === true;
  const cached = await loadObjectType(app, objectType);
  const type = isUnique(cached) ? cached : await loadObjectType(app, objectType, { fresh: true });
  const definition = type.properties.get(property);
  if (!definition?.hasUniqueValue) {
    throw new CrmError('VALIDATION_ERROR', `Unable to perform update/upsert by non-unique ${objectType} property`, {
      context: { idProperty: [property] },
    });
  }
  return uniqueKey(objectType, property, uniqueValueOf(definition, value));
}

/** Ids of records that have this value now, by the row of the unique value or by the index; none when the property has neither. */
export async function findByValue(
  app: App,
  objectType: string,
  property: string,
  value: string,
  limit: number,
): Promise<string[]> {
  const definition = (await loadObjectType(app, objectType)).properties.get(property);
  if (!definition) return [];
  if (definition.hasUniqueValue) {
    const owner = await app.table.get(uniqueKey(objectType, property, uniqueValueOf(definition, value)), UniqueRow);
    return owner ? [owner.id] : [];
  }
  const ordered = isIndexed(definition) ? indexValueOf(definition, value) : undefined;
  if (ordered === undefined) return [];
  const { items } = await app.table.query(
    { pk: indexPartition(objectType, property), prefix: indexKey(objectType, property, ordered, '').sk, limit },
    IndexRow,
  );
  return items.map(({ id }) => id);
}

/** A page of a type's records by id, the archived ones or the others. Newly created ones may appear a moment late. */
export async function listRecords(
  app: App,
  objectType: string,
  { archived, limit, after }: { archived: boolean; limit: number; after?: string },
): Promise<{ records: CrmRecord[]; more: boolean }> {
  const listing = typeListing(objectType, archived);
  const startAfter = after ? { ...recordKey({ objectType, id: after }), gsi1pk: listing, gsi1sk: after } : undefined;
  const page = await app.table.query(
    { pk: listing, index: 'gsi1', limit: limit + 1, ...(startAfter && { startAfter }) },
    CrmRecord,
  );
  const more = page.items.length > limit || (page.items.length < limit + 1 && page.lastKey !== undefined);
  return { records: page.items.slice(0, limit), more };
}
