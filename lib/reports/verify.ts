import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { archivedPage, ListedAfter, livePage } from '../objects/record-pages.ts';
import { pause } from '../table/contention.ts';
import type { RecordRef } from '../table/keys.ts';
import { toNumber } from './amount.ts';
import { keysOf } from './cell.ts';
import { Misplaced, misplacedAmong } from './compare.ts';
import { counterIdOf } from './contribution-store.ts';
import { type Counter, countersAfter, readCounter, sumOfContributions } from './counter-store.ts';
import { verifyKind } from './job-kinds.ts';
import { readReport } from './read-store.ts';
import { type Report, walkedBy } from './schema.ts';
import { Difference, type Verification } from './verification.ts';

const recordsPerSlice = 200;
const cellsPerSlice = 20;
/** As many are named; `different` of the result counts them all. */
const mostNamed = 100;

const Cursor = z.object({
  phase: z.enum(['live', 'archived', 'cells']),
  after: z.optional(ListedAfter),
  cell: z.optional(z.string()),
  misplaced: z.array(Misplaced),
  differences: z.array(Difference),
});
type Cursor = z.output<typeof Cursor>;

const start: Cursor = { phase: 'live', misplaced: [], differences: [] };

/**
 * Recounts a report: each live record and each archived one against its contribution, then the contributions of each cell against its
 * counter. It may run while records change: what is under way is looked at again before it counts as different.
 */
export const reportVerify = defineJob({
  kind: verifyKind,
  input: z.object({ reportId: z.string() }),
  cursor: Cursor,
  slice: async (app, { input, cursor = start, job }) => {
    const report = await readReport(app, input.reportId);
    return cursor.phase === 'cells'
      ? cellsSlice(app, report, cursor, job.counts)
      : recordsSlice(app, report, cursor, cursor.phase);
  },
});

async function recordsSlice(
  app: App,
  report: Report,
  cursor: Cursor,
  phase: 'live' | 'archived',
): Promise<Slice<Cursor>> {
  const pageOf = phase === 'live' ? livePage : archivedPage;
  const page = { limit: recordsPerSlice, ...(cursor.after && { after: cursor.after }) };
  const { refs, after } = await pageOf(app, walkedBy(report), page);
  const found = await misplacedAmong(
    app,
    refs.map((ref: RecordRef) => ({ ref, report })),
  );
  const { after: _, ...rest } = cursor;
  const next: Cursor = {
    ...rest,
    phase: after ? phase : phase === 'live' ? 'archived' : 'cells',
    misplaced: [...cursor.misplaced, ...found].slice(0, mostNamed),
    ...(after && { after }),
  };
  const counts = { records: refs.length, misplaced: found.length };
  return { done: false, processed: refs.length, counts, cursor: next };
}

async function cellsSlice(
  app: App,
  report: Report,
  cursor: Cursor,
  before: Readonly<Record<string, number>>,
): Promise<Slice<Cursor>> {
  const { counters, more } = await countersAfter(app, counterIdOf(report), cursor.cell, cellsPerSlice);
  const found: Difference[] = [];
  for (const counter of counters) found.push(...(await differenceOf(app, report, counter, cursor.misplaced)));
  const differences = [...cursor.differences, ...found].slice(0, mostNamed);
  const cell = counters.at(-1)?.cell ?? cursor.cell;
  const counts = { cells: counters.length };
  if (more)
    return {
      done: false,
      processed: 0,
      counts,
      cursor: { ...cursor, differences, ...(cell !== undefined && { cell }) },
    };
  const named = [...differences, ...uncounted(report, cursor.misplaced, differences)];
  const misplaced = before.misplaced ?? 0;
  const result: Verification = {
    equal: named.length === 0 && misplaced === 0,
    records: before.records ?? 0,
    cells: (before.cells ?? 0) + counters.length,
    misplaced,
    differences: named,
  };
  return { done: true, processed: 0, counts, result };
}

const looks = 8;
const pauseLength = 4;

/** The counter moves with the contributions, the list of them follows within a moment: a difference must last. */
async function differenceOf(
  app: App,
  report: Report,
  first: Counter,
  misplaced: readonly Misplaced[],
): Promise<Difference[]> {
  const counterId = counterIdOf(report);
  const here = misplaced.filter(({ counted, belongs }) => counted?.cell === first.cell || belongs?.cell === first.cell);
  let counter = first;
  for (let look = 1; ; look += 1) {
    const sum = await sumOfContributions(app, counterId, first.cell);
    if (here.length === 0 && sameNumbers(sum, counter)) return [];
    if (look === looks || here.length > 0) return [describe(report, counter, recounted(sum, here), here)];
    await pause(pauseLength);
    counter = await readCounter(app, counterId, first.cell);
  }
}

const sameNumbers = (one: Counter, other: Counter) =>
  one.count === other.count && one.whole === other.whole && one.micro === other.micro;

/** The sum of the contributions with the records put where they belong. */
function recounted(sum: Counter, misplaced: readonly Misplaced[]): Counter {
  let { count, whole, micro } = sum;
  for (const { counted, belongs } of misplaced) {
    for (const [place, by] of [
      [counted, -1],
      [belongs, 1],
    ] as const) {
      if (place?.cell !== sum.cell) continue;
      count += by;
      whole += by * place.whole;
      micro += by * place.micro;
    }
  }
  return { cell: sum.cell, count, whole, micro };
}

function describe(report: Report, counted: Counter, recounted: Counter, records: readonly Misplaced[]): Difference {
  const sums = report.definition.measure.type !== 'COUNT';
  return {
    keys: keysOf(counted.cell),
    counted: counted.count,
    recounted: recounted.count,
    ...(sums && { countedSum: toNumber(counted), recountedSum: toNumber(recounted) }),
    recordIds: records.map(({ id }) => id),
  };
}

/** Cells that have no counter though records belong there. */
function uncounted(report: Report, misplaced: readonly Misplaced[], known: readonly Difference[]): Difference[] {
  const names = new Set(known.map(({ keys }) => JSON.stringify(keys)));
  const cells = new Set(misplaced.flatMap(({ belongs }) => belongs?.cell ?? []));
  return [...cells]
    .filter((cell) => !names.has(JSON.stringify(keysOf(cell))))
    .map((cell) => {
      const nothing = { cell, count: 0, whole: 0, micro: 0 };
      const here = misplaced.filter(({ belongs }) => belongs?.cell === cell);
      return describe(report, nothing, recounted(nothing, here), here);
    });
}
