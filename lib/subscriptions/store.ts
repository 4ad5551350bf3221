import { SubscriptionChanged } from '../../events/subscription.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { isAddress } from '../mail/address.ts';
import { isEmail, normaliseEmail } from '../objects/email-address.ts';
import { findByValue } from '../objects/read-store.ts';
import { absent, absentOrBelow, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { subscriptionKey, suppressionKey } from '../table/keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { everythingAgain, mayReceive, optedIn, optedOut, type Scope } from './choices.ts';
import { type Choice, Subscription } from './schema.ts';
import { afterTrouble, Suppression, type Trouble } from './suppression.ts';

/** An address as it is a key here. @throws CrmError 400 when it is none */
export function addressOf(text: string): string {
  const email = normaliseEmail(text);
  if (isEmail(email)) return email;
  throw new CrmError('VALIDATION_ERROR', `Email address ${text.slice(0, 254)} is invalid`, {
    context: { fields: ['emailAddress'] },
  });
}

/** What an address chose; nothing for one that chose nothing. */
export const findSubscription = (app: App, email: string): Promise<Subscription | undefined> =>
  app.table.get(subscriptionKey(email), Subscription);

/** Why no bulk mail of this kind may go to an address. */
export type Barrier = 'UNSUBSCRIBED' | 'BOUNCED' | 'COMPLAINED';

/** The barriers of many addresses, read as they are now: one call for each fifty. Addresses without any are left out. */
export async function barriersOf(
  app: App,
  typeId: string,
  emails: readonly string[],
): Promise<ReadonlyMap<string, Barrier>> {
  const [chosen, suppressed] = await Promise.all([
    app.table.getMany(emails.map(subscriptionKey), Subscription),
    app.table.getMany(emails.map(suppressionKey), Suppression),
  ]);
  const unsubscribed = chosen.filter((each) => !mayReceive(each, typeId));
  return new Map<string, Barrier>([
    ...unsubscribed.map(({ email }) => [email, 'UNSUBSCRIBED'] as const),
    ...suppressed.flatMap(({ email, reason }) => (reason ? [[email, reason] as const] : [])),
  ]);
}

/** Why no mail at all may go to an address: for mail that belongs to no kind. */
export async function barrierOf(app: App, address: string): Promise<Barrier | undefined> {
  const email = normaliseEmail(address);
  return (await barriersOf(app, 'none', [email])).get(email);
}

export type Wish = {
  readonly email: string;
  readonly scope: Scope;
  readonly wanted: boolean;
  readonly choice: Omit<Choice, 'status' | 'at'>;
  /** Whose log tells of it; without it, the contact that has the address. */
  readonly contactId?: string;
  /** The mail that led to it. */
  readonly sendId?: string;
  /** Steps that stand or fall with the change. */
  readonly also?: () => Promise<Step[]>;
};

/** Stores what somebody wants to get, with the event in the contact's log. What is so already is not written again. */
export function choose(app: App, wish: Wish): Promise<Subscription> {
  return contend(async () => {
    const stored = await findSubscription(app, wish.email);
    const before = stored ?? { email: wish.email, version: 0, types: {} };
    const after = decide(before, wish, app.now());
    if (!after) return before;
    const next = { ...after, version: before.version + 1 };
    await commitOrThrow(app.table, [
      orStale({
        put: { ...subscriptionKey(wish.email), entity: 'subscription', ...next },
        when: stored ? versionIs(stored.version) : absent,
      }),
      ...(await eventSteps(app, wish)),
      ...((await wish.also?.()) ?? []),
    ]);
    return next;
  });
}

function decide(before: Subscription, { scope, wanted, choice }: Wish, at: string): Subscription | undefined {
  if (!wanted) return optedOut(before, scope, { ...choice, status: 'NOT_SUBSCRIBED', at });
  if (scope === 'all') return everythingAgain(before);
  return optedIn(before, scope, { ...choice, status: 'SUBSCRIBED', at });
}

/** The event lies in a contact's log: an address that no contact has leaves none. */
async function eventSteps(app: App, { email, scope, wanted, choice, sendId, ...wish }: Wish): Promise<Step[]> {
  const recordId = wish.contactId ?? (await findByValue(app, '0-1', 'email', email, 1))[0];
  if (recordId === undefined) return [];
  const changed = SubscriptionChanged.of({
    id: app.newEventId(),
    objectType: '0-1',
    recordId,
    occurredAt: app.now(),
    actor: app.actor,
    cause: [...app.cause],
    subscriptionTypeId: scope,
    status: wanted ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
    source: choice.source,
    ...(sendId !== undefined && { sendId }),
  });
  return [orStale(appendEvent(changed))];
}

/** What is noted of addresses that mail could not be brought to, or whose owners complained: steps for the transaction of the news. */
export async function troubleSteps(app: App, addresses: readonly string[], trouble: Trouble): Promise<Step[]> {
  const emails = [...new Set(addresses.map(normaliseEmail))].filter(isAddress);
  const known = new Map(
    (await app.table.getMany(emails.map(suppressionKey), Suppression)).map((row) => [row.email, row]),
  );
  const now = app.now();
  // An expired row may still lie there.
  const forgotten = absentOrBelow('expiresAt', Math.floor(Date.parse(now) / 1000) + 1);
  return emails.map((email) => {
    const before = known.get(email);
    const put = { ...suppressionKey(email), entity: 'suppression', ...afterTrouble(before, { email, trouble, now }) };
    return orStale({ put, when: before ? versionIs(before.version) : forgotten });
  });
}
