import * as z from 'zod/mini';
import { defaultZone, fiscalMonth, instantOf, isZone, parseMoment, shownAt } from '../../flows/zoned-time.ts';
import { fixed, type Moving } from './answer.ts';

const zoneId = z.optional(z.string().check(z.refine(isZone, 'is no time zone that we know')));
const small = z.optional(z.number());
const clock = { hour: small, minute: small, second: small, millisecond: small };

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

const Reference = z.looseObject({
  referenceType: z.enum(['NOW', 'TODAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'FISCAL_QUARTER', 'FISCAL_YEAR']),
  dayOfWeek: z.optional(z.enum(weekdays)),
  month: small,
  day: small,
  ...clock,
});
type Reference = z.output<typeof Reference>;

const Offset = z.looseObject({
  years: small,
  quarters: small,
  months: small,
  weeks: small,
  days: small,
  hours: small,
  minutes: small,
  seconds: small,
  milliseconds: small,
});
type Offset = z.output<typeof Offset>;

/** A moment as HubSpot's list filters say it: a date, a moment of the present day, week … with an offset, or another property's. */
export const TimePoint = z.discriminatedUnion('timeType', [
  z.looseObject({
    timeType: z.literal('DATE'),
    zoneId,
    year: z.number(),
    month: z.number(),
    day: z.number(),
    ...clock,
  }),
  z.looseObject({
    timeType: z.literal('INDEXED'),
    zoneId,
    indexReference: Reference,
    offset: z.optional(z.nullable(Offset)),
  }),
  z.looseObject({
    timeType: z.literal('PROPERTY_REFERENCED'),
    zoneId,
    property: z.string(),
    referenceType: z._default(z.enum(['VALUE', 'UPDATED_AT']), 'VALUE'),
  }),
]);
export type TimePoint = z.output<typeof TimePoint>;

/** The point as a moment that moves with the clock; `ofProperty` says what a point that refers to a property is. */
export function movingPoint(
  point: TimePoint,
  ofProperty: (name: string, reference: 'VALUE' | 'UPDATED_AT') => number,
): Moving {
  const zone = point.zoneId ?? defaultZone;
  switch (point.timeType) {
    case 'PROPERTY_REFERENCED':
      return fixed(ofProperty(point.property, point.referenceType));
    case 'DATE':
      return fixed(instantOf(dayShown(point.year, point.month - 1, point.day) + timeOfDay(point), zone));
    case 'INDEXED': {
      const { indexReference, offset } = point;
      return {
        at: (now) => instantOf(moved(referred(shownAt(now, zone), indexReference), offset ?? {}), zone),
        moves: true,
      };
    }
  }
}

type Clock = {
  readonly hour?: number | undefined;
  readonly minute?: number | undefined;
  readonly second?: number | undefined;
  readonly millisecond?: number | undefined;
};

const timeOfDay = ({ hour = 0, minute = 0, second = 0, millisecond = 0 }: Clock) =>
  ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;

/** `Date.UTC` takes years below 100 for those of the 20th century. */
const dayShown = (year: number, month: number, day: number) => new Date(0).setUTCFullYear(year, month, day);

const startOfDay = (shown: number) => {
  const at = new Date(shown);
  return dayShown(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
};

/** What the clocks show at the reference, seen from what they show now. Weeks begin on Monday; the months of a year of account count from April. */
function referred(shown: number, reference: Reference): number {
  const { referenceType, dayOfWeek = 'MONDAY', month = 1, day = 1 } = reference;
  const at = new Date(shown);
  const [year, monthNow] = [at.getUTCFullYear(), at.getUTCMonth()];
  const time = timeOfDay(reference);
  switch (referenceType) {
    case 'NOW':
      return [reference.hour, reference.minute, reference.second].some((part) => part !== undefined)
        ? startOfDay(shown) + time
        : shown;
    case 'TODAY':
      return startOfDay(shown) + time;
    case 'WEEK':
      return (
        dayShown(year, monthNow, at.getUTCDate() - ((at.getUTCDay() + 6) % 7) + weekdays.indexOf(dayOfWeek)) + time
      );
    case 'MONTH':
      return dayShown(year, monthNow, day) + time;
    // A year that begins in April has the calendar's quarters.
    case 'QUARTER':
    case 'FISCAL_QUARTER':
      return dayShown(year, monthNow - (monthNow % 3) + month - 1, day) + time;
    case 'YEAR':
      return dayShown(year, month - 1, day) + time;
    case 'FISCAL_YEAR':
      return dayShown(year - (monthNow < fiscalMonth ? 1 : 0), fiscalMonth + month - 1, day) + time;
  }
}

/** Months first, and no further than the last day of the month: the 31st and a month is the 30th, or the 28th. */
function moved(shown: number, offset: Offset): number {
  const { years = 0, quarters = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0 } = offset;
  const { seconds = 0, milliseconds = 0 } = offset;
  const rest = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000 + milliseconds;
  return addMonths(shown, years * 12 + quarters * 3 + months) + rest;
}

function addMonths(shown: number, months: number): number {
  if (months === 0) return shown;
  const at = new Date(shown);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + months];
  const lastDay = new Date(dayShown(year, month + 1, 0)).getUTCDate();
  return dayShown(year, month, Math.min(at.getUTCDate(), lastDay)) + (shown - startOfDay(shown));
}

export type CalendarUnit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

/** The start of the present unit of the calendar, `by` units later. `firstMonth` (0 = January) is the one that a year begins with. */
export function unitStart(unit: CalendarUnit, by: number, firstMonth = 0, zone = defaultZone): Moving {
  const start = (now: number) => {
    const day = startOfDay(shownAt(now, zone));
    const at = new Date(day);
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    switch (unit) {
      case 'DAY':
        return dayShown(year, month, at.getUTCDate() + by);
      case 'WEEK':
        return dayShown(year, month, at.getUTCDate() - ((at.getUTCDay() + 6) % 7) + 7 * by);
      case 'MONTH':
        return dayShown(year, month + by, 1);
      case 'QUARTER':
        return dayShown(year, month - ((month - firstMonth + 12) % 3) + 3 * by, 1);
      case 'YEAR':
        return dayShown(year - (month < firstMonth ? 1 : 0) + by, firstMonth, 1);
    }
  };
  return { at: (now) => instantOf(start(now), zone), moves: true };
}

/** A property's value as a moment; NaN when it is none. */
export const momentOfValue = (value: string): number => parseMoment(value, defaultZone) ?? Number.NaN;
