import { expect, test } from 'vitest';
import { checkSchedule, nextRun } from '../../../lib/campaigns/schedule.ts';

const at = (cron: string, timeZone = 'Asia/Tokyo') => ({ cron, timeZone });

test.each([
  ['nine in the morning in Japan', at('0 9 1 * *'), '2026-11-22T00:00:00Z', '2026-12-01T00:00:00.000Z'],
  ['quarterly', at('0 10 1 1,4,7,10 *'), '2026-11-22T00:00:00Z', '2027-01-01T01:00:00.000Z'],
  ['Mondays', at('30 8 * * 1'), '2026-11-23T00:00:00Z', '2026-11-29T23:30:00.000Z'],
  ['a day of the leap year', at('0 9 29 2 *', 'UTC'), '2026-11-22T00:00:00Z', '2028-02-29T09:00:00.000Z'],
  [
    'New York before the clocks change',
    at('0 9 * * *', 'America/New_York'),
    '2026-10-31T12:00:00Z',
    '2026-10-31T13:00:00.000Z',
  ],
  ['New York after it', at('0 9 * * *', 'America/New_York'), '2026-11-01T12:00:00Z', '2026-11-01T14:00:00.000Z'],
  ['exactly at a time: the next one', at('0 9 * * *'), '2026-11-22T00:00:00Z', '2026-11-23T00:00:00.000Z'],
])('%s', (_, schedule, after, expected) => {
  expect(nextRun(schedule, after)).toBe(expected);
});

test('a time that a clock change skips comes all the same, and one that it repeats comes once', () => {
  const spring = nextRun(at('30 2 * * *', 'America/New_York'), '2026-03-08T05:00:00Z') ?? '';
  expect(spring.slice(0, 10)).toBe('2026-03-08');
  const first = nextRun(at('30 1 * * *', 'America/New_York'), '2026-11-01T04:00:00Z') ?? '';
  const second = nextRun(at('30 1 * * *', 'America/New_York'), first) ?? '';
  expect(second.slice(0, 10)).toBe('2026-11-02');
});

test.each([
  '',
  'x',
  '* * * *',
  '0 0 9 * * *',
  '61 * * * *',
  '0 25 * * *',
  '@daily',
  '* * * * *',
  '*/30 * * * *',
  '0,59 9 * * *',
  '0 9 31 2 *',
])('"%s" is refused, and the field is named', (cron) => {
  expect(() => checkSchedule(at(cron), '2026-11-22T00:00:00Z')).toThrow(
    expect.objectContaining({ options: expect.objectContaining({ context: { fields: ['schedule.cron'] } }) }),
  );
});

test.each(['0 * * * *', '15 9,18 * * 1-5', '0 9 1 */3 *'])('"%s" is taken', (cron) => {
  expect(() => checkSchedule(at(cron), '2026-11-22T00:00:00Z')).not.toThrow();
});
