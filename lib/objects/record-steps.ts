import type { Explain } from '../../events/define.ts';
import { RecordArchived, RecordCreated, RecordRestored, RecordUpdated } from '../../events/record.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { notBlockedSteps } from '../lifecycle/blocked-address.ts';
import { absent, absentOrIs, versionIs } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { loggedSteps } from '../table/event-log.ts';
import { indexKey, type Key, recordKey, typeListing, uniqueKey } from '../table/keys.ts';
import { mergedListing } from '../table/lifecycle-keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import type { Item } from '../table/write.ts';
import type { ObjectType, PropertyDefinition } from './definition.ts';
import { alreadyExists } from './duplicates.ts';
import { indexValueOf, isIndexed } from './index-value.ts';
import type { CrmRecord, Decision } from './record.ts';
import { uniqueValueOf } from './unique-value.ts';

/** The id that was drawn belongs to a record already: draw another. */
export class IdTaken extends StaleRead {}

/** The record under its key, listed with its type; one that was merged into another is in no listing of its own. */
const recordItem = (record: CrmRecord): ReturnType<typeof recordKey> & Item => ({
  ...recordKey(record),
  gsi1pk: record.mergedInto
    ? mergedListing(record.objectType)
    : typeListing(record.objectType, record.archivedAt !== undefined),
  gsi1sk: record.id,
  entity: 'record',
  ...record,
});

type Row = ReturnType<typeof recordKey> &
  Item & { readonly id: string; readonly property: string; readonly unique: boolean };

/** The rows by which a record is found: one for each unique value and each indexed one. An archived record has none. */
export function rowsOf(type: ObjectType, record: CrmRecord | undefined): Map<string, Row> {
  const rows = new Map<string, Row>();
  if (!record || record.archivedAt) return rows;
  const uniqueRow = (property: string, definition: PropertyDefinition, value: string) => {
    const key = uniqueKey(record.objectType, property, uniqueValueOf(definition, value));
    rows.set(nameOf(key), { ...key, ...owner(property), entity: 'unique', unique: true });
  };
  const owner = (property: string) => ({ objectType: record.objectType, id: record.id, property });
  for (const [property, value] of Object.entries(record.properties)) {
    const definition = type.properties.get(property) ?? type.archivedProperties.get(property);
    if (!definition) continue;
    if (definition.hasUniqueValue) uniqueRow(property, definition, value);
    const ordered = isIndexed(definition) ? indexValueOf(definition, value) : undefined;
    if (ordered !== undefined) {
      const key = indexKey(record.objectType, property, ordered, record.id);
      rows.set(nameOf(key), { ...key, ...owner(property), entity: 'index', unique: false });
    }
  }
  for (const [property, values] of Object.entries(record.aliases ?? {})) {
    const definition = type.properties.get(property) ?? type.archivedProperties.get(property);
    if (definition?.hasUniqueValue) for (const value of values) uniqueRow(property, definition, value);
  }
  return rows;
}

const nameOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;

type Change = { readonly before: CrmRecord | undefined; readonly after: CrmRecord | undefined };

/**
 * Everything that turns records of one type into what they shall be but the events: each record under the condition that nobody changed
 * it, and the rows by which it is found, old ones out and new ones in. A unique value may go from one of the records to another. The
 * value is in a row's key, so that a change is two writes, and a transaction has a hundred: about 48 indexed values can change at once.
 * More is refused as too large, with nothing changed.
 */
export function recordsSteps(type: ObjectType, changes: readonly Change[]): Step[] {
  const old = new Map(changes.flatMap(({ before }) => [...rowsOf(type, before)]));
  const fresh = new Map(changes.flatMap(({ after }) => [...rowsOf(type, after)]));
  const gone = [...old].filter(([key]) => !fresh.has(key)).map(([, row]) => row);
  const added = [...fresh].filter(([key, row]) => old.get(key)?.id !== row.id).map(([, row]) => row);
  return [
    ...changes.map(recordStep),
    ...gone.map(({ pk, sk, id, unique }) =>
      orStale({ remove: { pk, sk }, ...(unique && { when: absentOrIs('id', id) }) }),
    ),
    ...added.map((row) => rowStep(type, row, old.get(nameOf(row))?.id ?? row.id)),
  ];
}

function recordStep({ before, after }: Change): Step {
  if (!after) {
    if (!before) throw new Error('A change begins or ends with a record');
    return orStale({ remove: recordKey(before), when: versionIs(before.version) });
  }
  const put = { put: recordItem(after), when: before ? versionIs(before.version) : absent };
  return before ? orStale(put) : { write: put, refused: () => new IdTaken('The id is taken') };
}

function rowStep(type: ObjectType, { unique, ...row }: Row, ownerBefore: string): Step {
  if (!unique) return orStale({ put: row });
  return {
    write: { put: row, when: absentOrIs('id', ownerBefore) },
    refused: (stored) =>
      typeof stored?.id === 'string'
        ? alreadyExists(type, row.property, stored.id)
        : new StaleRead('The value was freed'),
  };
}

/** The event's time is the record's modified date, so that the log and the record tell the same. */
export const eventOf = (app: App, record: CrmRecord) => envelopeOf(app, record, record.updatedAt);

/** A contact does not get an address that was erased on request. */
const addressSteps = ({ actor }: App, { objectType }: CrmRecord, { email }: Decision['changes']): Step[] =>
  objectType === '0-1' ? notBlockedSteps(email?.[1], actor.kind) : [];

/** Why a sync writes what it writes: goes into the event. `addressIsRead`: that the new address is not blocked was read with the record. */
type Explained = { readonly explain?: Explain; readonly addressIsRead?: boolean };

/** The writes of a new record, its event included. */
export const createSteps = (
  app: App,
  type: ObjectType,
  { record, changes }: Decision,
  { explain }: Explained = {},
): Step[] => [
  ...recordsSteps(type, [{ before: undefined, after: record }]),
  ...addressSteps(app, record, changes),
  ...loggedSteps(RecordCreated.of({ ...eventOf(app, record), changes, ...(explain && { explain }) })),
];

/** The writes of a change, its event included. */
export const updateSteps = (
  app: App,
  type: ObjectType,
  before: CrmRecord,
  { record, changes }: Decision,
  { explain, addressIsRead = false }: Explained = {},
): Step[] => [
  ...recordsSteps(type, [{ before, after: record }]),
  ...(addressIsRead ? [] : addressSteps(app, record, changes)),
  ...loggedSteps(RecordUpdated.of({ ...eventOf(app, record), changes, ...(explain && { explain }) })),
];

/** The writes that move a record to the archive and free its unique values. */
export const archiveSteps = (
  app: App,
  type: ObjectType,
  before: CrmRecord,
  after: CrmRecord & { readonly archivedAt: string },
): Step[] => [
  ...recordsSteps(type, [{ before, after }]),
  ...loggedSteps(RecordArchived.of({ ...eventOf(app, after), changes: {}, archivedAt: after.archivedAt })),
];

/** The writes that bring a record back from the archive. @throws CrmError 409 when a unique value of it was taken meanwhile */
export const restoreSteps = (
  app: App,
  type: ObjectType,
  before: CrmRecord & { readonly archivedAt: string },
  after: CrmRecord,
): Step[] => [
  ...recordsSteps(type, [{ before, after }]),
  ...loggedSteps(RecordRestored.of({ ...eventOf(app, after), changes: {}, archivedAt: before.archivedAt })),
];
