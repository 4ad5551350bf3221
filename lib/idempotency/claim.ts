import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { App, Once } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { absentOrBelow, attributes } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { idempotencyKey } from '../table/idempotency-keys.ts';
import { ConditionFailed } from '../table/table.ts';

/** How long an answer is kept for a repetition: a day, as clients of Stripe and HubSpot expect. */
const keptSeconds = 24 * 60 * 60;
/** A row may have 400 KB; a larger answer is made again from the records. */
const mostReplyBytes = 300_000;
const longestKey = 255;

export type Kept = {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: string;
};

const Claim = z.object({
  /** Of method, path and body: a key stands for one request. */
  request: z.string(),
  state: z.enum(['RUNNING', 'DONE']),
  leaseUntil: z.string(),
  attempt: z.number(),
  reply: z.optional(
    z.object({
      statusCode: z.optional(z.number()),
      headers: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
      body: z.optional(z.string()),
    }),
  ),
});
type Claim = z.output<typeof Claim>;

export type KeyedRequest = {
  /** The header as it came. */
  readonly key: string;
  /** Whose key it is: another token's same key is another one. */
  readonly caller: string;
  /** Method, path and body. */
  readonly request: string;
  /** Longer than the function can run. */
  readonly leaseMs: number;
  /** Whether a second run, after the first one died, does nothing twice. */
  readonly repeatable: boolean;
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Runs a request once for its `Idempotency-Key`: a repetition within 24 hours gets the first answer, with the header
 * `idempotency-replayed: true`. Refusals (4xx) are not kept: nothing was done, and the request may be sent again.
 * @throws CrmError 400 for a key that is empty or longer than 255 characters, 409 while the first one runs, or when it died and left
 * an outcome that only people can tell, 422 when the key was used for another request
 */
export async function onceForKey<R extends Kept>(
  app: App,
  keyed: KeyedRequest,
  run: (once: Once) => Promise<R>,
): Promise<R | Kept> {
  if (keyed.key.trim() === '' || keyed.key.length > longestKey) throw badKey();
  const hash = sha256(`${keyed.caller}\n${keyed.key}`);
  const claimed = await claim(app, hash, keyed);
  if ('reply' in claimed) return claimed.reply;
  try {
    const result = await run({ hash, again: claimed.attempt > 1 });
    await keep(app, hash, claimed.attempt, result);
    return result;
  } catch (error) {
    if (wasNotDone(error)) await release(app, hash, claimed.attempt);
    throw error;
  }
}

async function claim(
  app: App,
  hash: string,
  keyed: KeyedRequest,
): Promise<{ readonly attempt: number } | { readonly reply: Kept }> {
  const fresh = claimOf(app, keyed, 1);
  try {
    const when = absentOrBelow('expiresAt', secondsOf(app));
    await app.table.commit([{ put: { ...idempotencyKey(hash), ...fresh }, when }]);
    return { attempt: 1 };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const stored = Claim.parse(error.at(0)?.item);
    return (await settled(app, hash, keyed, stored)) ?? { attempt: stored.attempt + 1 };
  }
}

/** What a repetition gets; undefined when it is to run in place of the first one, which died. */
async function settled(app: App, hash: string, keyed: KeyedRequest, stored: Claim) {
  if (stored.request !== sha256(keyed.request)) throw otherRequest();
  if (stored.state === 'DONE' && stored.reply) {
    return { reply: { ...stored.reply, headers: { ...stored.reply.headers, 'idempotency-replayed': 'true' } } };
  }
  if (stored.state === 'RUNNING' && stored.leaseUntil > app.now()) throw stillRunning();
  if (!keyed.repeatable) throw unknownOutcome();
  const { attempt } = stored;
  try {
    await app.table.commit([
      {
        put: { ...idempotencyKey(hash), ...claimOf(app, keyed, attempt + 1) },
        when: attributes({ attempt, state: stored.state }),
      },
    ]);
    return undefined;
  } catch (error) {
    throw error instanceof ConditionFailed ? stillRunning() : error;
  }
}

const claimOf = (app: App, { request, leaseMs }: KeyedRequest, attempt: number) => ({
  entity: 'idempotency',
  request: sha256(request),
  state: 'RUNNING' as const,
  attempt,
  leaseUntil: new Date(Date.parse(app.now()) + leaseMs).toISOString(),
  expiresAt: secondsOf(app) + keptSeconds,
});

const secondsOf = (app: App) => Math.ceil(Date.parse(app.now()) / 1000);

async function keep(app: App, hash: string, attempt: number, result: Kept): Promise<void> {
  const { statusCode, headers, body } = result;
  const small = Buffer.byteLength(body ?? '') <= mostReplyBytes;
  const reply = { statusCode, headers, ...(body !== undefined && { body }) };
  await ignoringOthers(
    app.table.commit([
      {
        update: idempotencyKey(hash),
        set: { state: 'DONE', ...(small && { reply }) },
        when: attributes({ attempt }),
      },
    ]),
  );
}

/** Refused at first, nothing was done. A later run may follow one that died with a part of it done: the next has to know of that. */
const release = (app: App, hash: string, attempt: number) => {
  const when = attributes({ attempt });
  const claim = idempotencyKey(hash);
  const over = { update: claim, set: { leaseUntil: app.now() }, when };
  return ignoringOthers(app.table.commit([attempt === 1 ? { remove: claim, when } : over]));
};

/** Another run has taken the claim over: what it keeps counts. */
async function ignoringOthers(commit: Promise<void>): Promise<void> {
  try {
    await commit;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** Refusals, and conflicts that were lost: the request wrote nothing. After anything else it may have. */
const wasNotDone = (error: unknown) => error instanceof StaleRead || (error instanceof CrmError && error.status < 500);

const badKey = () =>
  new CrmError('VALIDATION_ERROR', `An Idempotency-Key has from 1 to ${longestKey} characters`, {
    context: { header: ['Idempotency-Key'] },
  });

const otherRequest = () =>
  new CrmError('VALIDATION_ERROR', 'This Idempotency-Key was used for another request within the last 24 hours', {
    status: 422,
    subCategory: 'IDEMPOTENCY_KEY_REUSED',
  });

const stillRunning = () =>
  new CrmError('CONFLICT', 'The first request with this Idempotency-Key is still running', {
    subCategory: 'IDEMPOTENCY_REQUEST_IN_PROGRESS',
    retryAfter: 1,
  });

const unknownOutcome = () =>
  new CrmError(
    'CONFLICT',
    'The first request with this Idempotency-Key ended without an answer: look whether it was carried out, and send what is missing with another key',
    { subCategory: 'IDEMPOTENCY_OUTCOME_UNKNOWN' },
  );
