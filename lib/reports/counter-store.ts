import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { contributionListing, counterKey, counterPartition, counterPrefix } from '../table/keys.ts';

const CounterRow = z.object({
  sk: z.string(),
  count: z._default(z.number(), 0),
  whole: z._default(z.number(), 0),
  micro: z._default(z.number(), 0),
});

/** The number of records of a cell, and the sum of their amounts. */
export type Counter = { readonly cell: string; readonly count: number; readonly whole: number; readonly micro: number };

const counterOf = ({ sk, ...numbers }: z.output<typeof CounterRow>): Counter => ({
  cell: sk.slice(counterPrefix.length),
  ...numbers,
});

/** Sorts after every cell that begins with the same bucket. */
const afterAll = '\u{10ffff}';

/** The counters of a report, those of a range of buckets or all, in the order of their cells: one query, a page for each megabyte. */
export async function readCounters(
  app: App,
  counterId: string,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined } = {},
): Promise<Counter[]> {
  const lowest = `${counterPrefix}${from ?? ''}`;
  const highest = `${counterPrefix}${to === undefined ? '' : `${to}#`}${afterAll}`;
  const rows = await app.table.all({ pk: counterPartition(counterId), from: lowest, to: highest }, CounterRow);
  return rows.map(counterOf);
}

/** A few counters after a cell, in order. */
export async function countersAfter(app: App, counterId: string, after: string | undefined, limit: number) {
  const { items, lastKey } = await app.table.query(
    {
      pk: counterPartition(counterId),
      prefix: counterPrefix,
      limit,
      ...(after !== undefined && { startAfter: counterKey(counterId, after) }),
    },
    CounterRow,
  );
  return { counters: items.map(counterOf), more: lastKey !== undefined };
}

export async function readCounter(app: App, counterId: string, cell: string): Promise<Counter> {
  const row = await app.table.get(counterKey(counterId, cell), CounterRow);
  return row ? counterOf(row) : { cell, count: 0, whole: 0, micro: 0 };
}

const Listed = z.object({ whole: z._default(z.number(), 0), micro: z._default(z.number(), 0) });

/** What the contributions to a cell add up to, all of them read. */
export async function sumOfContributions(app: App, counterId: string, cell: string): Promise<Counter> {
  const rows = await app.table.all({ pk: contributionListing(counterId, cell), index: 'gsi1' }, Listed);
  return {
    cell,
    count: rows.length,
    whole: rows.reduce((sum, { whole }) => sum + whole, 0),
    micro: rows.reduce((sum, { micro }) => sum + micro, 0),
  };
}
