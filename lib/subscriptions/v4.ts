import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { choiceBarrier } from './choices.ts';
import { choose } from './choose.ts';
import type { Subscription } from './schema.ts';
import { addressOf, findSubscription } from './store.ts';
import { anySubscriptionTypeOf, subscriptionTypeOf, subscriptionTypes } from './type-store.ts';
import type { SubscriptionType } from './types.ts';
import type { PublicStatus, PublicWideStatus, StatusUpdate } from './v4-schema.ts';

type Reason = NonNullable<PublicStatus['setStatusSuccessReason']>;

/** What an address said of one kind of mail. Who said nothing yet, or waits for a second yes, is `NOT_SPECIFIED`. */
export function publicStatus(
  type: SubscriptionType,
  email: string,
  chosen: Subscription | undefined,
  reason?: Reason,
): PublicStatus {
  const own = chosen?.types[type.id];
  const deciding = chosen?.all ?? own;
  const left = choiceBarrier(chosen, type) === 'UNSUBSCRIBED';
  return {
    channel: 'EMAIL',
    subscriberIdString: email,
    subscriptionId: Number(type.id),
    subscriptionName: type.name.ja,
    status: left ? 'UNSUBSCRIBED' : own?.status === 'SUBSCRIBED' ? 'SUBSCRIBED' : 'NOT_SPECIFIED',
    source: deciding?.source ?? 'NONE',
    timestamp: deciding?.at ?? type.createdAt,
    ...(deciding?.legalBasis && { legalBasis: deciding.legalBasis }),
    ...(deciding?.legalBasisExplanation && { legalBasisExplanation: deciding.legalBasisExplanation }),
    ...(reason && { setStatusSuccessReason: reason }),
  };
}

/** Every active kind of mail, as an address stands to it. @throws CrmError 400 */
export async function statusesOf(app: App, subscriber: string): Promise<PublicStatus[]> {
  const email = addressOf(subscriber);
  const [chosen, types] = await Promise.all([findSubscription(app, email), activeTypes(app)]);
  return types.map((type) => publicStatus(type, email, chosen));
}

export const activeTypes = async (app: App): Promise<readonly SubscriptionType[]> =>
  (await subscriptionTypes(app)).filter(({ isActive }) => isActive);

/**
 * Sets what an address wants. Who unsubscribed is subscribed again only with a legal basis and its explanation, which the consent ledger
 * keeps with the token that stated it. Safe to repeat. @throws CrmError 400
 */
export async function setStatus(app: App, subscriber: string, update: StatusUpdate): Promise<PublicStatus> {
  const { statusState, subscriptionId, legalBasis, legalBasisExplanation } = update;
  const wanted = statusState === 'SUBSCRIBED';
  if (statusState === 'NOT_SPECIFIED') throw refusal('statusState NOT_SPECIFIED cannot be set', 'statusState');
  const find = wanted ? subscriptionTypeOf : anySubscriptionTypeOf;
  const type = await find(app, subscriptionId, 'subscriptionId');
  const email = addressOf(subscriber);
  let reason: Reason = 'REQUESTED_CHANGE_OCCURRED';
  const admit = (before: Subscription) => {
    const own = before.types[type.id]?.status;
    const left = choiceBarrier(before, type) === 'UNSUBSCRIBED';
    const already = wanted ? !left && own === 'SUBSCRIBED' : own === 'NOT_SUBSCRIBED';
    reason = already ? 'NO_STATUS_CHANGE' : wanted && left ? 'RESUBSCRIBE_OCCURRED' : 'REQUESTED_CHANGE_OCCURRED';
    if (wanted && left && !(legalBasis && legalBasisExplanation))
      throw refusal(
        `Subscription ${type.id} for ${email} cannot be updated because they have unsubscribed; legalBasis and legalBasisExplanation are needed`,
        'legalBasis',
      );
  };
  const choice = {
    source: 'API' as const,
    ...(legalBasis && { legalBasis }),
    ...(legalBasisExplanation && { legalBasisExplanation }),
  };
  const chosen = await choose(app, { email }, [{ scope: type.id, wanted, choice }], { admit });
  return publicStatus(type, email, chosen, reason);
}

/** Whether an address wants no mail at all. @throws CrmError 400 */
export async function wideStatusOf(app: App, subscriber: string): Promise<PublicWideStatus> {
  const email = addressOf(subscriber);
  return wideStatus(app, email, await findSubscription(app, email));
}

export const wideStatus = (app: App, email: string, chosen: Subscription | undefined): PublicWideStatus => ({
  channel: 'EMAIL',
  subscriberIdString: email,
  status: chosen?.all ? 'UNSUBSCRIBED' : 'NOT_SPECIFIED',
  wideStatusType: 'PORTAL_WIDE',
  timestamp: chosen?.all?.at ?? app.now(),
});

/** From now on no mail at all goes to an address. Safe to repeat. @throws CrmError 400 */
export async function unsubscribeFromAll(app: App, subscriber: string): Promise<PublicStatus[]> {
  const email = addressOf(subscriber);
  const [chosen, types] = await Promise.all([
    choose(app, { email }, [{ scope: 'all', wanted: false, choice: { source: 'API' } }]),
    activeTypes(app),
  ]);
  return types.map((type) => publicStatus(type, email, chosen, 'UNSUBSCRIBE_FROM_ALL_OCCURRED'));
}

const refusal = (message: string, field: string) =>
  new CrmError('VALIDATION_ERROR', message, {
    errors: [{ message, code: 'INVALID_VALUE', in: field }],
    context: { fields: [field] },
  });
