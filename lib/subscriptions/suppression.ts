import * as z from 'zod/mini';

/** Mail to the address does not arrive, or its owner complained: SES would count it against the sender, so none is sent. */
export const Suppression = z.object({
  email: z.string(),
  version: z.number(),
  reason: z.optional(z.enum(['BOUNCED', 'COMPLAINED'])),
  /** Bounces that may pass (a full mailbox), one after the other. */
  softBounces: z.number(),
  updatedAt: z.string(),
  expiresAt: z.optional(z.number()),
});
export type Suppression = z.output<typeof Suppression>;

/** A mailbox that was full so often is no mailbox any more. */
const mostSoftBounces = 5;
/** Soft bounces that far apart have nothing to do with each other. */
const softBounceDays = 90;

export type Trouble = 'HARD_BOUNCE' | 'SOFT_BOUNCE' | 'COMPLAINT';

/** What is known of an address after this trouble. A complaint outweighs a bounce, and neither is forgotten. */
export function afterTrouble(
  known: Suppression | undefined,
  { email, trouble, now }: { readonly email: string; readonly trouble: Trouble; readonly now: string },
): Suppression {
  const softBounces = (known?.softBounces ?? 0) + (trouble === 'SOFT_BOUNCE' ? 1 : 0);
  const bounced = trouble === 'HARD_BOUNCE' || softBounces >= mostSoftBounces;
  const reason =
    trouble === 'COMPLAINT' || known?.reason === 'COMPLAINED' ? 'COMPLAINED' : bounced ? 'BOUNCED' : known?.reason;
  return {
    email,
    version: (known?.version ?? 0) + 1,
    softBounces,
    updatedAt: now,
    ...(reason === undefined
      ? { expiresAt: Math.floor(Date.parse(now) / 1000) + softBounceDays * 86_400 }
      : { reason }),
  };
}
