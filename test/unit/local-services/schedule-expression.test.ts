import { describe, expect, it, test } from 'vitest';
import { nextTime } from '../../../cdk/local/services/schedule-expression.ts';

const next = (expression: string, after: string) => {
  const moment = nextTime(expression, Date.parse(after));
  return moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 16);
};

describe('a cron expression', () => {
  test.each([
    ['cron(0 10 * * ? *)', '2026-01-31T10:00:00Z', '2026-02-01T10:00'],
    ['cron(*/15 * * * ? *)', '2026-01-31T23:46:10Z', '2026-02-01T00:00'],
    ['cron(5/20 8-10 ? * MON-FRI *)', '2026-10-02T10:45:00Z', '2026-10-05T08:05'],
    ['cron(0 0 1,15 * ? *)', '2026-02-02T00:00:00Z', '2026-02-15T00:00'],
    ['cron(0 0 L * ? *)', '2028-02-01T00:00:00Z', '2028-02-29T00:00'],
    ['cron(0 0 29 FEB ? *)', '2096-03-01T00:00:00Z', '2104-02-29T00:00'],
    ['cron(0 9 15W * ? *)', '2026-08-01T00:00:00Z', '2026-08-14T09:00'],
    ['cron(0 9 1W * ? *)', '2026-08-01T00:00:00Z', '2026-08-03T09:00'],
    ['cron(0 9 31W * ? *)', '2026-05-01T00:00:00Z', '2026-05-29T09:00'],
    ['cron(0 9 LW * ? *)', '2026-02-01T00:00:00Z', '2026-02-27T09:00'],
    ['cron(0 9 ? * 6L *)', '2026-02-01T00:00:00Z', '2026-02-27T09:00'],
    ['cron(0 9 ? * FRIL *)', '2026-02-01T00:00:00Z', '2026-02-27T09:00'],
    ['cron(0 9 ? * 3#2 *)', '2026-02-01T00:00:00Z', '2026-02-10T09:00'],
    ['cron(0 9 ? * L *)', '2026-02-01T00:00:00Z', '2026-02-07T09:00'],
    ['cron(0 9 ? * FRI-SUN *)', '2026-02-09T00:00:00Z', '2026-02-13T09:00'],
    ['cron(0 0 1 1 ? 2030)', '2026-02-01T00:00:00Z', '2030-01-01T00:00'],
    ['cron(0 0 1 1 ? 2026/3)', '2026-02-01T00:00:00Z', '2029-01-01T00:00'],
    ['cron(0 0 1 1 ? 2020-2025)', '2026-02-01T00:00:00Z', undefined],
    ['cron(0 0 30 2 ? *)', '2026-02-01T00:00:00Z', undefined],
    ['cron(59 23 31 12 ? *)', '2026-12-31T23:59:00Z', '2027-12-31T23:59'],
  ])('%s after %s is due at %s', (expression, after, due) => {
    expect(next(expression, after)).toBe(due);
  });

  test.each([
    'cron(0 10 * * *)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(60 10 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 0 0 * ? *)',
    'cron(0 0 * 13 ? *)',
    'cron(0 0 ? * 8 *)',
    'cron(0 0 ? * MON#6 *)',
    'cron(0 0 * * ? 2200)',
    'cron(*/0 0 * * ? *)',
    'cron(1- 0 * * ? *)',
    'cron(x 0 * * ? *)',
  ])('is refused as AWS refuses it: %s', (expression) => {
    expect(() => nextTime(expression, 0)).toThrow();
  });
});

describe('a rate', () => {
  it('counts from the given moment', () => {
    expect(next('rate(1 minute)', '2026-01-01T00:00:00Z')).toBe('2026-01-01T00:01');
    expect(next('rate(5 hours)', '2026-01-01T00:00:00Z')).toBe('2026-01-01T05:00');
    expect(next('rate(2 days)', '2026-01-01T00:00:00Z')).toBe('2026-01-03T00:00');
  });

  test.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'rate(five minutes)',
    'every minute',
  ])('is refused as AWS refuses it: %s', (expression) => {
    expect(() => nextTime(expression, 0)).toThrow();
  });
});

describe('a single moment', () => {
  it('is due once', () => {
    expect(next('at(2026-01-01T12:30:00)', '2026-01-01T00:00:00Z')).toBe('2026-01-01T12:30');
    expect(next('at(2026-01-01T12:30:00)', '2026-01-01T12:30:00Z')).toBeUndefined();
    expect(() => nextTime('at(tomorrow)', 0)).toThrow();
  });
});
