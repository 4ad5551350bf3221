import * as z from 'zod/mini';
import { type AssociationInput, inlineSteps, missingTarget } from '../associations/inline.ts';
import { requireAssociated } from '../associations/required.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { StaleRead } from '../table/contention.ts';
import { commitGroups } from '../table/groups.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { Key } from '../table/keys.ts';
import type { Step } from '../table/steps.ts';
import { areTraced, forEachInput, type RowError, readOwners, refusalOf, throwIfAllUnavailable } from './batch.ts';
import { asRowError } from './batch-answer.ts';
import type { ObjectType } from './definition.ts';
import { alreadyExists } from './duplicates.ts';
import { inputSteps, onceEach } from './once.ts';
import { type CrmRecord, type Decision, newRecord } from './record.ts';
import { createSteps } from './record-steps.ts';
import { withRules } from './rules.ts';
import { createRecord } from './store.ts';
import type { PropertyInput } from './values.ts';

export type CreateInput = {
  readonly properties: PropertyInput;
  readonly associations?: readonly AssociationInput[] | null | undefined;
  readonly objectWriteTraceId?: string | undefined;
};

type Row = { readonly record: CrmRecord; readonly steps: readonly Step[] };

/**
 * Creates up to 100 records, several to a transaction. All are checked before the first is written; unless every input has a trace id,
 * one that is wrong keeps all of them out. A race that is lost after the check is told for its input alone.
 */
export async function createRecords(
  app: App,
  objectType: string,
  inputs: readonly CreateInput[],
): Promise<{ records: readonly (CrmRecord | undefined)[]; errors: readonly RowError[] }> {
  const run = (left: readonly CreateInput[], positions: readonly number[]) =>
    createAll(app, objectType, left, positions);
  const { values, errors } = await onceEach(app, inputs, run, ({ record }): CrmRecord => record);
  return { records: values, errors };
}

async function createAll(
  app: App,
  objectType: string,
  inputs: readonly CreateInput[],
  positions: readonly number[],
): Promise<{ values: (CrmRecord | undefined)[]; errors: RowError[] }> {
  const { rows, errors } = await planRows(app, objectType, inputs, positions);
  if (errors.length > 0 && !areTraced(inputs)) throw refusalOf(errors);
  const wrong = new Set(errors.map(({ position }) => position));
  const groups = rows.map((row, position) => (row && !wrong.has(position) ? row.steps : []));
  const outcomes = await commitGroups(app.table, groups);
  const records = await inParallel(rows, 4, async (row, position) => {
    if (!row || wrong.has(position)) return undefined;
    const error = outcomes[position];
    if (!error) return row.record;
    try {
      const input = positions[position] ?? position;
      return await again(app, objectType, { ...(inputs[position] as CreateInput), input }, error);
    } catch (problem) {
      errors.push({ position, error: asRowError(problem as Error) });
      return undefined;
    }
  });
  throwIfAllUnavailable(records.filter(Boolean).length, errors);
  return { values: records, errors };
}

/** An id that was taken, or a conflict of two writers, is no fault of the input: it gets a transaction of its own. */
function again(
  app: App,
  objectType: string,
  { properties, associations, input }: CreateInput & { readonly input: number },
  error: Error,
): Promise<CrmRecord> {
  if (!(error instanceof StaleRead)) throw error;
  return createRecord(app, objectType, properties, { input, ...(associations && { associations }) });
}

async function planRows(app: App, objectType: string, inputs: readonly CreateInput[], positions: readonly number[]) {
  const { type, values, errors } = await decideAll(app, objectType, inputs);
  const rows = await inParallel(values, 8, async (decision, position): Promise<Row | undefined> => {
    if (!decision) return undefined;
    try {
      const created = createSteps(app, type, decision);
      const inline = await inlineSteps(app, decision.record, inputs[position]?.associations ?? [], { isNew: true });
      await requireAssociated(app, decision.record, inline);
      const mark = inputSteps(app, positions[position] ?? position, decision.record, true);
      return { record: decision.record, steps: [...created, ...inline, ...mark] };
    } catch (error) {
      errors.push({ position, error: asRowError(error as Error) });
      return undefined;
    }
  });
  errors.push(...(await conflicts(app, type, rows)), ...(await missingTargets(app, rows)));
  return { rows, errors: errors.toSorted((one, other) => one.position - other.position) };
}

/** Thrown so that the rules are asked again with definitions read anew; holds what was decided. */
class SomeRefused extends CrmError {
  readonly decided: { type: ObjectType; values: (Decision | undefined)[]; errors: RowError[] };

  constructor(decided: SomeRefused['decided']) {
    super('VALIDATION_ERROR', 'Some inputs were refused');
    this.decided = decided;
  }
}

async function decideAll(
  app: App,
  objectType: string,
  inputs: readonly CreateInput[],
): Promise<SomeRefused['decided']> {
  try {
    return await withRules(app, objectType, (type, check) => {
      const now = app.now();
      const decided = forEachInput(inputs, ({ properties }) => {
        const values = check(properties, { creating: true, current: {}, now });
        return newRecord(type, values, { id: app.newId(), now, actor: app.actor });
      });
      if (decided.errors.length > 0) throw new SomeRefused({ type, ...decided });
      return { type, ...decided };
    });
  } catch (error) {
    if (error instanceof SomeRefused) return error.decided;
    throw error;
  }
}

type UniqueClaim = { readonly position: number; readonly key: Key; readonly property: string };

function claimsOf(rows: readonly (Row | undefined)[]): UniqueClaim[] {
  return rows.flatMap((row, position) =>
    (row?.steps ?? []).flatMap(({ write }) =>
      'put' in write && write.put.entity === 'unique'
        ? [{ position, key: write.put, property: String(write.put.property) }]
        : [],
    ),
  );
}

/** Unique values that other records have, or earlier inputs of the batch. */
async function conflicts(app: App, type: ObjectType, rows: readonly (Row | undefined)[]): Promise<RowError[]> {
  const claims = claimsOf(rows);
  const owners = await readOwners(
    app,
    claims.map(({ key }) => key),
  );
  const first = new Map<string, number>();
  return claims.flatMap(({ position, key, property }) => {
    const owner = owners.get(key.pk);
    if (owner) return [{ position, error: alreadyExists(type, property, owner) }];
    const earlier = first.get(key.pk);
    if (earlier === undefined) first.set(key.pk, position);
    return earlier === undefined ? [] : [{ position, error: sameInBatch(property, earlier) }];
  });
}

const sameInBatch = (property: string, earlier: number) =>
  new CrmError('CONFLICT', `Input ${earlier} of the batch has the same value of ${property}, which must be unique`, {
    context: { propertyName: [property] },
  });

const Archivable = z.object({ pk: z.string(), archivedAt: z.optional(z.string()) });

/** Associations to records that are not there; the transaction checks them once more. */
async function missingTargets(app: App, rows: readonly (Row | undefined)[]): Promise<RowError[]> {
  const checks = rows.flatMap((row, position) =>
    (row?.steps ?? []).flatMap(({ write }) => ('check' in write ? [{ position, key: write.check }] : [])),
  );
  if (checks.length === 0) return [];
  const found = await app.table.getMany(
    checks.map(({ key }) => key),
    Archivable,
  );
  const there = new Set(found.filter(({ archivedAt }) => !archivedAt).map(({ pk }) => pk));
  return checks
    .filter(({ key }) => !there.has(key.pk))
    .map(({ position, key }) => {
      const [objectType = '', id = ''] = key.pk.split('#');
      return { position, error: missingTarget({ objectType, id }) };
    });
}
