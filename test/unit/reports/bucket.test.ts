import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketAfter, bucketOf, bucketsBetween, dayOfValue } from '../../../lib/reports/bucket.ts';
import { bucketLabel, shortBucketLabel } from '../../../lib/reports/bucket-label.ts';
import type { DateUnit, WeekStart } from '../../../lib/reports/schema.ts';

const monday = 'monday' as const;

test.each<[DateUnit, WeekStart, string, string]>([
  ['day', 'monday', '2026-11-25', '2026-11-25'],
  ['week', 'monday', '2026-11-23', '2026-11-23'],
  ['week', 'monday', '2026-11-29', '2026-11-23'],
  ['week', 'sunday', '2026-11-28', '2026-11-22'],
  ['week', 'sunday', '2026-11-29', '2026-11-29'],
  ['week', 'monday', '2027-01-01', '2026-12-28'],
  ['month', 'monday', '2026-11-30', '2026-11-01'],
  ['quarter', 'monday', '2026-12-31', '2026-10-01'],
  ['quarter', 'monday', '2027-03-31', '2027-01-01'],
  ['fiscalYear', 'monday', '2027-03-31', '2026-04-01'],
  ['fiscalYear', 'monday', '2027-04-01', '2027-04-01'],
  ['month', 'monday', '2024-02-29', '2024-02-01'],
])('the %s (weeks from %s) of %s begins on %s', (unit, weekStart, day, bucket) => {
  expect(bucketOf(day, { unit, weekStart })).toBe(bucket);
});

describe('a value is a day of the zone', () => {
  test.each([
    ['Asia/Tokyo', '2026-11-22T14:59:59.999Z', '2026-11-22'],
    ['Asia/Tokyo', '2026-11-22T15:00:00.000Z', '2026-11-23'],
    ['UTC', '2026-11-22T15:00:00.000Z', '2026-11-22'],
    // Summer time began on 8 March 2026 and ended on 1 November 2026 in New York.
    ['America/New_York', '2026-03-08T04:59:59.000Z', '2026-03-07'],
    ['America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T03:59:59.000Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T04:00:00.000Z', '2026-03-09'],
    ['America/New_York', '2026-11-02T04:59:59.000Z', '2026-11-01'],
    ['America/New_York', '2026-11-02T05:00:00.000Z', '2026-11-02'],
    ['Asia/Tokyo', '2026-11-22', '2026-11-22'],
    ['America/New_York', '2026-11-22', '2026-11-22'],
  ])('in %s, %s is on %s', (zone, value, day) => {
    expect(dayOfValue(value, zone)).toBe(day);
  });

  test('a value that is none has no day', () => {
    expect(dayOfValue('', 'UTC')).toBeUndefined();
    expect(dayOfValue('soon', 'UTC')).toBeUndefined();
  });
});

const days = fc
  .integer({ min: Date.UTC(1971, 0, 1) / 86_400_000, max: Date.UTC(2099, 11, 31) / 86_400_000 })
  .map((number) => new Date(number * 86_400_000).toISOString().slice(0, 10));
const cuts = fc.record({
  unit: fc.constantFrom<DateUnit>('day', 'week', 'month', 'quarter', 'fiscalYear'),
  weekStart: fc.constantFrom<WeekStart>('monday', 'sunday'),
});

test('every day lies in its bucket and before the next one, and neighbours are neighbours both ways', () => {
  fc.assert(
    fc.property(days, cuts, (day, cut) => {
      const bucket = bucketOf(day, cut);
      const next = bucketAfter(bucket, cut);
      expect(bucket <= day && day < next).toBe(true);
      expect(bucketOf(bucket, cut)).toBe(bucket);
      expect(bucketAfter(next, cut, -1)).toBe(bucket);
    }),
  );
});

test('no bucket is missing between two, and a span that never ends is cut', () => {
  const week = { unit: 'week', weekStart: monday } as const;
  expect(bucketsBetween('2026-11-09', '2026-11-23', week)).toEqual(['2026-11-09', '2026-11-16', '2026-11-23']);
  expect(bucketsBetween('2026-11-23', '2026-11-09', week)).toEqual([]);
  expect(bucketsBetween('0001-01-01', '9999-01-01', { unit: 'day', weekStart: monday })).toHaveLength(1000);
});

test('buckets are called as people call them', () => {
  expect(bucketLabel('2026-11-23', 'week', 'ja')).toBe('2026/11/23の週');
  expect(bucketLabel('2026-11-01', 'month', 'ja')).toBe('2026年11月');
  expect(bucketLabel('2026-10-01', 'quarter', 'ja')).toBe('2026年10〜12月');
  expect(bucketLabel('2026-04-01', 'fiscalYear', 'ja')).toBe('2026年度');
  expect(bucketLabel('2026-10-01', 'quarter', 'en')).toBe('Oct–Dec 2026');
  expect(bucketLabel('2026-04-01', 'fiscalYear', 'en')).toBe('FY2026');
  expect(bucketLabel('2026-11-23', 'week', 'en')).toBe('Week of 2026-11-23');
  expect(shortBucketLabel('2026-11-23', 'week', 'ja')).toBe('11/23');
  expect(shortBucketLabel('2026-11-01', 'month', 'en')).toBe('Nov ’26');
});
