import { expect, test } from 'vitest';
import { costOf, endOf } from '../../../lib/sends/estimate.ts';
import { grantOf, type Pace, planned, roomIn } from '../../../lib/sends/pace.ts';

const now = Date.parse('2026-11-25T01:00:00Z');
const pace: Pace = { next: now, rate: 10, left: 1e12, refreshAt: now + 60_000, slowedAt: 0 };
const at = { now, closedOn: new Set<string>() };
const end = (moments: [string, number][], more: Partial<Pace> = {}, businessHours = false) =>
  endOf({ moments, businessHours }, { ...pace, ...more }, at);

test('a send ends when its last mail has gone at the pace', () => {
  expect(end([['2026-11-25T01:00:00.000Z', 600]])).toBe('2026-11-25T01:01:00.000Z');
});

test('those of later zones are waited for', () => {
  const moments: [string, number][] = [
    ['2026-11-26T00:00:00.000Z', 10],
    ['2026-11-25T02:00:00.000Z', 1000],
  ];
  expect(end(moments)).toBe('2026-11-26T00:00:01.000Z');
});

test('the plan of a new domain spreads a send over days, from midnight in Japan', () => {
  const warmUp = { startOn: '2026-11-25', perDay: [100, 200] };
  expect(end([['2026-11-25T01:00:00.000Z', 400]], { warmUp })).toBe('2026-11-26T15:00:10.000Z');
  expect(end([['2026-11-25T01:00:00.000Z', 400]], { warmUp, day: '2026-11-25', dayUsed: 100 })).toBe(
    '2026-11-26T15:00:20.000Z',
  );
});

test('in working hours a large send goes on the next morning', () => {
  expect(end([['2026-11-25T08:59:00.000Z', 1200]], {}, true)).toBe('2026-11-26T00:01:00.000Z');
});

test('the cost grows with the mails', () => {
  const { estimatedCost, costs } = costOf(10_000, 0);
  expect(costs.ses).toBe(1);
  expect(estimatedCost).toBeCloseTo(costs.ses + costs.table, 5);
  expect(costOf(20_000, 0).estimatedCost).toBeCloseTo(estimatedCost * 2, 4);
});

test('a plan limits its own days only, and what is left for today takes the slots', () => {
  const warmUp = { startOn: '2026-11-25', perDay: [5, 10] };
  expect(['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'].map((day) => planned(warmUp, day))).toEqual([
    undefined,
    5,
    10,
    undefined,
  ]);
  const today = { ...pace, warmUp, day: '2026-11-25', dayUsed: 2 };
  expect(grantOf(today, { now, wanted: 10 }).times).toHaveLength(3);
  const full = { ...today, dayUsed: 5 };
  expect(grantOf(full, { now, wanted: 10 })).toMatchObject({
    times: [],
    askAgainAt: Date.parse('2026-11-25T15:00:00Z'),
  });
  expect(roomIn({ ...full, day: '2026-11-24' }, now).mails).toBe(5);
});
