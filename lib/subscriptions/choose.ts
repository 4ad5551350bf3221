import { SubscriptionChanged } from '../../events/subscription.ts';
import type { ConsentEntry, ConsentSource } from '../consents/entry.ts';
import { consentWrite } from '../consents/ledger.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { findByValue } from '../objects/read-store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { subscriptionKey } from '../table/keys.ts';
import { alsoStep, commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { choiceBarrier, everythingAgain, optedIn, optedOut, pending, type Scope } from './choices.ts';
import type { Choice, Subscription } from './schema.ts';
import { findSubscription } from './store.ts';
import { subscriptionTypes } from './type-store.ts';
import type { SubscriptionType } from './types.ts';

/** Somebody wants a kind of mail or all of it, or does not. */
export type Wish = {
  readonly scope: Scope;
  readonly wanted: boolean;
  readonly choice: Omit<Choice, 'status' | 'at'>;
  /** What the ledger keeps of it. With a text, a yes that changes nothing is proven again. */
  readonly shownText?: string;
  readonly source?: Omit<ConsentSource, 'kind'>;
};

/** Whose wishes they are. */
export type Chooser = {
  readonly email: string;
  /** Whose log tells of it; without it, the contact that has the address. */
  readonly contactId?: string;
  /** The mail that led to it. */
  readonly sendId?: string;
};

export type Chosen = {
  readonly before: Subscription;
  readonly chosen: Subscription;
  /** For the transaction of what led to the wishes. Nothing when they change and prove nothing. */
  readonly steps: readonly Step[];
  /** The kinds that ask for a second yes now: a mail with a link to `confirmChoice` is due. */
  readonly pending: readonly string[];
};

/**
 * What an address wants to get after its wishes, with the events in the contact's log and the rows of the consent ledger, as steps of one
 * transaction (two for each wish, and one). A box of a form for a kind with double opt-in leaves the choice `PENDING`. All wishes of one
 * address belong into one call. Reads what it decides on: make it anew in each attempt.
 */
export async function choiceSteps(app: App, chooser: Chooser, wishes: readonly Wish[]): Promise<Chosen> {
  const [stored, types] = await Promise.all([findSubscription(app, chooser.email), subscriptionTypes(app)]);
  const before: Subscription = stored ?? { email: chooser.email, version: 0, types: {} };
  let after = before;
  const changed: Decided[] = [];
  const proven: Decided[] = [];
  for (const wish of wishes) {
    if (isOutvoted(wish, after)) continue;
    const decided = { wish, status: statusAfter(wish, types) };
    const next = decide(after, decided, { at: app.now(), types });
    if (next) changed.push(decided);
    if (next || (wish.wanted && wish.shownText)) proven.push(decided);
    after = next ?? after;
  }
  const ledger = await Promise.all(proven.map((decided) => consentWrite(app, entryOf(app, chooser, decided))));
  const events = changed.length > 0 ? await eventSteps(app, chooser, changed) : [];
  const chosen = changed.length > 0 ? { ...after, version: before.version + 1 } : before;
  const put = { ...subscriptionKey(chooser.email), entity: 'subscription', ...chosen };
  const when = stored ? versionIs(stored.version) : absent;
  return {
    before,
    chosen,
    steps: [...(changed.length > 0 ? [orStale({ put, when })] : []), ...events, ...ledger.map(alsoStep)],
    pending: changed.flatMap(({ wish, status }) => (status === 'PENDING' ? [wish.scope] : [])),
  };
}

export type Around = {
  /** Steps that stand or fall with the change. */
  readonly also?: () => Promise<readonly Step[]>;
  /** Throws when the wish must not be heard after what was chosen before. */
  readonly admit?: (before: Subscription) => void;
};

/** Stores wishes in a transaction of their own. What is so already is not written again. */
export function choose(
  app: App,
  chooser: Chooser,
  wishes: readonly Wish[],
  { also, admit }: Around = {},
): Promise<Subscription> {
  return contend(async () => {
    const { before, chosen, steps } = await choiceSteps(app, chooser, wishes);
    admit?.(before);
    if (steps.length > 0) await commitOrThrow(app.table, [...steps, ...((await also?.()) ?? [])]);
    return chosen;
  });
}

/**
 * The second yes, by the link of a mail to the address: a kind that waits for it is wanted from now on. Anything that was chosen since stays:
 * who took it back meanwhile is not asked in again by an old link. `shownText` is what the page of the link said.
 */
export function confirmChoice(
  app: App,
  chooser: Chooser,
  { typeId, shownText, ipHash }: { readonly typeId: string; readonly shownText: string; readonly ipHash?: string },
): Promise<'CONFIRMED' | 'CONFIRMED_BEFORE' | 'NOT_PENDING'> {
  return contend(async () => {
    const own = (await findSubscription(app, chooser.email))?.types[typeId];
    if (own?.status === 'SUBSCRIBED') return 'CONFIRMED_BEFORE';
    if (own?.status !== 'PENDING') return 'NOT_PENDING';
    const { status: _, at: __, source: ___, ...basis } = own;
    const choice = { ...basis, source: 'CONFIRMATION' } as const;
    const source = ipHash === undefined ? {} : { ipHash };
    const { steps } = await choiceSteps(app, chooser, [{ scope: typeId, wanted: true, choice, shownText, source }]);
    await commitOrThrow(app.table, steps);
    return 'CONFIRMED';
  });
}

/** An interest of the sender brings nobody back who left: only their own yes does. */
const isOutvoted = ({ scope, wanted, choice }: Wish, chosen: Subscription): boolean =>
  wanted &&
  choice.source === 'FORM' &&
  choice.legalBasis !== 'CONSENT_WITH_NOTICE' &&
  choiceBarrier(chosen, { id: scope, optIn: 'NONE' }) === 'UNSUBSCRIBED';

type Decided = { readonly wish: Wish; readonly status: Choice['status'] };

function statusAfter({ scope, wanted, choice }: Wish, types: readonly SubscriptionType[]): Choice['status'] {
  if (!wanted) return 'NOT_SUBSCRIBED';
  const asksTwice = types.find(({ id }) => id === scope)?.optIn === 'DOUBLE';
  // Only a form says yes for an address that nobody has shown to be theirs.
  return asksTwice && choice.source === 'FORM' ? 'PENDING' : 'SUBSCRIBED';
}

function decide(
  before: Subscription,
  { wish: { scope, choice }, status }: Decided,
  { at, types }: { readonly at: string; readonly types: readonly SubscriptionType[] },
): Subscription | undefined {
  const made = { ...choice, status, at };
  if (status === 'NOT_SUBSCRIBED') return optedOut(before, scope, made);
  if (scope === 'all') return everythingAgain(before);
  if (status === 'PENDING') return pending(before, scope, made);
  return optedIn(
    before,
    scope,
    made,
    types.map(({ id }) => id),
  );
}

function entryOf(app: App, { email, sendId }: Chooser, { wish, status }: Decided): Parameters<typeof consentWrite>[1] {
  const { scope, choice, shownText, source } = wish;
  const kinds: Record<Choice['status'], ConsentEntry['kind']> = {
    NOT_SUBSCRIBED: 'WITHDRAWN',
    PENDING: 'GIVEN',
    SUBSCRIBED: choice.source === 'CONFIRMATION' ? 'CONFIRMED' : 'GIVEN',
  };
  const { source: kind, ...basis } = choice;
  return {
    email,
    at: app.now(),
    kind: kinds[status],
    subscriptionTypeId: scope,
    source: {
      kind,
      ...(sendId !== undefined && { sendId }),
      ...(kind === 'API' && { actor: app.actor }),
      ...source,
    },
    ...basis,
    ...(shownText !== undefined && { shownText }),
  };
}

/** The event lies in a contact's log: an address that no contact has leaves none. */
async function eventSteps(app: App, chooser: Chooser, changed: readonly Decided[]): Promise<Step[]> {
  const { email, sendId } = chooser;
  const id = chooser.contactId ?? (await findByValue(app, '0-1', 'email', email, 1))[0];
  if (id === undefined) return [];
  return changed.map(({ wish: { scope, choice }, status }) =>
    orStale(
      appendEvent(
        SubscriptionChanged.of({
          ...envelopeOf(app, { objectType: '0-1', id }),
          subscriptionTypeId: scope,
          status,
          source: choice.source,
          ...(sendId !== undefined && { sendId }),
        }),
      ),
    ),
  );
}
