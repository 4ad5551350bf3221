import { blockingPolicy } from '../associations/policy.ts';
import { loadPolicies } from '../associations/policy-store.ts';
import { putFile, readFile } from '../aws/files.ts';
import type { App } from '../core/app.ts';
import { csvLine, originalCell } from '../files/csv-text.ts';
import { importErrorsKey } from '../table/import-keys.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { Write } from '../table/write.ts';
import { associateRow, associationsOf } from './associate.ts';
import type { Reading } from './cell-value.ts';
import type { FilePlan, TypePlan } from './mapping.ts';
import { csv, json, places } from './places.ts';
import { type Entry, readRow } from './row.ts';
import { Chunk, type RowErrors, type RowProblem, type StoredImport } from './schema.ts';
import { simulateFlows } from './simulate.ts';
import { type Outcome, writeEntries } from './write.ts';

/** What a row of a chunk came to. */
type Row = {
  readonly line: number;
  readonly cells: readonly string[];
  readonly problems: RowProblem[];
  readonly entries: Map<TypePlan, Entry>;
  readonly outcomes: Map<TypePlan, Outcome>;
};

export type Written = {
  readonly rows: number;
  readonly counts: Record<string, number>;
  readonly also: readonly Write[];
};

type Given = { readonly app: App; readonly stored: StoredImport; readonly owners: Reading['owners'] };

/** Writes the rows of one chunk, and what became of each into a piece of the result. */
export async function writeChunk(given: Given, plans: readonly FilePlan[], number: number): Promise<Written> {
  const { app, stored } = given;
  const content = await readFile(places.chunk(stored.id, number));
  if (!content) throw new Error(`A chunk of an import is missing: ${number}`);
  const chunk = Chunk.parse(JSON.parse(content.toString('utf8')));
  const plan = plans[chunk.file] as FilePlan;
  const columns = new Map(chunk.header.map((name, position) => [name, position]));
  const reading = readingOf(given, chunk.file);
  const rows = chunk.rows.map((row) => readCells(reading, plan, columns, chunk, row));
  const counts: Record<string, number> = {};
  for (const type of await inOrder(app, plan)) {
    if (type.mustBeAssociated) await nameAssociations(given, plan, type.plan, columns, rows);
    add(counts, await writeType(given, type.plan, rows));
  }
  if (!stored.request.dryRun) await associateAll(app, stored.id, plan, columns, rows);
  await putFile(places.piece(stored.id, number + 1), rows.map((row) => resultLine(row, plan)).join(''), csv);
  const failed = rows.filter(({ problems }) => problems.length > 0);
  const errors = failed.map(
    ({ line, cells, problems }): RowErrors => ({ file: chunk.file, line, cells: [...cells], problems }),
  );
  if (errors.length > 0) await putFile(places.errors(stored.id, number), JSON.stringify(errors), json);
  add(counts, { errors: failed.length });
  const key = importErrorsKey(stored.id, number);
  const note = { put: { ...key, entity: 'import-errors', chunk: number, count: errors.length } };
  return { rows: rows.length, counts, also: [errors.length > 0 ? note : { remove: key }] };
}

/** Records that must come with associations are written after those which they are associated with. */
async function inOrder(app: App, { types }: FilePlan) {
  const policies = await loadPolicies(app);
  return types
    .map((plan) => ({
      plan,
      mustBeAssociated: blockingPolicy(policies, plan.type.objectTypeId, app.actor) !== undefined,
    }))
    .toSorted((one, other) => Number(one.mustBeAssociated) - Number(other.mustBeAssociated));
}

async function nameAssociations(
  { app, stored }: Given,
  plan: FilePlan,
  type: TypePlan,
  columns: ReadonlyMap<string, number>,
  rows: readonly Row[],
): Promise<void> {
  await inParallel(rows, 8, async (row) => {
    const entry = row.entries.get(type);
    if (!entry) return;
    const known = { records: recordsOf(row), cellOf: cellsOf(row, columns) };
    const associations = await associationsOf(app, stored.id, plan, type.type.objectTypeId, known);
    row.entries.set(type, { ...entry, associations });
  });
}

/** A file's own order of day and month goes before the one of the request. */
const readingOf = ({ stored: { request }, owners }: Given, file: number): Reading => ({
  dateFormat: request.files[file]?.dateFormat ?? request.dateFormat ?? 'MONTH_DAY_YEAR',
  owners,
});

