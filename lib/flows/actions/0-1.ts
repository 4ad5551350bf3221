import * as z from 'zod/mini';
import { defineAction, waitUntil } from '../action.ts';
import { durationMs, timeUnits } from '../zoned-time.ts';

const dayMinutes = 1440;
const mostDays = 730;

/** HubSpot's delay: `{delta, time_unit}`; the amount is a number or its text. */
export const action = defineAction({
  typeId: '0-1',
  name: 'delay',
  waits: true,
  fields: z
    .object({ delta: z.coerce.number().check(z.positive()), time_unit: z._default(z.enum(timeUnits), 'MINUTES') })
    .check(
      z.refine(
        ({ delta, time_unit }) => durationMs(delta, time_unit) <= durationMs(mostDays * dayMinutes, 'MINUTES'),
        `a delay is at most ${mostDays} days`,
      ),
    ),
  plan: ({ delta, time_unit }, { now }) => waitUntil(Date.parse(now) + durationMs(delta, time_unit)),
});
