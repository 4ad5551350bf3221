import * as z from 'zod/mini';
import { dayIn, defaultZone, momentOf } from '../flows/zoned-time.ts';
import { WarmUp } from './settings.ts';

/** The pace at which all workers together give mail to SES. Times are in milliseconds. */
export const Pace = z.object({
  /** The theoretical arrival time (GCRA): the moment of the first slot that nobody has taken. */
  next: z.number(),
  /** Mails a second. */
  rate: z.number(),
  /** How many more SES takes within its 24 hours, by what it last told. */
  left: z.number(),
  refreshAt: z.number(),
  slowedAt: z._default(z.number(), 0),
  /** How many SES takes in 24 hours, by what it last told. */
  daily: z.optional(z.number()),
  /** The plan of a new domain, and how many mails took a slot on the day (in Japan) that was last asked for. */
  warmUp: z.optional(z.partial(WarmUp)),
  day: z.optional(z.string()),
  dayUsed: z.optional(z.number()),
});
export type Pace = z.output<typeof Pace>;

/** Other mail (flows) goes out unpaced: a part of SES's rate is left to it. */
const share = 0.9;
const refreshMs = 5 * 60_000;
/**
 * A worker waits this long at most with a slot in its hand. At the 14 mails a second of a usual account that keeps ten workers with ten
 * mails each busy, and no message has to come twice.
 */
export const horizonMs = 10_000;
const exhaustedMs = 15 * 60_000;
/** What stands for no limit. */
export const unlimited = 1e12;

/** SES answers who asks for the quota once a second: one worker asks, the others wait for it this long. */
export const askingMs = 2000;
/** Before SES told anything, nothing goes out. */
export const unknownPace = (now: number): Pace => ({
  next: now,
  rate: 0,
  left: 0,
  refreshAt: now + askingMs,
  slowedAt: 0,
});

/** The pace by what SES told now. Slots that were taken stay taken. */
export const paceBy = (
  { rate, daily, sent }: { readonly rate: number; readonly daily: number; readonly sent: number },
  now: number,
  next = now,
): Pace => ({
  next,
  rate: rate * share,
  left: daily < 0 ? unlimited : Math.max(0, Math.floor(daily - sent)),
  daily: daily < 0 ? unlimited : daily,
  refreshAt: now + refreshMs,
  slowedAt: 0,
});

const dayMs = 86_400_000;

/** How many mails the plan allows on a day; undefined when it limits nothing then. */
export function planned({ startOn, perDay = [] }: Partial<WarmUp>, day: string): number | undefined {
  return startOn === undefined ? undefined : perDay[Math.round((Date.parse(day) - Date.parse(startOn)) / dayMs)];
}

export type Room = {
  readonly mails: number;
  /** When there is room again, should there be none. */
  readonly againAt: number;
};

/** How many mails may still be given to SES today: by what its 24 hours have left, and by the plan. */
export function roomIn({ left, refreshAt, warmUp = {}, day, dayUsed = 0 }: Pace, now: number): Room {
  const today = dayIn(now, defaultZone);
  const most = planned(warmUp, today);
  const byPlan = most === undefined ? unlimited : Math.max(0, most - (day === today ? dayUsed : 0));
  const tomorrow = momentOf(dayIn(now + dayMs, defaultZone), { hour: 0, minute: 0 }, defaultZone);
  return { mails: Math.min(left, byPlan), againAt: byPlan <= left ? tomorrow : Math.max(refreshAt, now + 1000) };
}

export type Grant = {
  /** When each of the mails may go; fewer than were wanted when the others' time is too far away. */
  readonly times: readonly number[];
  readonly next: number;
  /** When those without a slot may ask again. */
  readonly askAgainAt: number;
};

/** Slots for a batch: one after the other at the rate, from the first free one, none beyond the horizon. */
export function grantOf(pace: Pace, { now, wanted }: { now: number; wanted: number }): Grant {
  const { next, rate } = pace;
  const { mails: left, againAt } = roomIn(pace, now);
  if (left <= 0) return { times: [], next, askAgainAt: againAt };
  if (rate <= 0) return { times: [], next, askAgainAt: Math.max(pace.refreshAt, now + 1000) };
  const gap = 1000 / rate;
  const first = Math.max(next, now);
  const within = Math.floor((now + horizonMs - first) / gap) + 1;
  const granted = Math.max(0, Math.min(wanted, within, left));
  const after = first + granted * gap;
  return {
    times: Array.from({ length: granted }, (_, position) => first + position * gap),
    next: Math.ceil(after),
    // Half the horizon on, slots are free again; whoever comes later finds none either while the line is long.
    askAgainAt: Math.max(after - horizonMs / 2, now + 1000),
  };
}

const slowedMs = 60_000;

/** After SES said that it was too fast: a second of silence, then slower for a minute. Once for all who were told at that moment. */
export function slowed(
  pace: Pace,
  now: number,
  { daily }: { readonly daily: boolean },
): Pick<Pace, 'next' | 'rate' | 'left' | 'refreshAt' | 'slowedAt'> | undefined {
  if (now - pace.slowedAt < 1000) return undefined;
  return {
    next: Math.max(pace.next, now + 1000),
    rate: Math.max(pace.rate * 0.7, Math.min(pace.rate, 1)),
    left: daily ? 0 : pace.left,
    refreshAt: daily ? now + exhaustedMs : Math.min(pace.refreshAt, now + slowedMs),
    slowedAt: now,
  };
}
