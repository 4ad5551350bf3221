import { requireAssociated } from '../associations/required.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { StaleRead } from '../table/contention.ts';
import { commitGroups } from '../table/groups.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { Key } from '../table/keys.ts';
import type { Step } from '../table/steps.ts';
import {
  areTraced,
  forEachInput,
  missingRecords,
  type RowError,
  readReferenced,
  refusalOf,
  refuseDuplicates,
  throwIfAllUnavailable,
  toBatchErrors,
} from './batch.ts';
import { asRowError, batchReply } from './batch-answer.ts';
import type { ObjectType } from './definition.ts';
import { isRecordId } from './not-found.ts';
import { inputSteps, onceEach } from './once.ts';
import { fullRecord } from './public-record.ts';
import { archivedRecord, type CrmRecord, changedRecord, newRecord } from './record.ts';
import { archiveSteps, createSteps, updateSteps } from './record-steps.ts';
import { type Check, withRules } from './rules.ts';
import type { IdentifiedInput } from './schema.ts';
import { archiveRecord, identified, typeKnowing, updateRecord, upsertRecord } from './store.ts';

/** What became of each input: its record (and whether it is new), or nothing when it is among the errors or missing. */
type Changed = { readonly record: CrmRecord; readonly created: boolean };
export type BatchResult = {
  readonly changed: readonly (Changed | undefined)[];
  readonly errors: readonly RowError[];
  /** Ids that no record has; HubSpot tells them in one error. */
  readonly missing: readonly string[];
};

/** What shall become of one input; no steps when its values are what they were. */
type Row = Changed & { readonly steps: readonly Step[] };

/** Changes up to 100 records. All inputs are checked before the first is written. @throws CrmError 400 naming every wrong input */
export const updateRecords = (app: App, objectType: string, inputs: readonly IdentifiedInput[]): Promise<BatchResult> =>
  eachOnce(app, inputs, (left, positions) => updateAll(app, objectType, left, positions));

async function updateAll(
  app: App,
  objectType: string,
  inputs: readonly IdentifiedInput[],
  positions: readonly number[],
): Promise<BatchResult> {
  const { records } = await readReferenced(app, objectType, inputs);
  refuseDuplicates(records.map((record, position) => record?.id ?? inputs[position]?.id ?? ''));
  const missing = inputs.filter((_, position) => !records[position]).map(({ id }) => id);
  const plan = await decideAll(app, objectType, inputs, (type, check, { properties }, position) => {
    const current = records[position];
    return current && changeRow(app, type, check, current, properties);
  });
  const result = await commitRows(
    app,
    inputs,
    { ...plan, positions },
    async ({ properties }, { record: { id } }, input) => ({
      record: await updateRecord(app, objectType, { id }, properties, { input }),
      created: false,
    }),
  );
  return { ...result, missing };
}

/** Runs a batch of changes for what an earlier run of the same request left. */
async function eachOnce(
  app: App,
  inputs: readonly IdentifiedInput[],
  run: (left: readonly IdentifiedInput[], positions: readonly number[]) => Promise<BatchResult>,
): Promise<BatchResult> {
  const asOutcome = async (left: readonly IdentifiedInput[], positions: readonly number[]) => {
    const { changed, ...rest } = await run(left, positions);
    return { values: changed, ...rest };
  };
  const { values, errors, missing } = await onceEach(app, inputs, asOutcome, (earlier): Changed => earlier);
  return { changed: values, errors, missing };
}

/** Changes the record that has each input's unique value, or creates it. Conflicts are told input by input. */
export const upsertRecords = (app: App, objectType: string, inputs: readonly IdentifiedInput[]): Promise<BatchResult> =>
  eachOnce(app, inputs, (left, positions) => upsertAll(app, objectType, left, positions));

async function upsertAll(
  app: App,
  objectType: string,
  inputs: readonly IdentifiedInput[],
  positions: readonly number[],
): Promise<BatchResult> {
  const { records, keys } = await readReferenced(app, objectType, inputs);
  refuseDuplicates(inputs.map(({ id }, position) => nameOf(keys[position], records[position], id)));
  const lost = inputs
    .filter(({ idProperty }, position) => isRecordId(idProperty) && !records[position])
    .map(({ id }) => id);
  const plan = await decideAll(app, objectType, inputs, (type, check, { id, idProperty, properties }, position) => {
    const current = records[position];
    if (current) return changeRow(app, type, check, current, properties);
    if (isRecordId(idProperty)) return undefined;
    return createRow(app, type, check, identified(properties, idProperty ?? '', id));
  });
  const associated = await withoutUnassociated(app, plan, inputs);
  const result = await commitRows(
    app,
    inputs,
    { ...associated, positions },
    ({ id, idProperty, properties }, _, input) =>
      upsertRecord(app, objectType, idProperty ?? 'hs_object_id', id, properties, { input }),
  );
  return { ...result, missing: lost };
}

const nameOf = (key: Key | undefined, record: CrmRecord | undefined, id: string) => record?.id ?? key?.pk ?? id;

