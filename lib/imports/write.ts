import * as z from 'zod/mini';
import { inlineSteps } from '../associations/inline.ts';
import { requireTypes } from '../associations/required.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { readReferenced } from '../objects/batch.ts';
import { asRowError } from '../objects/batch-answer.ts';
import type { ObjectType } from '../objects/definition.ts';
import { recordNotFound } from '../objects/not-found.ts';
import { type CrmRecord, changedRecord, type Decision, newRecord } from '../objects/record.ts';
import { createSteps, updateSteps } from '../objects/record-steps.ts';
import { type Check, withRules } from '../objects/rules.ts';
import { createRecord, identified, updateRecord, upsertRecord } from '../objects/store.ts';
import { StaleRead } from '../table/contention.ts';
import { commitGroups } from '../table/groups.ts';
import { importMarkKey } from '../table/import-keys.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { Key } from '../table/keys.ts';
import { AlreadyDone, type Mark } from '../table/once.ts';
import { onceStep, orStale, type Step } from '../table/steps.ts';
import type { TypePlan } from './mapping.ts';
import { keptUntil, nameWrites, type Planned, type Writing } from './planned.ts';
import { problemsOf } from './problem.ts';
import type { Entry } from './row.ts';
import type { RowProblem } from './schema.ts';
import { tryRows } from './trial.ts';

/** What became of a row, for one type. */
export type Outcome =
  | { readonly result: 'CREATED' | 'UPDATED' | 'UNCHANGED'; readonly recordId?: string; readonly decision?: Decision }
  | { readonly result: 'ERROR'; readonly problems: readonly RowProblem[] };

const StoredMark = z.object({
  pk: z.string(),
  sk: z.string(),
  result: z.enum(['CREATED', 'UPDATED', 'UNCHANGED']),
  recordId: z.string(),
});

/**
 * Writes what rows say about the records of one type, each row once: its mark is in the transaction of its change, and a row whose mark is
 * there has the outcome that it had. Rows of the same key follow each other. Trouble that may pass is thrown; the slice comes again.
 */
export async function writeEntries(app: App, writing: Writing, entries: readonly Entry[]): Promise<Outcome[]> {
  const outcomes = new Array<Outcome | undefined>(entries.length);
  const open = entries.map((entry, position) => ({ entry, position }));
  for (const block of blocksOf(wavesOf(open))) {
    await writing.goOn();
    const made = await writeWave(
      app,
      writing,
      block.map(({ entry }) => entry),
    );
    for (const [at, { position }] of block.entries()) outcomes[position] = made[at];
  }
  return outcomes.map((outcome) => outcome ?? { result: 'UNCHANGED' });
}

const nameOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;
const markKey = ({ importId, plan }: Writing, { file, line }: Entry) =>
  importMarkKey(importId, file, line, plan.type.objectTypeId);

async function readMarks(app: App, writing: Writing, entries: readonly Entry[]): Promise<Map<string, Outcome>> {
  const found = await app.table.getMany(
    entries.map((entry) => markKey(writing, entry)),
    StoredMark,
  );
  return new Map(found.map(({ pk, sk, result, recordId }) => [nameOf({ pk, sk }), { result, recordId }]));
}

type Open = { readonly entry: Entry; readonly position: number };

/** Rows of one key must see what the one before them did: the second goes into the second wave. */
function wavesOf(open: readonly Open[]): Open[][] {
  const waves: Open[][] = [];
  const seen = new Map<string, number>();
  for (const row of open) {
    const key = row.entry.key?.normalize('NFKC').trim().toLowerCase();
    const wave = key === undefined ? 0 : (seen.get(key) ?? 0);
    if (key !== undefined) seen.set(key, wave + 1);
    waves[wave] = [...(waves[wave] ?? []), row];
  }
  return waves;
}

/** Rows that are written before it is asked again whether the import goes on: a second's work. */
const rowsPerBlock = 250;

const blocksOf = (waves: readonly Open[][]): Open[][] =>
  waves.flatMap((wave) =>
    Array.from({ length: Math.ceil(wave.length / rowsPerBlock) }, (_, block) =>
      wave.slice(block * rowsPerBlock, (block + 1) * rowsPerBlock),
    ),
  );

/**
 * The marks are read after the records: whoever sees a record as another worker on the same rows left it sees the mark that came with it,
 * and tells the same of the row.
 */
