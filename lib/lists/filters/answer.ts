/** Whether something holds, and the earliest moment (in milliseconds) at which time alone could make it another answer. */
export type Answer = { readonly met: boolean; readonly until: number };

const never = Number.POSITIVE_INFINITY;
export const always = (met: boolean): Answer => ({ met, until: never });

export const not = ({ met, until }: Answer): Answer => ({ met: !met, until });

/** Of several answers that hold, one alone keeps the whole: it stays as it is until the last of them may end. */
export function any(answers: readonly Answer[]): Answer {
  const met = answers.filter((answer) => answer.met);
  return met.length > 0
    ? { met: true, until: Math.max(...met.map(({ until }) => until)) }
    : { met: false, until: earliest(answers) };
}

export const all = (answers: readonly Answer[]): Answer => not(any(answers.map(not)));

export const earliest = (answers: readonly Answer[]): number => Math.min(never, ...answers.map(({ until }) => until));

/** A moment that may move with the clock. It never moves back when the clock goes on. */
export type Moving = { readonly at: (now: number) => number; readonly moves: boolean };

export const fixed = (time: number): Moving => ({ at: () => time, moves: false });

const centuryMs = 36_525 * 86_400_000;

/**
 * Whether `time` lies before the moment (or at it, when `inclusive`). That becomes true once at most, because the moment only moves on:
 * when it is not true yet, the first millisecond at which it is is looked for, within a hundred years.
 */
export function isBefore(time: number, moment: Moving, now: number, inclusive = false): Answer {
  const holds = (at: number) => (inclusive ? time <= moment.at(at) : time < moment.at(at));
  if (Number.isNaN(time) || Number.isNaN(moment.at(now))) return always(false);
  if (holds(now)) return always(true);
  return { met: false, until: moment.moves ? firstAfter(now, holds) : never };
}

function firstAfter(now: number, holds: (at: number) => boolean): number {
  let step = 60_000;
  while (!holds(now + step)) {
    if (step > centuryMs) return never;
    step *= 2;
  }
  let [before, after] = [now, now + step];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}

/** Whether `time` lies in the range. The lower end belongs to it unless `open` says otherwise; so does the upper one. */
export const isWithin = (
  time: number,
  [lower, upper]: readonly [Moving, Moving],
  now: number,
  open: { readonly lower?: boolean; readonly upper?: boolean } = {},
): Answer => {
  if (Number.isNaN(time) || Number.isNaN(lower.at(now)) || Number.isNaN(upper.at(now))) return always(false);
  return all([
    not(isBefore(time, lower, now, open.lower ?? false)),
    isBefore(time, upper, now, !(open.upper ?? false)),
  ]);
};

/** Whether `time` lies after the moment (or at it, when `inclusive`). */
export const isAfter = (time: number, moment: Moving, now: number, inclusive = false): Answer =>
  Number.isNaN(time) || Number.isNaN(moment.at(now)) ? always(false) : not(isBefore(time, moment, now, !inclusive));
