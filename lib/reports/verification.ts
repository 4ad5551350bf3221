import * as z from 'zod/mini';

/** A cell whose counter is not what a recount of the records says. */
export const Difference = z.object({
  keys: z.array(z.string()),
  /** What the counter says, and what a recount of the records says. */
  counted: z.number(),
  recounted: z.number(),
  countedSum: z.optional(z.number()),
  recountedSum: z.optional(z.number()),
  recordIds: z.array(z.string()),
});
export type Difference = z.output<typeof Difference>;

export const Verification = z.object({
  equal: z.boolean(),
  records: z.number(),
  cells: z.number(),
  /** How many records stand in a wrong cell. */
  misplaced: z.number(),
  differences: z.array(Difference),
});
export type Verification = z.output<typeof Verification>;
