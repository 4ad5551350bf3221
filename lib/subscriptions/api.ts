import type { App } from '../core/app.ts';
import { statusOf } from './choices.ts';
import type { SubscriptionStatus, SubscriptionUpdate } from './schema.ts';
import { addressOf, choose, findSubscription } from './store.ts';
import { subscriptionTypeOf, subscriptionTypes } from './types.ts';

/** What an address gets, kind by kind. An address that nobody has gets all of them. @throws CrmError 400 */
export async function statusesOf(
  app: App,
  address: string,
): Promise<{ readonly recipient: string; readonly subscriptionStatuses: SubscriptionStatus[] }> {
  const email = addressOf(address);
  const chosen = await findSubscription(app, email);
  return { recipient: email, subscriptionStatuses: subscriptionTypes.map((type) => statusOf(type, chosen)) };
}

/** Notes that an address wants a kind of mail, or does not; safe to repeat. @throws CrmError 400 */
export async function update(
  app: App,
  { emailAddress, subscriptionId, ...basis }: SubscriptionUpdate,
  { wanted }: { readonly wanted: boolean },
): Promise<SubscriptionStatus> {
  const type = subscriptionTypeOf(subscriptionId, 'subscriptionId');
  const email = addressOf(emailAddress);
  return statusOf(type, await choose(app, { email, scope: type.id, wanted, choice: { source: 'API', ...basis } }));
}
