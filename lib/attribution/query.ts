import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { cursor, limitOf } from '../core/page.ts';
import { dayIn } from '../flows/zoned-time.ts';
import { toNumber } from '../reports/amount.ts';
import { bucketAfter } from '../reports/bucket.ts';
import { attributionPartition, attributionPrefix } from '../table/attribution-keys.ts';
import { Dimension, Figures, nothing } from './place.ts';

const day = z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a day as 2026-04-01'));
const period = { by: Dimension, from: z.optional(day), to: z.optional(day) };
export const AttributionQuery = z.object(period);

/** The figures that can be listed; the deals behind `revenue`, else contacts. */
const Figure = z.enum(['firstTouch', 'leads', 'opportunities', 'customers', 'revenue']);
export const AttributionRecordsQuery = z.object({
  ...period,
  key: z.string().check(z.minLength(1), z.maxLength(1000)),
  figure: Figure,
  properties: z.optional(z.string()),
  after: z.optional(cursor),
  limit: limitOf(100, 500),
});
export type AttributionRecordsQuery = z.output<typeof AttributionRecordsQuery>;

const row = {
  firstTouch: z.number(),
  leads: z.number(),
  opportunities: z.number(),
  customers: z.number(),
  deals: z.number(),
  revenue: z.number(),
};
export const Attribution = z.object({
  by: Dimension,
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
  rows: z.array(z.object({ key: z.string(), ...row })),
  /** The sum of the rows that are not shown, where there are more than a thousand. */
  others: z.optional(z.object({ keys: z.number(), ...row })),
  asOf: z.string(),
});
type Attribution = z.output<typeof Attribution>;

const timeZone = 'Asia/Tokyo';
const usualDays = 30;
const mostMonths = 60;
const mostRows = 1000;
const byDay = { unit: 'day', weekStart: 'monday' } as const;
const byMonth = { unit: 'month', weekStart: 'monday' } as const;

type Asked = { readonly from?: string | undefined; readonly to?: string | undefined };

/** The days asked for; the last thirty in Japan by default. @throws CrmError 400 for a period that ends before it begins, or of over five years */
export function periodOf({ from, to }: Asked, now: string): { from: string; to: string } {
  const last = to ?? (from ? maxOf(from, dayIn(Date.parse(now), timeZone)) : dayIn(Date.parse(now), timeZone));
  const first = from ?? bucketAfter(last, byDay, 1 - usualDays);
  if (first > last) throw new CrmError('VALIDATION_ERROR', 'from: must not be after to');
  if (bucketAfter(first, byMonth, mostMonths) <= last)
    throw new CrmError('VALIDATION_ERROR', `A period has at most ${mostMonths} months`);
  return { from: first, to: last };
}

const maxOf = (one: string, other: string) => (one > other ? one : other);

type Range = { readonly unit: 'day' | 'month'; readonly from: string; readonly to: string };

/** Whole months by their own rows, and the days before and after them. */
export function rangesOf(from: string, to: string): Range[] {
  const firstMonth = from.endsWith('-01') ? from : bucketAfter(`${from.slice(0, 7)}-01`, byMonth);
  const afterLast = bucketAfter(to, byDay).slice(0, 7);
  const lastMonth = bucketAfter(`${afterLast}-01`, byMonth, -1).slice(0, 7);
  if (firstMonth.slice(0, 7) > lastMonth) return [{ unit: 'day', from, to }];
  const before = bucketAfter(firstMonth, byDay, -1);
  const after = `${afterLast}-01`;
  return [
    ...(from <= before ? [{ unit: 'day' as const, from, to: before }] : []),
    { unit: 'month', from: firstMonth.slice(0, 7), to: lastMonth },
    ...(after <= to ? [{ unit: 'day' as const, from: after, to }] : []),
  ];
}

const Cell = z.extend(Figures, { sk: z.string() });
const afterAll = '\u{10ffff}';

/** The figures of a period by source, campaign or page: three queries at most (a page for each megabyte), whatever the number of contacts. */
export async function readAttribution(
  app: App,
  { by, ...asked }: z.output<typeof AttributionQuery>,
): Promise<Attribution> {
  const { from, to } = periodOf(asked, app.now());
  const sums = new Map<string, Figures>();
  for (const range of rangesOf(from, to)) {
    const bounds = {
      from: attributionPrefix(range.unit, range.from),
      to: `${attributionPrefix(range.unit, range.to)}#${afterAll}`,
    };
    for (const cell of await app.table.all({ pk: attributionPartition(by), ...bounds }, Cell)) {
      const key = cell.sk.split('#').slice(2).join('#');
      sums.set(key, added(sums.get(key) ?? nothing, cell));
    }
  }
  const all = [...sums].filter(([, figures]) => figures.firstTouch !== 0 || figures.deals !== 0).toSorted(byFirstTouch);
  const rest = all.slice(mostRows);
  const others = rest.map(([, figures]) => figures).reduce(added, nothing);
  return {
    by,
    from,
    to,
    timeZone,
    rows: all.slice(0, mostRows).map(([key, figures]) => ({ key, ...shown(figures) })),
    ...(rest.length > 0 && { others: { keys: rest.length, ...shown(others) } }),
    asOf: app.now(),
  };
}

const byFirstTouch = ([oneKey, one]: [string, Figures], [otherKey, other]: [string, Figures]) =>
  other.firstTouch - one.firstTouch || (oneKey < otherKey ? -1 : 1);

const added = (one: Figures, other: Figures): Figures => ({
  firstTouch: one.firstTouch + other.firstTouch,
  leads: one.leads + other.leads,
  opportunities: one.opportunities + other.opportunities,
  customers: one.customers + other.customers,
  deals: one.deals + other.deals,
  whole: one.whole + other.whole,
  micro: one.micro + other.micro,
});

const shown = ({ whole, micro, ...figures }: Figures) => ({ ...figures, revenue: toNumber({ whole, micro }) });
