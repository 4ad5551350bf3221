import type { AssociationInput } from '../associations/inline.ts';
import { blockingPolicy } from '../associations/policy.ts';
import { loadPolicies } from '../associations/policy-store.ts';
import { putFile, readFile } from '../aws/files.ts';
import type { App } from '../core/app.ts';
import { csvLine, originalCell } from '../files/csv-text.ts';
import { hasEnded } from '../jobs/job.ts';
import { findJob } from '../jobs/store.ts';
import { StaleRead } from '../table/contention.ts';
import { importErrorsKey } from '../table/import-keys.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { Write } from '../table/write.ts';
import { associateRow, linksOfNew, type RowRecords } from './associate.ts';
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

type Given = { readonly app: App; readonly stored: StoredImport; readonly readings: readonly Reading[] };

/** Writes the rows of one chunk, and what became of each into a piece of the result. */
export async function writeChunk(given: Given, plans: readonly FilePlan[], number: number): Promise<Written> {
  const { app, stored } = given;
  const content = await readFile(places.chunk(stored.id, number));
  if (!content) throw new Error(`A chunk of an import is missing: ${number}`);
  const chunk = Chunk.parse(JSON.parse(content.toString('utf8')));
  const plan = plans[chunk.file] as FilePlan;
  const columns = new Map(chunk.header.map((name, position) => [name, position]));
  const rows = chunk.rows.map((row) => readCells(given, plan, columns, chunk, row));
  const counts: Record<string, number> = {};
  const policies = await loadPolicies(app);
  const isBlocked = ({ type }: TypePlan) => blockingPolicy(policies, type.objectTypeId, app.actor) !== undefined;
  // Those that a policy wants associated come after the records with which they can be.
  for (const type of plan.types.toSorted((one, other) => Number(isBlocked(one)) - Number(isBlocked(other)))) {
    const linksOf = (row: Row) => linksOfNew(app, stored.id, plan, type.type.objectTypeId, recordsOf(row, columns));
    add(counts, await writeType(given, type, rows, isBlocked(type) ? linksOf : undefined));
  }
  await associateAll(given, plan, columns, rows);
  const header = chunk.first ? csvLine([...chunk.header, ...resultColumns]) : '';
  await putFile(places.piece(stored.id, number + 1), header + rows.map((row) => resultLine(row, plan)).join(''), csv);
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

function readCells(
  { readings }: Given,
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
    const read = readRow(type, columns, { file, line, cells }, readings[file] as Reading);
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
  linksOf: ((row: Row) => Promise<AssociationInput[]>) | undefined,
): Promise<Record<string, number>> {
  const { dryRun, runWorkflows } = stored.request;
  const open = rows.flatMap((row) => {
    const entry = row.entries.get(plan);
    return entry ? [{ row, entry }] : [];
  });
  const found = linksOf
    ? await inParallel(open, 8, async ({ row, entry }) => [entry, await linksOf(row)] as const)
    : [];
  const outcomes = await writeEntries(
    app,
    { importId: stored.id, plan, dryRun, links: new Map(found), goOn: () => refuseEnded(app, stored) },
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

/** What an import that was cancelled has written is all that it writes, within a second: then it can be undone. */
async function refuseEnded(app: App, { jobId }: StoredImport): Promise<void> {
  const job = await findJob(app, jobId);
  if (job && hasEnded(job)) throw new StaleRead('The import has ended');
}

async function associateAll(
  { app, stored }: Given,
  plan: FilePlan,
  columns: ReadonlyMap<string, number>,
  rows: readonly Row[],
): Promise<void> {
  const linked = rows.filter(({ outcomes }) => outcomes.size > 1 || (outcomes.size > 0 && plan.foreign.length > 0));
  await inParallel(linked, 8, async (row) => {
    row.problems.push(...(await associateRow(app, stored, plan, recordsOf(row, columns))));
  });
}

/** The records of a row that are there, and its cells by the names of the columns. */
function recordsOf({ outcomes, cells }: Row, columns: ReadonlyMap<string, number>): RowRecords {
  const records = new Map(
    [...outcomes].flatMap(([{ type }, outcome]) =>
      outcome.result !== 'ERROR' && outcome.recordId !== undefined ? [[type.objectTypeId, outcome.recordId]] : [],
    ),
  );
  return { records, cellOf: (column) => originalCell(cells[columns.get(column) ?? -1] ?? '').trim() };
}

function add(counts: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, by] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + by;
}

/** The columns that a result has besides those of the file. */
const resultColumns = ['結果 (result)', 'レコードID (record id)', '内容 (message)'];

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
