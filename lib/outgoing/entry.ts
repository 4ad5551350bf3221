import * as z from 'zod/mini';

/**
 * `SENDING`: a worker has it, until its lease runs out. `RETRY`: it surely did not arrive and will be sent again. `SENT`, `FAILED`: it
 * surely did or never will. `UNKNOWN`: it went out and nobody knows; it is not sent again by itself.
 */
export const EntryState = z.enum(['SENDING', 'RETRY', 'SENT', 'UNKNOWN', 'FAILED']);
export type EntryState = z.output<typeof EntryState>;

/** What something is sent for: the step of a flow if it is one's, and the record whose log tells of it. */
export const Origin = z.object({
  flowId: z.optional(z.string()),
  runId: z.optional(z.string()),
  actionId: z.optional(z.string()),
  objectType: z.string(),
  recordId: z.string(),
  cause: z.array(z.string()),
});
export type Origin = z.output<typeof Origin>;

/** One thing that is sent to the world outside: a Slack post, a webhook call, a mail. */
export const Entry = z.object({
  pk: z.string(),
  sk: z.string(),
  id: z.string(),
  state: EntryState,
  round: z.number(),
  attempts: z.number(),
  leaseUntil: z.number(),
  retryAt: z.optional(z.number()),
  content: z.record(z.string(), z.unknown()),
  origin: Origin,
  /** What the receiver said, or why it did not work. */
  reference: z.optional(z.string()),
  reason: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Entry = z.output<typeof Entry>;

/** What became of one try. */
export type Outcome =
  | { readonly state: 'SENT'; readonly reference?: string }
  | { readonly state: 'RETRY'; readonly reason: string; readonly retryAfterSeconds?: number }
  | { readonly state: 'UNKNOWN' | 'FAILED'; readonly reason: string };

/** What a worker that comes by an entry may do. */
export type Claim = 'SEND' | 'LATER' | 'LEAVE' | 'GIVE_UP';

/** What to make of a sender that died between its claim and its word about the outcome. */
export type AfterCrash = 'SEND_AGAIN' | 'GIVE_UP';

/**
 * Decides whether an entry may be sent now. A lease that ran out means that its holder died: whether it had sent is not known, so it is
 * sent again only where the receiver drops a repeat by its id (`SEND_AGAIN`).
 */
export function claimOf(
  entry: Pick<Entry, 'state' | 'round' | 'leaseUntil' | 'retryAt'>,
  at: { now: number; round: number; afterCrash: AfterCrash },
): Claim {
  switch (entry.state) {
    case 'SENT':
    case 'UNKNOWN':
      return 'LEAVE';
    case 'FAILED':
      return entry.round < at.round ? 'SEND' : 'LEAVE';
    case 'RETRY':
      return (entry.retryAt ?? 0) <= at.now ? 'SEND' : 'LATER';
    case 'SENDING':
      if (entry.leaseUntil > at.now) return 'LATER';
      return at.afterCrash === 'SEND_AGAIN' ? 'SEND' : 'GIVE_UP';
  }
}
