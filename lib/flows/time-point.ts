import * as z from 'zod/mini';
import { dayIn, defaultZone, durationMs, isZone, momentOf, parseMoment } from './zoned-time.ts';

const Zone = z._default(z.string().check(z.refine(isZone, 'is no time zone that we know')), defaultZone);
const small = z.optional(z.number());

/** A moment as HubSpot's list filters say it: a date, or now or today with an offset. */
export const TimePoint = z.discriminatedUnion('timeType', [
  z.object({
    timeType: z.literal('DATE'),
    zoneId: Zone,
    year: z.number(),
    month: z.number(),
    day: z.number(),
    hour: small,
    minute: small,
  }),
  z.object({
    timeType: z.literal('INDEXED'),
    zoneId: Zone,
    indexReference: z.object({ referenceType: z.enum(['NOW', 'TODAY']) }),
    offset: z.optional(z.object({ days: small, weeks: small, hours: small, minutes: small })),
  }),
]);
export type TimePoint = z.output<typeof TimePoint>;

const two = (part: number) => String(part).padStart(2, '0');

/** The point in milliseconds, seen from `now`. */
export function momentAt(point: TimePoint, now: string): number {
  if (point.timeType === 'DATE') {
    const { year, month, day, hour = 0, minute = 0, zoneId } = point;
    return momentOf(`${year}-${two(month)}-${two(day)}`, { hour, minute }, zoneId);
  }
  const { days = 0, weeks = 0, hours = 0, minutes = 0 } = point.offset ?? {};
  const today = momentOf(dayIn(Date.parse(now), point.zoneId), { hour: 0, minute: 0 }, point.zoneId);
  const start = point.indexReference.referenceType === 'NOW' ? Date.parse(now) : today;
  return (
    start +
    durationMs(weeks, 'WEEKS') +
    durationMs(days, 'DAYS') +
    durationMs(hours, 'HOURS') +
    durationMs(minutes, 'MINUTES')
  );
}

/** A property's value as a moment. */
export const momentOfValue = (value: string) => parseMoment(value, defaultZone);
