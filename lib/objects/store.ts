import type { Explain } from '../../events/define.ts';
import { type AssociationInput, inlineSteps } from '../associations/inline.ts';
import { requireAssociated } from '../associations/required.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { asksForAddress, readUnlessBlocked } from '../lifecycle/blocked-address.ts';
import { type Condition, versionIs } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';
import type { Mark } from '../table/once.ts';
import { alsoStep, commitOrThrow, onceStep, type Step } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import type { ObjectType } from './definition.ts';
import { loadObjectType } from './definition-store.ts';
import { isRecordId, recordNotFound } from './not-found.ts';
import { earlierOf, inputSteps } from './once.ts';
import { requireMatch } from './precondition.ts';
import { type RecordReference, readRecord } from './read-store.ts';
import { archivedRecord, type CrmRecord, changedRecord, newRecord, type Values } from './record.ts';
import { archiveSteps, createSteps, IdTaken, updateSteps } from './record-steps.ts';
import { withRules } from './rules.ts';
import type { PropertyInput } from './values.ts';

export type { CrmRecord } from './record.ts';

/** Other records that are written together with one, and how it is associated with them. */
export type Alongside = {
  readonly steps: readonly Step[];
  /** Those that `steps` write. */
  readonly written: readonly RecordRef[];
  readonly associations: readonly AssociationInput[];
};

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
  /** Other records of the same transaction; called in each attempt, so that it decides by what is stored now. */
  readonly alongside?: (record: CrmRecord) => Promise<Alongside>;
  /** Which input of the request it is: with an `Idempotency-Key` it is done once. */
  readonly input?: number;
  /** The `If-Match` of the request; the change is refused (412) when the record is at another version. */
  readonly ifMatch?: string | undefined;
  /** The id of a record that was merged changes the survivor. */
  readonly followMerged?: boolean;
  /** Why a sync makes the change; stands in the event. */
  readonly explain?: Explain;
  /** For an update: values of properties that only the system writes, by the record as it is; they pass no rules. */
  readonly system?: (current: CrmRecord) => Values;
};

const extras = (
  app: App,
  { once, onceWhen, also, input }: RecordOptions,
  record: CrmRecord,
  created = false,
): Step[] => [
  ...(once ? [onceStep(once(record), onceWhen)] : []),
  ...(input === undefined ? [] : inputSteps(app, input, record, created)),
  ...(also?.(record) ?? []).map(alsoStep),
];

/** What the input became when the same request ran before, and its process died. */
const earlier = async (app: App, { input }: RecordOptions) =>
  input === undefined ? undefined : (await earlierOf(app, input + 1)).get(input)?.record;

/** Creates a record with its event, its rows and its associations in one transaction. @throws CrmError 400, 409 */
export function createRecord(
  app: App,
  objectType: string,
  properties: PropertyInput,
  options: RecordOptions = {},
): Promise<CrmRecord> {
  return contend(async () => {
    const before = await earlier(app, options);
    if (before) return before;
    const id = options.id ?? app.newId();
    const { type, decision } = await withRules(app, objectType, (type, check) => {
      const now = app.now();
      const values = check(properties, { creating: true, current: {}, now });
      return { type, decision: newRecord(type, values, { id, now, actor: app.actor }) };
    });
    const { record } = decision;
    // The record's event comes before those of its associations.
    const created = createSteps(app, type, decision, options);
    const associations = await associatedSteps(app, record, options, { isNew: true });
    await requireAssociated(app, record, associations);
    try {
      await commitOrThrow(app.table, [...created, ...associations, ...extras(app, options, record, true)]);
    } catch (error) {
      throw error instanceof IdTaken && options.id ? new CrmError('CONFLICT', `The id ${id} is taken`) : error;
    }
    return record;
  });
}

/** The writes of the record's associations, and of the records that come along with it. */
async function associatedSteps(
  app: App,
  record: CrmRecord,
  { associations = [], alongside }: RecordOptions,
  { isNew }: { readonly isNew: boolean },
): Promise<Step[]> {
  const along = await alongside?.(record);
  const inputs = [...associations, ...(along?.associations ?? [])];
  return [
    ...(along?.steps ?? []),
    ...(await inlineSteps(app, record, inputs, { isNew, alongside: along?.written ?? [] })),
  ];
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
    const before = await earlier(app, options);
    if (before) return before;
    const { current, addressIsRead } = await readForUpdate(app, objectType, ref, properties, options);
    if (!current) throw recordNotFound(ref);
    requireMatch(options.ifMatch, current);
    return changeRecord(app, current, properties, { ...options, addressIsRead });
  });
}

/** The record, and whether it was read together with what tells that its new address is not blocked. */
async function readForUpdate(
  app: App,
  objectType: string,
  ref: RecordReference,
  { email }: PropertyInput,
  { followMerged = false }: RecordOptions,
): Promise<{ readonly current: CrmRecord | undefined; readonly addressIsRead: boolean }> {
  if (isRecordId(ref.idProperty) && asksForAddress(objectType, email, app.actor.kind)) {
    const current = await readUnlessBlocked(app, ref.id, email);
    if (current && !current.archivedAt) return { current, addressIsRead: true };
  }
  return { current: await readRecord(app, objectType, ref, { followMerged }), addressIsRead: false };
}

/** One attempt to change the record as it was read. @throws StaleRead when it is not as it was read any more */
async function changeRecord(
  app: App,
  current: CrmRecord,
  properties: PropertyInput,
  options: RecordOptions & { readonly addressIsRead?: boolean },
): Promise<CrmRecord> {
  const { type, decision } = await withRules(app, current.objectType, (type, check) => {
    const now = app.now();
    const values = check(properties, { creating: false, current: current.properties, now });
    const all = { ...values, ...options.system?.(current) };
    return { type, decision: changedRecord(type, current, all, now) };
  });
  const record = decision?.record ?? current;
  const rest = [...(await associatedSteps(app, record, options, { isNew: false })), ...extras(app, options, record)];
  if (decision) await commitOrThrow(app.table, [...updateSteps(app, type, current, decision, options), ...rest]);
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
      const record = await createRecord(app, objectType, identified(properties, idProperty, value), options);
      return { record, created: true };
    } catch (error) {
      // The one that we looked for may have come into being meanwhile: then it is changed, not refused.
      if (!(error instanceof CrmError) || error.category !== 'CONFLICT') throw error;
      if (!(await readRecord(app, objectType, { id: value, idProperty }))) throw error;
      throw new StaleRead('The record was created meanwhile');
    }
  });
}

/** The properties of a new record that is looked for by this value: it has it, unless it is said to have another one. */
export const identified = (properties: PropertyInput, idProperty: string, value: string): PropertyInput => ({
  ...properties,
  [idProperty]: properties[idProperty] || value,
});

/** Moves a record to the archive, which frees its unique values. An id that is not there is no error; `also` is then not written. */
export function archiveRecord(
  app: App,
  objectType: string,
  id: string,
  options: Pick<RecordOptions, 'also' | 'ifMatch'> = {},
): Promise<void> {
  return contend(async () => {
    const current = await readRecord(app, objectType, { id });
    requireMatch(options.ifMatch, current);
    if (!current) return;
    const type = await typeKnowing(app, current);
    const archived = archivedRecord(current, app.now());
    await commitOrThrow(app.table, [...archiveSteps(app, type, current, archived), ...extras(app, options, archived)]);
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
