import * as z from 'zod/mini';
import { defineAction, nothing, waitUntil } from '../action.ts';
import { Value, valueNow } from '../values.ts';
import { dayIn, defaultZone, durationMs, isZone, momentOf, parseMoment, timeUnits } from '../zoned-time.ts';

/** A longer wait is a mistyped year. */
const mostYears = 10;

/**
 * Delay until a date: a fixed one or a property's, `delta` later (before it when negative), at a time of day. A date that has passed,
 * or that the record has not, delays nothing.
 */
export const action = defineAction({
  typeId: '0-35',
  name: 'delay until a date',
  fields: z.object({
    date: Value,
    delta: z._default(z.coerce.number(), 0),
    time_unit: z._default(z.enum(timeUnits), 'DAYS'),
    time_of_day: z.optional(
      z.object({
        hour: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(23)),
        minute: z._default(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(59)), 0),
      }),
    ),
    time_zone: z._default(z.string().check(z.refine(isZone, 'is no time zone that we know')), defaultZone),
  }),
  plan: ({ date, delta, time_unit, time_of_day, time_zone }, facts) => {
    const value = valueNow(date, facts);
    const start = value === undefined ? undefined : parseMoment(value, time_zone);
    if (start === undefined) return nothing('the date is not known');
    const shifted = start + durationMs(delta, time_unit);
    const moment = time_of_day ? momentOf(dayIn(shifted, time_zone), time_of_day, time_zone) : shifted;
    if (moment <= Date.parse(facts.now)) return nothing('the date has passed');
    const latest = Date.parse(facts.now) + durationMs(mostYears * 366, 'DAYS');
    return moment > latest ? nothing(`the date is more than ${mostYears} years away`) : waitUntil(moment);
  },
});