/** Archives up to 100 records; ids that are not there are no error. */
export async function archiveRecords(app: App, objectType: string, ids: readonly string[]): Promise<void> {
  const distinct = [...new Set(ids)];
  const { records } = await readReferenced(
    app,
    objectType,
    distinct.map((id) => ({ id })),
  );
  const there = records.flatMap((record) => record ?? []);
  const groups = await Promise.all(
    there.map(async (record) =>
      archiveSteps(app, await typeKnowing(app, record), record, archivedRecord(record, app.now())),
    ),
  );
  const outcomes = await commitGroups(app.table, groups);
  await inParallel(there, 4, async ({ id }, position) => {
    const error = outcomes[position];
    if (error && !(error instanceof StaleRead)) throw error;
    if (error) await archiveRecord(app, objectType, id);
  });
}

type Properties = IdentifiedInput['properties'];

function changeRow(app: App, type: ObjectType, check: Check, current: CrmRecord, properties: Properties): Row {
  const now = app.now();
  const values = check(properties, { creating: false, current: current.properties, now });
  const decision = changedRecord(type, current, values, now);
  if (!decision) return { record: current, created: false, steps: [] };
  return { record: decision.record, created: false, steps: updateSteps(app, type, current, decision) };
}

function createRow(app: App, type: ObjectType, check: Check, properties: Properties): Row {
  const now = app.now();
  const values = check(properties, { creating: true, current: {}, now });
  const decision = newRecord(type, values, { id: app.newId(), now, actor: app.actor });
  return { record: decision.record, created: true, steps: createSteps(app, type, decision) };
}

type Plan = { readonly values: readonly (Row | undefined)[]; readonly errors: RowError[] };

/** Thrown so that the rules are asked again with definitions read anew; holds what was decided. */
class SomeRefused extends CrmError {
  readonly plan: Plan;

  constructor(plan: Plan) {
    super('VALIDATION_ERROR', 'Some inputs were refused');
    this.plan = plan;
  }
}

/** New records of a batch come without associations: a policy that asks for some keeps them out, or all unless each has a trace id. */
async function withoutUnassociated(app: App, plan: Plan, inputs: readonly IdentifiedInput[]): Promise<Plan> {
  const errors = [...plan.errors];
  const values = await inParallel(plan.values, 8, async (row, position) => {
    if (!row?.created) return row;
    try {
      await requireAssociated(app, row.record, row.steps);
      return row;
    } catch (error) {
      errors.push({ position, error: asRowError(error as Error) });
      return undefined;
    }
  });
  if (errors.length > 0 && !areTraced(inputs)) throw refusalOf(errors);
  return { values, errors };
}

type Decide = (type: ObjectType, check: Check, input: IdentifiedInput, position: number) => Row | undefined;

/** Every input decided; refused ones keep the others out unless each input has a trace id. */
async function decideAll(
  app: App,
  objectType: string,
  inputs: readonly IdentifiedInput[],
  decide: Decide,
): Promise<Plan> {
  try {
    return await withRules(app, objectType, (type, check) => {
      const plan = forEachInput([...inputs.entries()], ([position, input]) => decide(type, check, input, position));
      if (plan.errors.length > 0) throw new SomeRefused(plan);
      return plan;
    });
  } catch (error) {
    if (!(error instanceof SomeRefused)) throw error;
    if (!areTraced(inputs)) throw refusalOf(error.plan.errors);
    return error.plan;
  }
}

/** What is unchanged needs no mark: to look at it once more changes nothing either. */
const markedSteps = (app: App, { steps, record, created }: Row, input: number): readonly Step[] =>
  steps.length > 0 ? [...steps, ...inputSteps(app, input, record, created)] : steps;

/** Commits what was decided. An input whose record somebody else changed meanwhile is done again alone, on what is there now. */
async function commitRows(
  app: App,
  inputs: readonly IdentifiedInput[],
  { values, errors, positions }: Plan & { readonly positions: readonly number[] },
  alone: (input: IdentifiedInput, row: Row, position: number) => Promise<Changed>,
): Promise<Omit<BatchResult, 'missing'>> {
  const outcomes = await commitGroups(
    app.table,
    values.map((row, position) => (row ? markedSteps(app, row, positions[position] ?? position) : [])),
  );
  const changed = await inParallel(values, 4, async (row, position) => {
    const error = outcomes[position];
    if (!row || !error) return row;
    try {
      const raced =
        error instanceof StaleRead || (row.created && error instanceof CrmError && error.category === 'CONFLICT');
      if (!raced) throw error;
      return await alone(inputs[position] as IdentifiedInput, row, positions[position] ?? position);
    } catch (problem) {
      errors.push({ position, error: asRowError(problem as Error) });
      return undefined;
    }
  });
  throwIfAllUnavailable(changed.filter(Boolean).length, errors);
  return { changed, errors: errors.toSorted((one, other) => one.position - other.position) };
}

/** The answer to a batch of changes: results in the order of the inputs, all missing records in one error. */
export function changedReply(
  app: App,
  {
    startedAt,
    singular,
    inputs,
    showNew,
  }: { startedAt: string; singular: string; inputs: readonly IdentifiedInput[]; showNew: boolean },
  { changed, errors, missing }: BatchResult,
) {
  const results = changed.flatMap((row, position) => {
    const traceId = inputs[position]?.objectWriteTraceId;
    const more = { ...(showNew && { new: row?.created }), ...(traceId && { objectWriteTraceId: traceId }) };
    return row ? [{ ...fullRecord(row.record), ...more }] : [];
  });
  const lost = missing.length > 0 ? [missingRecords(singular, missing)] : [];
  return batchReply(app, 200, { startedAt, results, errors: [...toBatchErrors(inputs, errors), ...lost] });
}
