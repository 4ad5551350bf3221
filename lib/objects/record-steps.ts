import type { Explain } from '../../events/define.ts';
import { RecordArchived, RecordCreated, RecordUpdated } from '../../events/record.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { absent, absentOrIs, versionIs } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { loggedSteps } from '../table/event-log.ts';
import { indexKey, recordKey, typeListing, uniqueKey } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import type { Item } from '../table/write.ts';
import type { ObjectType } from './definition.ts';
import { alreadyExists } from './duplicates.ts';
import { indexValueOf, isIndexed } from './index-value.ts';
import type { CrmRecord, Decision } from './record.ts';
import { uniqueValueOf } from './unique-value.ts';

/** The id that was drawn belongs to a record already: draw another. */
export class IdTaken extends StaleRead {}

/** The record under its key, listed with its type. */
const recordItem = (record: CrmRecord): ReturnType<typeof recordKey> & Item => ({
  ...recordKey(record),
  gsi1pk: typeListing(record.objectType, record.archivedAt !== undefined),
  gsi1sk: record.id,
  entity: 'record',
  ...record,
});

type Row = ReturnType<typeof recordKey> & Item & { readonly property: string; readonly unique: boolean };

/** The rows by which a record is found: one for each unique value and each indexed one. An archived record has none. */
export function rowsOf(type: ObjectType, record: CrmRecord | undefined): Map<string, Row> {
  const rows = new Map<string, Row>();
  if (!record || record.archivedAt) return rows;
  for (const [property, value] of Object.entries(record.properties)) {
    const definition = type.properties.get(property) ?? type.archivedProperties.get(property);
    if (!definition) continue;
    const owner = { objectType: record.objectType, id: record.id, property };
    if (definition.hasUniqueValue) {
      const key = uniqueKey(record.objectType, property, uniqueValueOf(definition, value));
      rows.set(key.pk, { ...key, ...owner, entity: 'unique', unique: true });
    }
    const ordered = isIndexed(definition) ? indexValueOf(definition, value) : undefined;
    if (ordered !== undefined) {
      const key = indexKey(record.objectType, property, ordered, record.id);
      rows.set(`${key.pk}\n${key.sk}`, { ...key, ...owner, entity: 'index', unique: false });
    }
  }
  return rows;
}

/**
 * Everything that turns `before` into `after` but the event: the record under the condition that nobody changed it, and the rows by
 * which it is found, old ones out and new ones in. The value is in a row's key, so that a change is two writes, and a transaction has
 * a hundred: about 48 indexed values can change at once. More is refused as too large, with nothing changed.
 */
function recordSteps(type: ObjectType, before: CrmRecord | undefined, after: CrmRecord): Step[] {
  const old = rowsOf(type, before);
  const fresh = rowsOf(type, after);
  const gone = [...old].filter(([key]) => !fresh.has(key)).map(([, row]) => row);
  const added = [...fresh].filter(([key]) => !old.has(key)).map(([, row]) => row);
  const put = { put: recordItem(after), when: before ? versionIs(before.version) : absent };
  return [
    before ? orStale(put) : { write: put, refused: () => new IdTaken('The id is taken') },
    ...gone.map(({ pk, sk, unique }) =>
      orStale({ remove: { pk, sk }, ...(unique && { when: absentOrIs('id', after.id) }) }),
    ),
    ...added.map((row) => rowStep(type, after, row)),
  ];
}

function rowStep(type: ObjectType, record: CrmRecord, { unique, ...row }: Row): Step {
  if (!unique) return orStale({ put: row });
  return {
    write: { put: row, when: absentOrIs('id', record.id) },
    refused: (stored) =>
      typeof stored?.id === 'string'
        ? alreadyExists(type, row.property, stored.id)
        : new StaleRead('The value was freed'),
  };
}

/** The event's time is the record's modified date, so that the log and the record tell the same. */
const eventOf = (app: App, record: CrmRecord) => envelopeOf(app, record, record.updatedAt);

/** Why a sync writes what it writes: goes into the event. */
type Explained = { readonly explain?: Explain };

/** The writes of a new record, its event included. */
export const createSteps = (
  app: App,
  type: ObjectType,
  { record, changes }: Decision,
  { explain }: Explained = {},
): Step[] => [
  ...recordSteps(type, undefined, record),
  ...loggedSteps(RecordCreated.of({ ...eventOf(app, record), changes, ...(explain && { explain }) })),
];

/** The writes of a change, its event included. */
export const updateSteps = (
  app: App,
  type: ObjectType,
  before: CrmRecord,
  { record, changes }: Decision,
  { explain }: Explained = {},
): Step[] => [
  ...recordSteps(type, before, record),
  ...loggedSteps(RecordUpdated.of({ ...eventOf(app, record), changes, ...(explain && { explain }) })),
];

/** The writes that move a record to the archive and free its unique values. */
export const archiveSteps = (
  app: App,
  type: ObjectType,
  before: CrmRecord,
  after: CrmRecord & { readonly archivedAt: string },
): Step[] => [
  ...recordSteps(type, before, after),
  ...loggedSteps(RecordArchived.of({ ...eventOf(app, after), changes: {}, archivedAt: after.archivedAt })),
];
