import { nextCron } from './cron.ts';

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * When `rate(…)`, `cron(…)` or `at(…)` is due next after `after`; undefined when never again. A rate counts from `after`.
 */
export function nextTime(expression: string, after: number): number | undefined {
  const [, kind, inner] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'cron' && inner !== undefined) return nextCron(inner, after);
  if (kind === 'rate' && inner !== undefined) return after + ratePeriod(inner);
  if (kind === 'at' && inner !== undefined) {
    const moment = Date.parse(`${inner}Z`);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner) || Number.isNaN(moment))
      throw new Error(`${expression} must be at(yyyy-mm-ddThh:mm:ss)`);
    return moment > after ? moment : undefined;
  }
  throw new Error(`${expression} is neither rate(…) nor cron(…) nor at(…)`);
}

/** AWS insists on the right number of the unit: 1 minute, 5 minutes. */
function ratePeriod(text: string): number {
  const [, count, unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(text) ?? [];
  const period = unitMs[unit];
  if (period === undefined || (Number(count) === 1) !== (plural === '')) throw new Error(`rate(${text}) is not valid`);
  return Number(count) * period;
}
