import * as z from 'zod/mini';
import { CrmError } from '../core/errors.ts';
import { defaultZone, momentOf } from '../flows/zoned-time.ts';

const OnDate = z.object({ conversionType: z.literal('CONVERSION_DATE'), year: z.int(), month: z.int(), day: z.int() });
const AfterInactivity = z.object({
  conversionType: z.literal('INACTIVITY'),
  offset: z.int().check(z.minimum(1), z.maximum(1000)),
  timeUnit: z.enum(['DAY', 'WEEK', 'MONTH']),
});

/** When a list that follows its filters becomes a static one: on a day, or when nobody came or went for so long. */
export const ConversionTime = z.discriminatedUnion('conversionType', [OnDate, AfterInactivity]);
export type ConversionTime = z.output<typeof ConversionTime>;

export const Conversion = z.object({
  requested: ConversionTime,
  /** The job that looks after it; one of an earlier request does nothing. */
  jobId: z.string(),
  convertedAt: z.optional(z.string()),
});

export const PublicConversion = z.object({
  listId: z.string(),
  requestedConversionTime: z.optional(ConversionTime),
  convertedAt: z.optional(z.string()),
});
export type PublicConversion = z.output<typeof PublicConversion>;

/**
 * The moment at which the list becomes static, when nobody comes or goes after `lastActivity`. A day begins in Asia/Tokyo; months are
 * those of the calendar.
 * @throws CrmError 400 for a day that no calendar has
 */
export function conversionMoment(requested: ConversionTime, lastActivity: string): string {
  if (requested.conversionType === 'CONVERSION_DATE') {
    return new Date(momentOf(dayOf(requested), { hour: 0, minute: 0 }, defaultZone)).toISOString();
  }
  const at = new Date(lastActivity);
  const { offset, timeUnit } = requested;
  if (timeUnit === 'MONTH') at.setUTCMonth(at.getUTCMonth() + offset);
  else at.setUTCDate(at.getUTCDate() + offset * (timeUnit === 'WEEK' ? 7 : 1));
  return at.toISOString();
}

function dayOf({ year, month, day }: z.output<typeof OnDate>): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new CrmError('VALIDATION_ERROR', `${text} is not a day`, { context: { date: [text] } });
  }
  return text;
}
