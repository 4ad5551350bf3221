import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { statusOf } from './choices.ts';
import { choose } from './choose.ts';
import type { Subscription, SubscriptionStatus, SubscriptionUpdate } from './schema.ts';
import { addressOf, findSubscription } from './store.ts';
import { anySubscriptionTypeOf, subscriptionTypeOf, subscriptionTypes } from './type-store.ts';

/** What an address gets, kind by kind. @throws CrmError 400 */
export async function statusesOf(
  app: App,
  address: string,
): Promise<{ readonly recipient: string; readonly subscriptionStatuses: SubscriptionStatus[] }> {
  const email = addressOf(address);
  const [chosen, types] = await Promise.all([findSubscription(app, email), subscriptionTypes(app)]);
  const active = types.filter(({ isActive }) => isActive);
  return { recipient: email, subscriptionStatuses: active.map((type) => statusOf(type, chosen)) };
}

/**
 * Notes that an address wants a kind of mail. As at HubSpot, what is so already is a 400, and so is an address that unsubscribed: only its
 * owner takes that back, on the page of a mail or by a form, or a client of v4 that states the legal basis. @throws CrmError 400
 */
export async function subscribe(app: App, update: SubscriptionUpdate): Promise<SubscriptionStatus> {
  const { emailAddress, subscriptionId, ...basis } = update;
  const type = await subscriptionTypeOf(app, subscriptionId, 'subscriptionId');
  const email = addressOf(emailAddress);
  const admit = ({ all, types }: Subscription) => {
    const own = types[type.id]?.status;
    if (all || own === 'NOT_SUBSCRIBED')
      throw refusal(`Subscription ${type.id} for ${email} cannot be updated because they have unsubscribed`);
    if (own === 'SUBSCRIBED') throw refusal(`${email} is already subscribed to subscription ${type.id}`);
  };
  const wish = { scope: type.id, wanted: true, choice: { source: 'API' as const, ...basis } };
  return statusOf(type, await choose(app, { email }, [wish], { admit }));
}

/** Notes that an address does not want a kind of mail. @throws CrmError 400, also when it has said so before */
export async function unsubscribe(app: App, update: SubscriptionUpdate): Promise<SubscriptionStatus> {
  const { emailAddress, subscriptionId, ...basis } = update;
  const type = await anySubscriptionTypeOf(app, subscriptionId, 'subscriptionId');
  const email = addressOf(emailAddress);
  const admit = ({ types }: Subscription) => {
    if (types[type.id]?.status === 'NOT_SUBSCRIBED')
      throw refusal(`${email} is already unsubscribed from subscription ${type.id}`);
  };
  const wish = { scope: type.id, wanted: false, choice: { source: 'API' as const, ...basis } };
  return statusOf(type, await choose(app, { email }, [wish], { admit }));
}

const refusal = (message: string) =>
  new CrmError('VALIDATION_ERROR', message, { context: { fields: ['emailAddress'] } });