function readCells(
  reading: Reading,
  plan: FilePlan,
  columns: ReadonlyMap<string, number>,
  { file, header }: Chunk,
  { line, cells: given }: Chunk['rows'][number],
): Row {
  const cells = given.map(originalCell);
  const row: Row = { line, cells: given, problems: [], entries: new Map(), outcomes: new Map() };
  if (cells.length !== header.length) {
    const message = `The row has ${cells.length} columns, the header ${header.length}`;
    row.problems.push({ errorType: 'INCORRECT_NUMBER_OF_COLUMNS', message });
    return row;
  }
  for (const type of plan.types) {
    const read = readRow(type, columns, { file, line, cells }, reading);
    if (read && 'problems' in read) row.problems.push(...read.problems);
    else if (read) row.entries.set(type, read.entry);
  }
  // A row with a cell that cannot be read is not written at all.
  if (row.problems.length > 0) row.entries.clear();
  return row;
}

async function writeType(
  { app, stored }: Given,
  plan: TypePlan,
  rows: readonly Row[],
): Promise<Record<string, number>> {
  const { dryRun, runWorkflows } = stored.request;
  const open = rows.flatMap((row) => {
    const entry = row.entries.get(plan);
    return entry ? [{ row, entry }] : [];
  });
  const outcomes = await writeEntries(
    app,
    { importId: stored.id, plan, dryRun },
    open.map(({ entry }) => entry),
  );
  const counts: Record<string, number> = {};
  for (const [position, { row }] of open.entries()) {
    const outcome = outcomes[position] as Outcome;
    row.outcomes.set(plan, outcome);
    if (outcome.result === 'ERROR') row.problems.push(...outcome.problems);
    else add(counts, { [outcome.result.toLowerCase()]: 1 });
  }
  if (runWorkflows !== 'SIMULATE') return counts;
  const runs = await simulateFlows(app, plan.type.objectTypeId, outcomes);
  return { ...counts, ...Object.fromEntries(Object.entries(runs).map(([flowId, count]) => [`flow:${flowId}`, count])) };
}

async function associateAll(
  app: App,
  importId: string,
  plan: FilePlan,
  columns: ReadonlyMap<string, number>,
  rows: readonly Row[],
): Promise<void> {
  const linked = rows.filter(({ outcomes }) => outcomes.size > 1 || (outcomes.size > 0 && plan.foreign.length > 0));
  await inParallel(linked, 8, async (row) => {
    const known = { records: recordsOf(row), cellOf: cellsOf(row, columns) };
    row.problems.push(...(await associateRow(app, importId, plan, known)));
  });
}

const recordsOf = ({ outcomes }: Row) =>
  new Map(
    [...outcomes].flatMap(([{ type }, outcome]) =>
      outcome.result !== 'ERROR' && outcome.recordId !== undefined
        ? [[type.objectTypeId, outcome.recordId] as const]
        : [],
    ),
  );

const cellsOf =
  ({ cells }: Row, columns: ReadonlyMap<string, number>) =>
  (column: string) =>
    originalCell(cells[columns.get(column) ?? -1] ?? '').trim();

function add(counts: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, by] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + by;
}

/** The columns that a result has besides those of the file. */
export const resultColumns = ['結果 (result)', 'レコードID (record id)', '内容 (message)'];

/** The row as it came, with what happened, to which record, and why not. */
function resultLine({ cells, problems, outcomes }: Row, { types }: FilePlan): string {
  const several = types.length > 1;
  const told = [...outcomes].map(([{ type }, outcome]) => ({ type: type.objectTypeId, outcome }));
  const result = told.map(({ type, outcome }) => (several ? `${type}: ${outcome.result}` : outcome.result)).join('; ');
  const ids = told.flatMap(({ type, outcome }) => {
    const id = outcome.result === 'ERROR' || outcome.result === undefined ? undefined : outcome.recordId;
    return id === undefined ? [] : [several ? `${type}: ${id}` : id];
  });
  const message = problems.map(({ message, property }) => (property ? `${property}: ${message}` : message)).join('; ');
  return csvLine([
    ...cells.map(originalCell),
    result || (problems.length > 0 ? 'ERROR' : 'EMPTY'),
    ids.join('; '),
    message,
  ]);
}
