import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { readDatetime } from '../objects/moment.ts';
import { totalsOf } from '../sends/ledger.ts';
import { inParallel } from '../table/in-parallel.ts';
import { Statistics, type StoredEmail } from './schema.ts';
import { type EmailSend, sendsBetween, sendsOfEmail } from './send-row.ts';
import { type Interval, intervalOf, statisticsOf, sumOfTotals, type Totals } from './statistics.ts';

const readsAtOnce = 10;

export const Aggregate = z.object({
  emails: z.array(z.number()),
  campaignAggregations: z.record(z.string(), Statistics),
  aggregate: Statistics,
});
export type Aggregate = z.output<typeof Aggregate>;

export const Histogram = z.object({
  total: z.number(),
  results: z.array(z.object({ interval: z.object({ start: z.string(), end: z.string() }), aggregations: Statistics })),
});
export type Histogram = z.output<typeof Histogram>;

export type Span = {
  readonly startTimestamp?: string | undefined;
  readonly endTimestamp?: string | undefined;
  readonly emailIds?: readonly string[] | undefined;
};

type Counted = EmailSend & { readonly totals: Totals };

/** Sends that began in the time, with their totals as they are now. */
async function countedSends(app: App, { startTimestamp, endTimestamp, emailIds = [] }: Span): Promise<Counted[]> {
  const from = startTimestamp === undefined ? '0' : (readDatetime(startTimestamp) ?? '0');
  const to = endTimestamp === undefined ? '9' : (readDatetime(endTimestamp) ?? '9');
  const wanted = new Set(emailIds);
  const sends = (await sendsBetween(app, from, to)).filter(({ emailId }) => wanted.size === 0 || wanted.has(emailId));
  return inParallel(sends, readsAtOnce, async (send) => ({ ...send, totals: await totalsOf(app, send.sendId) }));
}

const totalOf = (sends: readonly Counted[]): Totals => sumOfTotals(sends.map(({ totals }) => totals));

/** The sends of a time together, and for each of their e-mails. */
export async function aggregateOf(app: App, span: Span): Promise<Aggregate> {
  const sends = await countedSends(app, span);
  const byEmail = Map.groupBy(sends, ({ emailId }) => emailId);
  return {
    emails: [...byEmail.keys()].map(Number),
    campaignAggregations: Object.fromEntries(
      [...byEmail].map(([id, some]) => [id, statisticsOf(totalOf(some))] as const),
    ),
    aggregate: statisticsOf(totalOf(sends)),
  };
}

/** As HubSpot's: each interval with what became, until now, of the mails whose send began in it. */
export async function histogramOf(app: App, { interval, ...span }: Span & { interval: Interval }): Promise<Histogram> {
  const sends = await countedSends(app, span);
  const groups = Map.groupBy(sends, ({ at }) => intervalOf(at, interval).start);
  const results = [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([start, some]) => ({ interval: intervalOf(start, interval), aggregations: statisticsOf(totalOf(some)) }));
  return { total: results.length, results };
}

/** What became of everything that an e-mail sent; with `variants` of its variation, too. */
export async function statisticsFor(
  app: App,
  { id, otherId }: Pick<StoredEmail, 'id' | 'otherId'>,
  { variants = false } = {},
): Promise<Statistics> {
  const ids = variants && otherId !== undefined ? [id, otherId] : [id];
  const sends = (await inParallel(ids, readsAtOnce, (each) => sendsOfEmail(app, each))).flat();
  const totals = await inParallel(sends, readsAtOnce, ({ sendId }) => totalsOf(app, sendId));
  return statisticsOf(sumOfTotals(totals));
}
