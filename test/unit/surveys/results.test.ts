import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutTelling } from '../../../lib/surveys/groups.ts';
import { measure, resultsOf } from '../../../lib/surveys/results.ts';
import type { SurveyType } from '../../../lib/surveys/schema.ts';
import { responseGroup, scoresOf } from '../../../lib/surveys/score.ts';

const distributionOf = (type: SurveyType, scores: readonly number[]) =>
  scoresOf(type).map((score) => ({ score, count: scores.filter((each) => each === score).length }));
const day = (date: string, counts: Record<string, number>) => ({ sk: `result#${date}`, ...counts });

test.each([
  ['only promoters', [9, 10, 10], 100],
  ['only detractors', [0, 3, 6], -100],
  ['passives count, and for neither side', [7, 8], 0],
  ['half and half', [10, 0], 0],
  ['two of five more promoters than detractors', [10, 9, 9, 7, 2], 40],
] as const)('NPS of %s', (_, scores, expected) => {
  expect(measure('NPS', distributionOf('NPS', scores)).score).toBe(expected);
});

test.each([
  ['CES', [7, 6, 2, 1], 4, 0.5],
  ['CSAT', [5, 5, 4, 1], 3.75, 0.75],
  ['CUSTOM', [3], 3, 0],
] as const)('%s has the mean and the share of the good ones', (type, scores, score, share) => {
  expect(measure(type, distributionOf(type, scores))).toMatchObject({ score, share });
});

test('no score is no score, not a zero', () => {
  expect(measure('NPS', distributionOf('NPS', []))).toEqual({ score: null, share: null, margin: null });
});

test('NPS is the promoters’ share less the detractors’, lies within its scale, and no order of answers changes it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 200 }), (scores) => {
      const shareOf = (group: string) =>
        (100 * scores.filter((score) => responseGroup('NPS', score) === group).length) / scores.length;
      const { score, share } = measure('NPS', distributionOf('NPS', scores));
      expect(score).toBeCloseTo(shareOf('PROMOTER') - shareOf('DETRACTOR'), 1);
      expect(Math.abs(score ?? Number.NaN)).toBeLessThanOrEqual(100);
      expect(share).toBeCloseTo(shareOf('PROMOTER') / 100, 4);
      expect(measure('NPS', distributionOf('NPS', scores.toReversed())).score).toBe(score);
    }),
  );
});

test('one better answer never lowers a score', () => {
  const type = fc.constantFrom<SurveyType>('NPS', 'CES', 'CSAT', 'CUSTOM');
  fc.assert(
    fc.property(type, fc.array(fc.nat(), { minLength: 1, maxLength: 50 }), (type, drawn) => {
      const scale = scoresOf(type);
      const scores = drawn.map((each) => scale[each % scale.length] ?? 0);
      const [first = 0, ...rest] = scores;
      const better = [Math.min(first + 1, scale.at(-1) ?? 0), ...rest];
      const before = measure(type, distributionOf(type, scores)).score ?? 0;
      expect(measure(type, distributionOf(type, better)).score).toBeGreaterThanOrEqual(before);
    }),
  );
});

test('days add up, and the trend goes by month, by week from Monday, or by day', () => {
  const days = [
    day('2026-10-31', { responses: 1, score10: 1, invited: 3 }),
    day('2026-11-01', { responses: 1, score0: 1 }),
    day('2026-11-02', { responses: 2, score9: 2, invited: 5 }),
  ];
  const all = resultsOf(days, { type: 'NPS', period: 'month' });
  expect(all).toMatchObject({ responses: 4, invited: 8, responseRate: 0.5, score: 50 });
  expect(all.distribution.filter(({ count }) => count > 0)).toEqual([
    { score: 0, count: 1 },
    { score: 9, count: 2 },
    { score: 10, count: 1 },
  ]);
  expect(all.trend).toEqual([
    { period: '2026-10', score: 100, responses: 1 },
    { period: '2026-11', score: 33.3, responses: 3 },
  ]);
  const periods = (period: 'day' | 'week') =>
    resultsOf(days, { type: 'NPS', period }).trend.map(({ period }) => period);
  expect(periods('week')).toEqual(['2026-10-26', '2026-11-02']);
  expect(periods('day')).toEqual(['2026-10-31', '2026-11-01', '2026-11-02']);
});

test('the margin shrinks with more answers', () => {
  const margin = (times: number) =>
    measure('NPS', distributionOf('NPS', Array.from({ length: times }, () => [10, 7, 0]).flat())).margin ?? 0;
  expect(margin(100)).toBeLessThan(margin(10));
  expect(margin(100)).toBeGreaterThan(0);
});

const group = (value: string, responses: number) => ({ value, label: value, responses, score: 0, share: 0, margin: 0 });

test.each([
  [
    [9, 7, 5],
    [9, 7, 5],
  ],
  [
    [9, 7, 6],
    [9, 7, 6],
  ],
  [
    [9, 7, 3, 2],
    [9, 7],
  ],
  [[9, 7, 4], [9]],
  [[9, 1], []],
  [[4, 4], []],
])('of anonymous groups of %j answers %j are shown: none can be reckoned from the total', (sizes, shown) => {
  const groups = sizes.map((size, position) => group(String(position), size));
  expect(withoutTelling(groups).map(({ responses }) => responses)).toEqual(shown);
});

test('anonymous results of a period have no score before five have answered', () => {
  const day = { sk: 'result#2026-11-23', responses: 4, invited: 9, score9: 4 };
  const [few, enough] = [day, { ...day, responses: 5, score9: 5 }].map((row) =>
    resultsOf([row], { type: 'NPS', period: 'month', anonymous: true }),
  );
  expect(few).toMatchObject({ responses: 4, score: null, distribution: [], trend: [{ score: null, responses: 4 }] });
  expect(enough).toMatchObject({ responses: 5, score: 100, trend: [{ score: 100 }] });
});