async function writeWave(app: App, writing: Writing, entries: readonly Entry[]): Promise<Outcome[]> {
  const current = await readCurrent(app, writing, entries);
  const marks = writing.dryRun ? new Map<string, Outcome>() : await readMarks(app, writing, entries);
  const known = entries.map((entry) => marks.get(nameOf(markKey(writing, entry))));
  const open = [...entries.keys()].filter((position) => !known[position]);
  const made = await writeOpen(
    app,
    writing,
    open.map((position) => entries[position] as Entry),
    open.map((position) => current[position]),
  );
  const places = new Map(open.map((position, at) => [position, made[at]]));
  return known.map((outcome, position) => outcome ?? (places.get(position) as Outcome));
}

async function writeOpen(
  app: App,
  writing: Writing,
  entries: readonly Entry[],
  current: readonly (CrmRecord | undefined)[],
): Promise<Outcome[]> {
  const planned = await withLinks(app, writing, entries, await decideAll(app, writing, entries, current));
  const typeId = writing.plan.type.objectTypeId;
  const refused = (error: CrmError): Outcome => ({ result: 'ERROR', problems: problemsOf(error, typeId) });
  if (writing.dryRun) {
    const tried = await tryRows(app, writing, entries, planned);
    return tried.map((row) => (row instanceof CrmError ? refused(row) : outcomeOf(row)));
  }
  const errors = await commitGroups(
    app.table,
    planned.map((row, position) =>
      row instanceof CrmError ? [] : stepsOf(app, writing, entries[position] as Entry, row),
    ),
  );
  return inParallel(planned, 4, async (row, position) => {
    if (row instanceof CrmError) return refused(row);
    const error = errors[position];
    if (!error) return outcomeOf(row);
    try {
      return await again(app, writing, entries[position] as Entry, row, error);
    } catch (problem) {
      const told = asRowError(problem as Error);
      if (told.status >= 500) throw problem;
      return refused(told);
    }
  });
}

/** Where a policy asks for it, a new record comes with the associations of its row in one transaction, or is refused. */
async function withLinks(
  app: App,
  { links, dryRun }: Writing,
  entries: readonly Entry[],
  planned: readonly (Planned | CrmError)[],
): Promise<(Planned | CrmError)[]> {
  if (links.size === 0) return [...planned];
  return inParallel(planned, 8, async (row, position) => {
    if (row instanceof CrmError || !row.created) return row;
    const own = links.get(entries[position] as Entry) ?? [];
    try {
      await requireTypes(app, row.record.objectType, () => new Set(own.flatMap(({ to }) => to.objectType ?? [])));
      if (dryRun) return row;
      return { ...row, steps: [...row.steps, ...(await inlineSteps(app, row.record, own, { isNew: true }))] };
    } catch (error) {
      const told = asRowError(error as Error);
      if (told.status >= 500) throw error;
      return told;
    }
  });
}

const outcomeOf = ({ record, decision, created }: Planned) => ({
  result: created ? ('CREATED' as const) : decision ? ('UPDATED' as const) : ('UNCHANGED' as const),
  recordId: record.id,
  ...(decision && { decision }),
});

async function readCurrent(app: App, { plan }: Writing, entries: readonly Entry[]): Promise<(CrmRecord | undefined)[]> {
  const { key } = plan;
  if (!key || plan.operation === 'CREATE') return entries.map(() => undefined);
  const keyed = entries.flatMap((entry, position) => (entry.key === undefined ? [] : [{ id: entry.key, position }]));
  const { records } = await readReferenced(
    app,
    plan.type.objectTypeId,
    keyed.map(({ id }) => ({ id, idProperty: key.property })),
  );
  const found = new Map(keyed.map(({ position }, at) => [position, records[at]]));
  return entries.map((_, position) => found.get(position));
}

/** Thrown so that the rules are asked again with definitions read anew; holds what was decided. */
class SomeRefused extends CrmError {
  readonly planned: (Planned | CrmError)[];

  constructor(planned: SomeRefused['planned']) {
    super('VALIDATION_ERROR', 'Some rows were refused');
    this.planned = planned;
  }
}

