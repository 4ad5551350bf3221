import * as z from 'zod/mini';
import { scoreAttribute } from '../projections/survey-result.ts';
import type { SurveyType } from './schema.ts';
import { responseGroup, scoresOf, worthOf } from './score.ts';

/** The counts of one day, as the projector keeps them: `responses`, `invited`, and one number for each score. */
export const DayCounts = z.catchall(z.object({ sk: z.string() }), z.unknown());
type DayCounts = z.output<typeof DayCounts>;

export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

const Measured = {
  responses: z.number(),
  score: z.nullable(z.number()),
  share: z.nullable(z.number()),
  margin: z.nullable(z.number()),
};
const Group = z.object({ value: z.string(), label: z.string(), ...Measured });
export type Group = z.output<typeof Group>;

export const Results = z.object({
  responses: z.number(),
  invited: z.number(),
  /** Of those who were invited; null when nobody was. */
  responseRate: z.nullable(z.number()),
  /** NPS from -100 to 100; the mean for the other types. Null without a score. */
  score: z.nullable(z.number()),
  /** The share of promoters (NPS), of 5-7 (CES) or of 4-5 (CSAT, CUSTOM) among the scores. */
  share: z.nullable(z.number()),
  /** Half of the 95% interval around the score. */
  margin: z.nullable(z.number()),
  distribution: z.array(z.object({ score: z.number(), count: z.number() })),
  trend: z.array(z.object({ period: z.string(), score: z.nullable(z.number()), responses: z.number() })),
  /** Largest first. `value` is empty for answers without one. */
  groups: z.optional(z.array(Group)),
  /** Whether there are more answers than groups are made of: the newest 10,000. */
  truncated: z.optional(z.boolean()),
});
export type Results = z.output<typeof Results>;

type Asked = { readonly type: SurveyType; readonly anonymous?: boolean | undefined; readonly period: Period };

/** So few anonymous answers together would tell who gave them: their scores are not shown. */
export const fewestAnonymous = 5;

const unscored = { score: null, share: null, margin: null } as const;

/** The results of the days, in one pass. Of an anonymous survey, what fewer than five answered has no score and no distribution. */
export function resultsOf(days: readonly DayCounts[], { type, anonymous = false, period: unit }: Asked): Results {
  const shown = (rows: readonly DayCounts[]) => {
    const known = summary(rows, type);
    const tooFew = anonymous && known.responses < fewestAnonymous;
    return tooFew ? { responses: known.responses, distribution: [], ...unscored } : known;
  };
  const all = shown(days);
  const invited = total(days, 'invited');
  const trend = [...Map.groupBy(days, ({ sk }) => periodOf(sk.slice(-10), unit))].map(([period, rows]) => {
    const { score, responses } = shown(rows);
    return { period, score, responses };
  });
  return {
    ...all,
    invited,
    responseRate: invited > 0 ? rounded(all.responses / invited, 4) : null,
    trend: trend.filter(({ responses }) => responses > 0),
  };
}

const numberOf = (day: DayCounts, name: string): number => {
  const value = day[name];
  return typeof value === 'number' ? value : 0;
};
const total = (days: readonly DayCounts[], name: string) => days.reduce((sum, day) => sum + numberOf(day, name), 0);

function summary(days: readonly DayCounts[], type: SurveyType) {
  const distribution = scoresOf(type).map((score) => ({ score, count: total(days, scoreAttribute(score)) }));
  return { responses: total(days, 'responses'), distribution, ...measure(type, distribution) };
}

type Distribution = readonly { readonly score: number; readonly count: number }[];

/** The score of a distribution: NPS is the promoters' share less the detractors', in points; the others have the mean. */
export function measure(type: SurveyType, distribution: Distribution) {
  const count = distribution.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return { score: null, share: null, margin: null };
  const weighted = distribution.map((each) => ({ ...each, worth: worthOf(type, each.score) }));
  const mean = weighted.reduce((sum, each) => sum + each.worth * each.count, 0) / count;
  const variance = weighted.reduce((sum, each) => sum + (each.worth - mean) ** 2 * each.count, 0) / count;
  const positive = distribution
    .filter(({ score }) => isPositive(type, score))
    .reduce((sum, each) => sum + each.count, 0);
  const digits = type === 'NPS' ? 1 : 2;
  return {
    score: rounded(mean, digits),
    share: rounded(positive / count, 4),
    margin: rounded(1.96 * Math.sqrt(variance / count), digits),
  };
}

const isPositive = (type: SurveyType, score: number) => ['PROMOTER', 'POSITIVE'].includes(responseGroup(type, score));

const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits + 0;

/** `2026-11-22`, the Monday of its week, or `2026-11`. */
function periodOf(day: string, period: Period): string {
  switch (period) {
    case 'day':
      return day;
    case 'week': {
      const at = new Date(`${day}T00:00:00Z`);
      at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
      return at.toISOString().slice(0, 10);
    }
    case 'month':
      return day.slice(0, 7);
  }
}
