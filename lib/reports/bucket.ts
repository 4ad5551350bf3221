import { dayIn, fiscalMonth } from '../flows/zoned-time.ts';
import type { DateUnit, WeekStart } from './schema.ts';

const dayMs = 86_400_000;

type Cut = { readonly unit: DateUnit; readonly weekStart: WeekStart };

const at = (day: string) => new Date(`${day}T00:00:00.000Z`);
const text = (date: Date) => date.toISOString().slice(0, 10);
const first = (year: number, month: number) => text(new Date(Date.UTC(year, month, 1)));

/** The first day of the bucket that a day lies in: a bucket is called by it, so that buckets sort by time as texts. */
export function bucketOf(day: string, { unit, weekStart }: Cut): string {
  const date = at(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case 'day':
      return day;
    case 'week': {
      const since = weekStart === 'monday' ? (date.getUTCDay() + 6) % 7 : date.getUTCDay();
      return text(new Date(date.getTime() - since * dayMs));
    }
    case 'month':
      return first(year, month);
    case 'quarter':
      return first(year, month - (month % 3));
    case 'fiscalYear':
      return first(month < fiscalMonth ? year - 1 : year, fiscalMonth);
  }
}

/** The bucket that comes `by` buckets later (or earlier). */
export function bucketAfter(bucket: string, { unit, weekStart }: Cut, by = 1): string {
  const date = at(bucket);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case 'day':
      return text(new Date(date.getTime() + by * dayMs));
    case 'week':
      return bucketOf(text(new Date(date.getTime() + by * 7 * dayMs)), { unit, weekStart });
    case 'month':
      return first(year, month + by);
    case 'quarter':
      return first(year, month + by * 3);
    case 'fiscalYear':
      return first(year + by, fiscalMonth);
  }
}

const mostBuckets = 1000;

/** Every bucket from one to another, both included; at most a thousand. */
export function bucketsBetween(from: string, to: string, cut: Cut): string[] {
  const buckets: string[] = [];
  for (let bucket = from; bucket <= to && buckets.length < mostBuckets; bucket = bucketAfter(bucket, cut))
    buckets.push(bucket);
  return buckets;
}

/** The day that a date property's value means in a zone: a plain day is that day everywhere. Undefined for no day. */
export function dayOfValue(value: string, zone: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return Number.isNaN(at(value).getTime()) ? undefined : value;
  const time = Date.parse(value);
  if (Number.isNaN(time)) return undefined;
  const day = dayIn(time, zone);
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined;
}
