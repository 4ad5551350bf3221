import { Cron } from 'croner';
import { CrmError } from '../core/errors.ts';
import { type CronSchedule, isOnEvent, type Schedule } from './schema.ts';

/** A wave asks people: more than one an hour is a mistake in the expression. */
const shortestGapMs = 60 * 60 * 1000;
/** Minutes repeat with every hour of an expression, so that its first times show the shortest gap. */
const timesLookedAt = 25;

const refused = (why: string) =>
  new CrmError('VALIDATION_ERROR', `schedule.cron: ${why}`, {
    errors: [{ message: `schedule.cron: ${why}`, code: 'INVALID_VALUE', in: 'schedule.cron' }],
    context: { fields: ['schedule.cron'] },
  });

const misread = () => refused('must be five fields (minute, hour, day, month, weekday) such as 0 9 1 * *');

function cronOf({ cron, timeZone }: CronSchedule): Cron {
  // Nicknames such as @daily and single dates, which the parser takes, too, are no expressions of five fields.
  if (cron.trim().split(/\s+/).length !== 5) throw misread();
  try {
    return new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true });
  } catch {
    throw misread();
  }
}

/**
 * The first time after `after` at which the schedule fires, in its zone: a time that a clock change skips comes at the next one that
 * exists, a time that it repeats comes once. Undefined when there is none any more, and for one that waits for events.
 */
export const nextRun = (schedule: Schedule, after: string): string | undefined =>
  isOnEvent(schedule) ? undefined : cronOf(schedule).nextRun(new Date(after))?.toISOString();

/** @throws CrmError 400 naming `schedule.cron` when it is not understood, never fires, or fires more than once an hour */
export function checkSchedule(schedule: Schedule, now: string): void {
  if (isOnEvent(schedule)) return;
  const times = cronOf(schedule).nextRuns(timesLookedAt, new Date(now));
  if (times.length === 0) throw refused('no day has this date');
  const isTooOften = times.some((time, position) => {
    const before = times[position - 1];
    return before !== undefined && time.getTime() - before.getTime() < shortestGapMs;
  });
  if (isTooOften) throw refused('fires more than once an hour');
}
