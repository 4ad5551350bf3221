import * as z from 'zod/mini';

/**
 * `PENDING`: not given to SES. `SENDING`: a worker has it, until its lease runs out. `ACCEPTED`: SES took it. `FAILED`: SES refused it for
 * good. `UNKNOWN`: it went out and nobody knows; it is never sent again by itself, SES's events settle it. `CANCELLED`: it will not be sent.
 */
export const RecipientState = z.enum(['PENDING', 'SENDING', 'ACCEPTED', 'FAILED', 'UNKNOWN', 'CANCELLED']);
export type RecipientState = z.output<typeof RecipientState>;

/** What a mail is, for whoever counts how many of a kind somebody got. */
export const MailKind = z.enum(['SURVEY', 'MARKETING']);
export type MailKind = z.output<typeof MailKind>;

const Moment = z.optional(z.string());

/** One mail to one contact: the ledger's row. */
export const Recipient = z.object({
  sendId: z.string(),
  contactId: z.string(),
  /** Where it goes: the contact's address when the audience was read. */
  email: z.string(),
  state: RecipientState,
  /** Rises with each claim; with the state it tells whether the row is still as it was read. */
  attempts: z.number(),
  leaseUntil: z.number(),
  /** Which part of the audience brought the contact: another part that has it too finds a duplicate. */
  source: z.number(),
  /** Absent in rows of the time when every send was a survey's. */
  kind: z.optional(MailKind),
  /** Whose clocks its time and its working hours are told by; absent: the account's. */
  zone: z.optional(z.string()),
  /** It does not go before. */
  notBefore: Moment,
  /** SES's id of the message. */
  reference: z.optional(z.string()),
  /** Why it was not sent, or is not known to be. */
  reason: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  sentAt: Moment,
  deliveredAt: Moment,
  bouncedAt: Moment,
  complainedAt: Moment,
  rejectedAt: Moment,
  openedAt: Moment,
  clickedAt: Moment,
  answeredAt: Moment,
  unsubscribedAt: Moment,
  /** When a program that looks into mails opened or clicked, which counts neither as opened nor as clicked. */
  scannedAt: Moment,
});
export type Recipient = z.output<typeof Recipient>;

/** Moments of a mail's life, and the total that each counts towards, once for a mail. */
const countedMoments = {
  deliveredAt: 'delivered',
  bouncedAt: 'bounced',
  complainedAt: 'complained',
  openedAt: 'opened',
  clickedAt: 'clicked',
  answeredAt: 'answered',
  unsubscribedAt: 'unsubscribed',
  scannedAt: 'scanned',
} as const;
export type LedgerMoment = keyof typeof countedMoments | 'sentAt' | 'rejectedAt';

export const totalNames = [
  'recipients',
  'accepted',
  'failed',
  'pending',
  'unknown',
  'cancelled',
  ...Object.values(countedMoments),
] as const;
type TotalName = (typeof totalNames)[number];
/** What a change adds to the totals of its send. */
export type Counts = Readonly<Partial<Record<string, number>>>;

/** Where a row stands among the totals. `unknown` is a part of `pending`, so recipients = accepted + failed + pending + cancelled. */
const places: Readonly<Record<RecipientState, Partial<Record<TotalName, 1>>>> = {
  PENDING: { pending: 1 },
  SENDING: { pending: 1 },
  UNKNOWN: { pending: 1, unknown: 1 },
  ACCEPTED: { accepted: 1 },
  FAILED: { failed: 1 },
  CANCELLED: { cancelled: 1 },
};

/** Under which state a row is listed: who is being sent to is still pending. */
export const listedStates = ['PENDING', 'UNKNOWN', 'ACCEPTED', 'FAILED', 'CANCELLED'] as const;
export type ListedState = (typeof listedStates)[number];
export const listedAs = (state: RecipientState): ListedState => (state === 'SENDING' ? 'PENDING' : state);

export function sumOf(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const [name, by = 0] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + by;
  return Object.fromEntries(Object.entries(sum).filter(([, by]) => by !== 0));
}

/** What a row adds to the totals of its send. */
export const totalsOfRow = (row: Recipient): Readonly<Record<string, number>> => ({
  recipients: 1,
  ...places[row.state],
  ...Object.fromEntries(
    Object.entries(countedMoments).flatMap(([moment, total]) =>
      row[moment as keyof typeof countedMoments] ? [[total, 1]] : [],
    ),
  ),
});

const negative = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([name, by = 0]) => [name, -by]));

/** A row as it was (absent for a new one), as it shall be, and what that does to the totals. */
export type Change = { readonly before?: Recipient; readonly after: Recipient; readonly counts: Counts };

