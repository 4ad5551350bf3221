/** The zone that times are in when a definition names none. */
export const defaultZone = 'Asia/Tokyo';
/** The first month of a fiscal year (0 = January): April, as Japan's companies and offices have it. */
export const fiscalMonth = 3;

const minuteMs = 60_000;

/** To make one takes twenty times as long as to ask it. */
const clocks = new Map<string, Intl.DateTimeFormat>();
const clocksKept = 100;

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (clocks.size >= clocksKept) clocks.clear();
  clocks.set(zone, clock);
  return clock;
}

/** What the zone's clocks are ahead of UTC at that moment, in milliseconds. */
function offsetAt(time: number, zone: string): number {
  const parts = clockOf(zone).formatToParts(time);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(time / 1000) * 1000;
}

/** The day that the zone's calendars show at that moment, `2026-11-22`. */
export const dayIn = (time: number, zone: string) => new Date(time + offsetAt(time, zone)).toISOString().slice(0, 10);

/** The moment at which the zone's clocks show this day and time. A time that a clock change skips is taken an hour later. */
export function momentOf(day: string, { hour, minute }: { hour: number; minute: number }, zone: string): number {
  return instantOf(Date.parse(`${day}T00:00:00.000Z`) + (hour * 60 + minute) * minuteMs, zone);
}

/** What the zone's clocks show at that moment, written as if it were UTC. */
export const shownAt = (time: number, zone: string) => time + offsetAt(time, zone);

/** The moment at which the zone's clocks show this. A time that a clock change skips is taken an hour later. */
export function instantOf(shown: number, zone: string): number {
  const guess = shown - offsetAt(shown, zone);
  return shown - offsetAt(guess, zone);
}

/** Whether the runtime knows the zone by this name. */
export function isZone(zone: string): boolean {
  try {
    return Boolean(clockOf(zone));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A moment from a property's value or a definition: ISO text, a plain day (its start in the zone), or milliseconds as text. */
export function parseMoment(value: string, zone: string): number | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return valid(momentOf(value, { hour: 0, minute: 0 }, zone));
  return valid(/^-?\d+$/.test(value) ? Number(value) : Date.parse(value));
}

const valid = (time: number) => (Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? time : undefined);

const unitMs = {
  SECONDS: 1000,
  MINUTES: minuteMs,
  HOURS: 60 * minuteMs,
  DAYS: 1440 * minuteMs,
  WEEKS: 10_080 * minuteMs,
} as const;
export type TimeUnit = keyof typeof unitMs;
export const timeUnits = Object.keys(unitMs) as [TimeUnit, ...TimeUnit[]];

export const durationMs = (amount: number, unit: TimeUnit) => amount * unitMs[unit];