async function decideAll(
  app: App,
  { plan }: Writing,
  entries: readonly Entry[],
  current: readonly (CrmRecord | undefined)[],
): Promise<(Planned | CrmError)[]> {
  try {
    return await withRules(app, plan.type.objectTypeId, (type, check) => {
      const planned = entries.map((entry, position) => {
        try {
          return decide(app, { type, check, plan }, entry, current[position]);
        } catch (error) {
          return asRowError(error as Error);
        }
      });
      if (planned.some((row) => row instanceof CrmError)) throw new SomeRefused(planned);
      return planned;
    });
  } catch (error) {
    if (error instanceof SomeRefused) return error.planned;
    throw error;
  }
}

type Rules = { readonly type: ObjectType; readonly check: Check; readonly plan: TypePlan };

function decide(app: App, { type, check, plan }: Rules, entry: Entry, current: CrmRecord | undefined): Planned {
  const now = app.now();
  if (current) {
    const values = check(entry.properties, { creating: false, current: current.properties, now });
    const decision = changedRecord(type, current, values, now);
    const steps = decision ? updateSteps(app, type, current, decision) : [];
    return { record: decision?.record ?? current, decision, created: false, steps };
  }
  const mustExist = plan.operation === 'UPDATE' || (plan.key?.property === 'hs_object_id' && entry.key !== undefined);
  if (mustExist && plan.operation !== 'CREATE') throw recordNotFound({ id: entry.key ?? '' });
  const values = check(propertiesOf(plan, entry), { creating: true, current: {}, now });
  const decision = newRecord(type, values, { id: app.newId(), now, actor: app.actor });
  return { record: decision.record, decision, created: true, steps: createSteps(app, type, decision) };
}

/** A new record has the value by which it was looked for. */
const propertiesOf = ({ key }: TypePlan, { key: value, properties }: Entry) =>
  key && value !== undefined && key.property !== 'hs_object_id'
    ? identified(properties, key.property, value)
    : properties;

/** The change with its mark. A row that changes nothing has one too: done again, it would undo what others changed meanwhile. */
function stepsOf(app: App, writing: Writing, entry: Entry, row: Planned): Step[] {
  const { result } = outcomeOf(row);
  const named = nameWrites(app, writing, entry, row.record.id).map(orStale);
  return [...row.steps, onceStep(markOf(app, writing, entry, row.record.id, result)), ...named];
}

const markOf = (
  app: App,
  writing: Writing,
  entry: Entry,
  recordId: string,
  result: z.output<typeof StoredMark>['result'],
): Mark => ({
  ...markKey(writing, entry),
  entity: 'import-row',
  result,
  recordId,
  expiresAt: keptUntil(app),
});

const outcomeOfMark = ({ mark }: AlreadyDone): Outcome => {
  const { result, recordId } = StoredMark.parse(mark);
  return { result, recordId };
};

/** A row that lost a race is done again alone, on what is there now. */
async function again(app: App, writing: Writing, entry: Entry, row: Planned, error: Error): Promise<Outcome> {
  if (error instanceof AlreadyDone) return outcomeOfMark(error);
  const { plan } = writing;
  const raced =
    error instanceof StaleRead ||
    (row.created && plan.operation === 'UPSERT' && error instanceof CrmError && error.category === 'CONFLICT');
  if (!raced) throw error;
  const type = plan.type.objectTypeId;
  const options = (created: boolean) => ({
    once: ({ id }: CrmRecord) => markOf(app, writing, entry, id, created ? 'CREATED' : 'UPDATED'),
    also: ({ id }: CrmRecord) => nameWrites(app, writing, entry, id),
    ...(created && { associations: writing.links.get(entry) ?? [] }),
  });
  try {
    if (!row.created) {
      const record = await updateRecord(app, type, { id: row.record.id }, entry.properties, options(false));
      return { result: 'UPDATED', recordId: record.id };
    }
    if (plan.operation === 'UPSERT' && plan.key && entry.key !== undefined) {
      const { record, created } = await upsertRecord(
        app,
        type,
        plan.key.property,
        entry.key,
        entry.properties,
        options(true),
      );
      return { result: created ? 'CREATED' : 'UPDATED', recordId: record.id };
    }
    const record = await createRecord(app, type, propertiesOf(plan, entry), options(true));
    return { result: 'CREATED', recordId: record.id };
  } catch (problem) {
    if (problem instanceof AlreadyDone) return outcomeOfMark(problem);
    throw problem;
  }
}
