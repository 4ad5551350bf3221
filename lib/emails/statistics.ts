import { exclusions } from '../sends/exclusion-reasons.ts';
import type { Statistics } from './schema.ts';

/** The totals of sends, added up: ledger and exclusions, by name. */
export type Totals = Readonly<Record<string, number>>;

export function sumOfTotals(all: readonly Totals[]): Totals {
  const sum: Record<string, number> = {};
  for (const totals of all) for (const [name, by] of Object.entries(totals)) sum[name] = (sum[name] ?? 0) + by;
  return sum;
}

const percent = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100);

/**
 * HubSpot's statistics of what the ledgers say, each person once: `sent` is what SES took, `selected` = `sent` + `pending` + `notsent`. Ratios are
 * percents of what was delivered, those of `sent` (delivered, bounce, pending, notsent) of what was to be sent; click-through is of openings.
 */
export function statisticsOf(totals: Totals): Statistics {
  const of = (name: string) => totals[name] ?? 0;
  // Who was not drawn was never to get it.
  const suppressed = exclusions.reduce((sum, reason) => sum + (reason === 'NOT_SAMPLED' ? 0 : of(reason)), 0);
  const dropped = of('failed') + of('cancelled');
  const counters = {
    selected: of('recipients') + suppressed,
    sent: of('accepted'),
    delivered: of('delivered'),
    open: of('opened'),
    click: of('clicked'),
    bounce: of('bounced'),
    unsubscribed: of('unsubscribed'),
    spamreport: of('complained'),
    pending: of('pending'),
    suppressed,
    dropped,
    notsent: suppressed + dropped,
  };
  const { sent, delivered, selected } = counters;
  const ratios = {
    deliveredratio: percent(delivered, sent),
    bounceratio: percent(counters.bounce, sent),
    openratio: percent(counters.open, delivered),
    clickratio: percent(counters.click, delivered),
    clickthroughratio: percent(counters.click, counters.open),
    unsubscribedratio: percent(counters.unsubscribed, delivered),
    spamreportratio: percent(counters.spamreport, delivered),
    pendingratio: percent(counters.pending, selected),
    notsentratio: percent(counters.notsent, selected),
  };
  return { counters, ratios, deviceBreakdown: {}, qualifierStats: {} };
}

export const intervals = [
  'SECOND',
  'MINUTE',
  'QUARTER_HOUR',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
] as const;
export type Interval = (typeof intervals)[number];

const fixedMs: Partial<Record<Interval, number>> = {
  SECOND: 1000,
  MINUTE: 60_000,
  QUARTER_HOUR: 900_000,
  HOUR: 3_600_000,
  DAY: 86_400_000,
};
/** Days are those of Japan, which has no summer time. */
const japanMs = 9 * 3_600_000;
const mondayMs = 4 * 86_400_000;
const weekMs = 7 * 86_400_000;

/** The interval that a moment lies in: from the first moment to the one after the last. */
export function intervalOf(at: string, interval: Interval): { readonly start: string; readonly end: string } {
  const local = Date.parse(at) + japanMs;
  const [start, end] = spanOf(local, interval);
  return { start: new Date(start - japanMs).toISOString(), end: new Date(end - japanMs).toISOString() };
}

function spanOf(local: number, interval: Interval): readonly [number, number] {
  const fixed = fixedMs[interval];
  if (fixed) return [Math.floor(local / fixed) * fixed, (Math.floor(local / fixed) + 1) * fixed];
  if (interval === 'WEEK') {
    const week = Math.floor((local - mondayMs) / weekMs) * weekMs + mondayMs;
    return [week, week + weekMs];
  }
  const day = new Date(local);
  const months = interval === 'MONTH' ? 1 : interval === 'QUARTER' ? 3 : 12;
  const first = Math.floor(day.getUTCMonth() / months) * months;
  return [Date.UTC(day.getUTCFullYear(), first), Date.UTC(day.getUTCFullYear(), first + months)];
}
