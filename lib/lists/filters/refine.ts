import * as z from 'zod/mini';
import { type Answer, always, earliest, fixed, isAfter, isBefore, isWithin, type Moving, not } from './answer.ts';

const Offset = z.looseObject({
  amount: z.number(),
  offsetDirection: z.enum(['PAST', 'FUTURE']),
  timeUnit: z.enum(['MINUTES', 'HOURS', 'DAYS', 'WEEKS']),
});
type Offset = z.output<typeof Offset>;

/** What narrows things that happened: to a time (pruning), or to how often they happened (coalescing). */
export const RefineBy = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('ALL_HISTORY') }),
  z.looseObject({
    type: z.literal('NUM_OCCURRENCES'),
    minOccurrences: z.optional(z.number()),
    maxOccurrences: z.optional(z.number()),
  }),
  z.looseObject({ type: z.literal('SET_OCCURRENCES'), setType: z.string() }),
  z.looseObject({
    type: z.literal('ABSOLUTE_COMPARATIVE'),
    comparison: z.enum(['BEFORE', 'AFTER']),
    timestamp: z.number(),
  }),
  z.looseObject({
    type: z.literal('ABSOLUTE_RANGED'),
    rangeType: z.enum(['BETWEEN', 'NOT_BETWEEN']),
    lowerTimestamp: z.number(),
    upperTimestamp: z.number(),
  }),
  z.looseObject({
    type: z.literal('RELATIVE_COMPARATIVE'),
    comparison: z.enum(['BEFORE', 'AFTER']),
    timeOffset: Offset,
  }),
  z.looseObject({
    type: z.literal('RELATIVE_RANGED'),
    rangeType: z.enum(['BETWEEN', 'NOT_BETWEEN']),
    lowerBoundOffset: Offset,
    upperBoundOffset: Offset,
  }),
]);
export type RefineBy = z.output<typeof RefineBy>;

/** What a filter on things that happened may say besides. */
export type Refinement = {
  readonly coalescingRefineBy?: RefineBy | null | undefined;
  readonly pruningRefineBy?: RefineBy | null | undefined;
};

const unitMs = { MINUTES: 60_000, HOURS: 3_600_000, DAYS: 86_400_000, WEEKS: 604_800_000 };

function momentOf({ amount, offsetDirection, timeUnit }: Offset): Moving {
  const by = amount * unitMs[timeUnit] * (offsetDirection === 'PAST' ? -1 : 1);
  return { at: (now) => now + by, moves: true };
}

/** Whether something that happened at `at` lies in the time that is looked at. */
function isKept(at: number, refine: RefineBy, now: number): Answer {
  const compared = (comparison: 'BEFORE' | 'AFTER', moment: Moving) =>
    comparison === 'BEFORE' ? isBefore(at, moment, now) : isAfter(at, moment, now);
  const ranged = (rangeType: 'BETWEEN' | 'NOT_BETWEEN', ends: readonly [Moving, Moving]) => {
    const within = isWithin(at, ends, now);
    return rangeType === 'BETWEEN' ? within : not(within);
  };
  switch (refine.type) {
    case 'ABSOLUTE_COMPARATIVE':
      return compared(refine.comparison, fixed(refine.timestamp));
    case 'ABSOLUTE_RANGED':
      return ranged(refine.rangeType, [fixed(refine.lowerTimestamp), fixed(refine.upperTimestamp)]);
    case 'RELATIVE_COMPARATIVE':
      return compared(refine.comparison, momentOf(refine.timeOffset));
    case 'RELATIVE_RANGED':
      return ranged(refine.rangeType, [momentOf(refine.lowerBoundOffset), momentOf(refine.upperBoundOffset)]);
    default:
      return always(true);
  }
}

/** Whether things happened as often as they should: once at least, unless the filter says how often. */
export function occurred(times: readonly number[], refinement: Refinement, now: number): Answer {
  const { coalescingRefineBy, pruningRefineBy } = refinement;
  const kept = times.map((at) => (pruningRefineBy ? isKept(at, pruningRefineBy, now) : always(true)));
  const count = kept.filter(({ met }) => met).length;
  const counted = coalescingRefineBy?.type === 'NUM_OCCURRENCES' ? coalescingRefineBy : undefined;
  const least = counted ? (counted.minOccurrences ?? 0) : 1;
  return { met: count >= least && count <= (counted?.maxOccurrences ?? count), until: earliest(kept) };
}
