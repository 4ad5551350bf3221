import { dayIn, defaultZone, momentOf } from '../flows/zoned-time.ts';
import { type Pace, planned, unlimited } from './pace.ts';
import { nextWorkingMoment } from './working-hours.ts';

/** Prices of Tokyo (ap-northeast-1) in US dollars, without the free tier: a mail of SES, and a million units of the table on demand. */
const prices = { of: '2026-11-01', mail: 0.0001, writeUnits: 0.715, readUnits: 0.1425 };
/** Units that a recipient takes, from expansion to the news of its delivery (`npm run bench sends`). */
const unitsPerRecipient = { write: 32, read: 14 };
/** A mail to somebody who is left out takes none of this but the row that says why. */
const unitsPerExcluded = { write: 4, read: 8 };

/** What a send of so many mails costs. */
export function costOf(toSend: number, excluded: number) {
  const write = toSend * unitsPerRecipient.write + excluded * unitsPerExcluded.write;
  const read = toSend * unitsPerRecipient.read + excluded * unitsPerExcluded.read;
  const ses = toSend * prices.mail;
  const table = (write * prices.writeUnits + read * prices.readUnits) / 1e6;
  return {
    estimatedCost: rounded(ses + table),
    costs: { ses: rounded(ses), table: rounded(table), pricesOf: prices.of },
  };
}

const rounded = (dollars: number) => Math.round(dollars * 1e6) / 1e6;

const dayMs = 86_400_000;
/** A pace that even a small account of SES keeps, where SES has not told its own yet. */
const usualRate = 10;
const closes = 18;
const mostSteps = 2000;

type Send = {
  /** How many mails may go from which moment on. */
  readonly moments: readonly (readonly [at: string, mails: number])[];
  readonly businessHours: boolean;
};

/**
 * When the last mail goes out, at the pace and within the day's limits of now. Mails of other sends that are on their way at the same time
 * make it later.
 */
export function endOf(
  { moments, businessHours }: Send,
  pace: Pace,
  at: { now: number; closedOn: ReadonlySet<string> },
) {
  const rate = pace.rate > 0 ? pace.rate : usualRate;
  const used = new Map(pace.day === undefined ? [] : [[pace.day, pace.dayUsed ?? 0] as const]);
  let time = at.now;
  let steps = 0;
  for (const [moment, mails] of moments.toSorted()) {
    time = Math.max(time, Date.parse(moment));
    for (let left = mails; left > 0 && steps < mostSteps; steps += 1) {
      if (businessHours) time = nextWorkingMoment(time, defaultZone, at.closedOn);
      const day = dayIn(time, defaultZone);
      const within = Math.min(planned(pace.warmUp ?? {}, day) ?? unlimited, pace.daily ?? unlimited);
      const ends = businessHours
        ? momentOf(day, { hour: closes, minute: 0 }, defaultZone)
        : momentOf(dayIn(time + dayMs, defaultZone), { hour: 0, minute: 0 }, defaultZone);
      const room = Math.max(0, Math.min(within - (used.get(day) ?? 0), Math.ceil(((ends - time) / 1000) * rate)));
      const go = Math.min(left, room);
      used.set(day, (used.get(day) ?? 0) + go);
      left -= go;
      time = left > 0 ? ends : time + (go / rate) * 1000;
    }
  }
  return new Date(Math.ceil(time)).toISOString();
}