function change(before: Recipient, set: Partial<Recipient>, at: string): Change {
  const after: Recipient = { ...before, ...set, updatedAt: at };
  const reached = Object.entries(countedMoments).map(([moment, total]) => {
    const name = moment as keyof typeof countedMoments;
    return { [total]: Number(after[name] !== undefined) - Number(before[name] !== undefined) };
  });
  return { before, after, counts: sumOf([negative(places[before.state]), places[after.state], ...reached]) };
}

type Newcomer = Pick<Recipient, 'sendId' | 'contactId' | 'email' | 'source' | 'kind' | 'zone' | 'notBefore'>;

/** A contact joins the recipients. */
export function enlisted(newcomer: Newcomer, at: string): Change {
  const after: Recipient = {
    ...newcomer,
    state: 'PENDING',
    attempts: 0,
    leaseUntil: 0,
    createdAt: at,
    updatedAt: at,
  };
  return { after, counts: { recipients: 1, ...places.PENDING } };
}

/** Longer than a call of SES and the storing of its outcome may take. */
const leaseMs = 30_000;

/** Taken by a worker, which alone may send it now. */
export const claimed = (row: Recipient, at: string): Change =>
  change(row, { state: 'SENDING', attempts: row.attempts + 1, leaseUntil: Date.parse(at) + leaseMs }, at);

/** What became of the call. `RETRY` surely did not arrive, so it may be tried again. */
export type SendOutcome =
  | { readonly state: 'SENT'; readonly messageId: string }
  | { readonly state: 'RETRY' | 'FAILED' | 'UNKNOWN'; readonly reason: string };

const stateAfter = { SENT: 'ACCEPTED', RETRY: 'PENDING', FAILED: 'FAILED', UNKNOWN: 'UNKNOWN' } as const;

export const settled = (row: Recipient, outcome: SendOutcome, at: string): Change =>
  change(
    row,
    {
      state: stateAfter[outcome.state],
      ...(outcome.state === 'SENT' ? { reference: outcome.messageId } : { reason: outcome.reason }),
    },
    at,
  );

export const givenUp = (row: Recipient, at: string): Change =>
  change(row, { state: 'UNKNOWN', reason: 'the sender died while it was sending' }, at);

export const cancelled = (row: Recipient, reason: string, at: string): Change =>
  change(row, { state: 'CANCELLED', reason }, at);

/**
 * What SES told about the mail. Whatever it reports proves that it took it; that it rejected it afterwards is the last word, whenever the
 * news of it comes.
 */
export function told(
  row: Recipient,
  news: { readonly moment: LedgerMoment; readonly rejected: boolean; readonly at: string; readonly reason?: string },
  at: string,
): Change {
  const rejected = news.rejected || row.state === 'FAILED';
  return change(
    row,
    {
      state: rejected ? 'FAILED' : 'ACCEPTED',
      ...(row[news.moment] === undefined && { [news.moment]: news.at }),
      ...(news.rejected && { reason: news.reason ?? 'SES rejected it' }),
    },
    at,
  );
}

/** The person acted on the mail: so it arrived, whatever else is known. */
export const actedOn = (row: Recipient, moment: 'answeredAt' | 'unsubscribedAt', at: string): Change =>
  change(row, { state: row.state === 'FAILED' ? 'FAILED' : 'ACCEPTED', ...(!row[moment] && { [moment]: at }) }, at);

type Engagement = Pick<Recipient, 'openedAt' | 'clickedAt' | 'scannedAt'>;

/** What is known now of openings and clicks: a moment that proves to be a program's is taken back, and its count with it. */
export const engaged = (row: Recipient, moments: Engagement, at: string): Change =>
  change(row, { state: row.state === 'FAILED' ? 'FAILED' : 'ACCEPTED', ...moments }, at);

/** Two changes of a row, one after the other, as one. */
export const followedBy = (first: Change, second: Change): Change => ({
  ...(first.before && { before: first.before }),
  after: second.after,
  counts: sumOf([first.counts, second.counts]),
});

/** What a worker that comes by a row has to do. */
export type Duty = 'SEND' | 'WAIT' | 'GIVE_UP' | 'CANCEL' | 'LEAVE';

/** A lease that ran out means that its holder died; whether it had sent is not known. */
export function dutyOf(
  row: Pick<Recipient, 'state' | 'leaseUntil'>,
  { now, status }: { readonly now: number; readonly status: 'CONFIRMED' | 'PAUSED' | 'CANCELLED' },
): Duty {
  if (row.state === 'SENDING') return row.leaseUntil > now ? 'WAIT' : 'GIVE_UP';
  if (row.state !== 'PENDING') return 'LEAVE';
  if (status === 'CANCELLED') return 'CANCEL';
  return status === 'PAUSED' ? 'LEAVE' : 'SEND';
}
