import * as z from 'zod/mini';
import { exclusions } from './exclusion-reasons.ts';

/** A token that some people have no value for, and that has no default: how many, and a few of them. */
const MissingToken = z.object({ token: z.string(), contacts: z.number(), examples: z.array(z.string()) });

/** What a look at the whole audience found. While a job is looking, there is its id and no figures. */
export const Preview = z.object({
  status: z.enum(['RUNNING', 'DONE']),
  jobId: z.optional(z.string()),
  at: z.string(),
  toSend: z.optional(z.number()),
  excluded: z.optional(z.array(z.object({ reason: z.enum(exclusions), count: z.number() }))),
  /** US dollars, by the prices of the day that `pricesOf` names: what SES takes, and what the table does. */
  estimatedCost: z.optional(z.number()),
  costs: z.optional(z.object({ ses: z.number(), table: z.number(), pricesOf: z.string() })),
  estimatedEndAt: z.optional(z.string()),
  missingTokens: z.optional(z.array(MissingToken)),
});
export type Preview = z.output<typeof Preview>;

/** `run` names the look, `sendVersion` the send as it was then. */
export const StoredPreview = z.extend(Preview, { run: z.string(), sendVersion: z.number() });
export type StoredPreview = z.output<typeof StoredPreview>;
