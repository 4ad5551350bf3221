import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grantOf, horizonMs, type Pace, paceBy, slowed, unknownPace } from '../../../lib/sends/pace.ts';

const pace = (more: Partial<Pace> = {}): Pace => ({
  next: 0,
  rate: 10,
  left: 1e9,
  refreshAt: 1e12,
  slowedAt: 0,
  ...more,
});

test('mails go one after the other at the rate, however many workers ask and whenever they do', () => {
  const asking = fc.record({ after: fc.nat({ max: 3000 }), wanted: fc.integer({ min: 1, max: 10 }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(asking, { maxLength: 60 }), (rate, workers) => {
      let now = 1_000_000;
      let current = pace({ rate, next: now });
      const times: number[] = [];
      for (const { after, wanted } of workers) {
        now += after;
        const grant = grantOf(current, { now, wanted });
        for (const time of grant.times) {
          expect(time).toBeGreaterThanOrEqual(now);
          expect(time).toBeLessThanOrEqual(now + horizonMs);
        }
        times.push(...grant.times);
        current = { ...current, next: grant.next };
      }
      const gap = 1000 / rate;
      for (const [position, time] of times.entries())
        if (position > 0) expect(time - (times[position - 1] ?? 0)).toBeGreaterThanOrEqual(gap - 0.001);
    }),
  );
});

test('who finds the line full is told to come again when slots are free, and takes none', () => {
  const full = pace({ next: 1000 + horizonMs + 1 });
  const { times, askAgainAt } = grantOf(full, { now: 1000, wanted: 5 });
  expect(times).toEqual([]);
  expect(askAgainAt).toBeGreaterThan(1000);
  expect(grantOf(full, { now: askAgainAt, wanted: 5 }).times).toHaveLength(5);
});

test("no more mails than SES's day has left, and none when it has none", () => {
  const at = { now: 1000, wanted: 5 };
  expect(grantOf(pace({ left: 2 }), at).times).toHaveLength(2);
  expect(grantOf(pace({ left: 0, refreshAt: 60_000 }), at)).toMatchObject({ times: [], askAgainAt: 60_000 });
  expect(grantOf(unknownPace(1000), at).times).toEqual([]);
});

test('a part of the rate is left to other mail, and a day without a limit is none', () => {
  expect(paceBy({ rate: 14, daily: 50_000, sent: 49_990.4 }, 0)).toMatchObject({ rate: 12.6, left: 9 });
  expect(paceBy({ rate: 14, daily: -1, sent: 0 }, 0).left).toBeGreaterThan(1e9);
});

test('a throttle slows everybody once: a second of silence, then a lower rate until SES is asked again', () => {
  const slower = slowed(pace({ next: 5000 }), 10_000, { daily: false }) as Pace;
  expect(slower).toMatchObject({ next: 11_000, rate: 7, refreshAt: 70_000 });
  expect(slowed(slower, 10_500, { daily: false })).toBeUndefined();
  expect(slowed(slower, 12_000, { daily: false })?.rate).toBeCloseTo(4.9);
  expect(slowed(pace(), 10_000, { daily: true })).toMatchObject({ left: 0 });
});
