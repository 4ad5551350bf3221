import type { App } from '../core/app.ts';
import { NotYet } from '../core/consume.ts';
import { absent, attributes } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import type { Key } from '../table/keys.ts';
import { alsoStep, commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { type AfterCrash, claimOf, Entry, type Origin, type Outcome } from './entry.ts';

/** Something to be sent once. */
export type Order = {
  readonly key: Key;
  readonly id: string;
  /** gsi1 partition that lists it by time. */
  readonly listing?: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly origin: Origin;
  readonly round: number;
  readonly afterCrash: AfterCrash;
  /** Must hold when it is claimed. */
  readonly guard: readonly Write[];
};

/** Longer than any call may take, shorter than the time after which a queue delivers again. */
const leaseMs = 20_000;
/** Who finds another worker sending waits this long for the outcome. */
const patienceMs = 6000;

/**
 * Sends something outside at most once at a time, and never again after it arrived or may have arrived. The claim is stored before the
 * call, the outcome after it. Returns the entry when its fate is decided.
 * @throws NotYet when it is to be tried again; PreconditionFailed when the guard did not hold
 */
export async function sendOnce(app: App, order: Order, send: (entry: Entry) => Promise<Outcome>): Promise<Entry> {
  const { entry, mine } = await patiently(() => claim(app, order));
  if (!mine) return entry;
  const settled = await settle(app, entry, await send(entry));
  if (settled.state === 'RETRY') throw new NotYet(settled.reason ?? 'It could not be sent', settled.retryAt);
  return settled;
}

/** Another worker is sending it, and has until its lease runs out. */
class Taken extends StaleRead {
  readonly leaseUntil: number;

  constructor(leaseUntil: number) {
    super('Another worker is sending it');
    this.leaseUntil = leaseUntil;
  }
}

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await contend(attempt, patienceMs);
  } catch (error) {
    if (!(error instanceof StaleRead)) throw error;
    throw new NotYet(error.message, error instanceof Taken ? error.leaseUntil : undefined);
  }
}

type Claimed = { readonly entry: Entry; readonly mine: boolean };

async function claim(app: App, order: Order): Promise<Claimed> {
  const stored = await app.table.get(order.key, Entry);
  const now = Date.parse(app.now());
  if (!stored) return { entry: await take(app, order, undefined), mine: true };
  switch (claimOf(stored, { now, round: order.round, afterCrash: order.afterCrash })) {
    case 'LEAVE':
      return { entry: stored, mine: false };
    case 'LATER':
      if (stored.state === 'RETRY') throw new NotYet('It is not time to try again', stored.retryAt);
      throw new Taken(stored.leaseUntil);
    case 'GIVE_UP':
      return {
        entry: await settle(app, stored, { state: 'UNKNOWN', reason: 'the sender died while it was sending' }),
        mine: false,
      };
    case 'SEND':
      return { entry: await take(app, order, stored), mine: true };
  }
}

async function take(app: App, order: Order, stored: Entry | undefined): Promise<Entry> {
  const now = app.now();
  const {
    retryAt: _,
    reason: __,
    ...before
  } = stored ?? {
    id: order.id,
    content: { ...order.content },
    origin: order.origin,
    createdAt: now,
    attempts: 0,
  };
  const entry: Entry = {
    ...before,
    pk: order.key.pk,
    sk: order.key.sk,
    state: 'SENDING',
    round: order.round,
    attempts: before.attempts + 1,
    leaseUntil: Date.parse(now) + leaseMs,
    updatedAt: now,
  };
  const when = stored ? unchanged(stored) : absent;
  await commitOrThrow(app.table, [orStale({ put: itemOf(entry, order.listing), when }), ...order.guard.map(alsoStep)]);
  return entry;
}

const unchanged = ({ state, attempts, leaseUntil }: Entry) => attributes({ state, attempts, leaseUntil });

const itemOf = (entry: Entry, listing: string | undefined) => ({
  ...entry,
  entity: 'outgoing',
  ...(listing && { gsi1pk: listing, gsi1sk: `${entry.createdAt}#${entry.id}` }),
});

/** Stores the outcome of a claim. Somebody who knew better meanwhile (SES told of the mail) is not contradicted. */
async function settle(app: App, entry: Entry, outcome: Outcome): Promise<Entry> {
  const now = app.now();
  const set = {
    state: outcome.state,
    updatedAt: now,
    ...('reason' in outcome && { reason: outcome.reason }),
    ...(outcome.state === 'SENT' && outcome.reference !== undefined && { reference: outcome.reference }),
    ...(outcome.state === 'RETRY' && { retryAt: Date.parse(now) + (outcome.retryAfterSeconds ?? 0) * 1000 }),
  };
  const { pk, sk } = entry;
  try {
    await commitOrThrow(app.table, [orStale({ update: { pk, sk }, set, when: unchanged(entry) })]);
    return { ...entry, ...set };
  } catch (error) {
    if (!(error instanceof StaleRead)) throw error;
    return (await app.table.get({ pk, sk }, Entry)) ?? { ...entry, ...set };
  }
}

/** Lets what is not surely sent be sent again, by a person who decided so. @returns undefined when it was sent, or is being sent */
export async function release(app: App, entry: Entry): Promise<Entry | undefined> {
  const busy = entry.state === 'SENDING' && entry.leaseUntil > Date.parse(app.now());
  if (entry.state === 'SENT' || busy) return undefined;
  const released = { ...entry, state: 'RETRY' as const, retryAt: 0, updatedAt: app.now() };
  const { pk, sk } = entry;
  await commitOrThrow(app.table, [
    orStale({
      update: { pk, sk },
      set: { state: 'RETRY', retryAt: 0, updatedAt: released.updatedAt },
      when: unchanged(entry),
    }),
  ]);
  return released;
}
