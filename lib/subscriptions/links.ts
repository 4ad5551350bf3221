import type { App } from '../core/app.ts';
import { publicUrl, signLink } from '../links/link.ts';
import { addressOf } from './store.ts';
import { anySubscriptionTypeOf } from './type-store.ts';
import type { LinkRequest, Links } from './v4-schema.ts';

/** Mail lies in boxes for long, and an old one must be stoppable. */
const goodForDays = 5 * 365;

/** Where somebody says what mail they want: of the kind that the claims name, of `all`, or of every kind by itself. Whoever has the link may use it. */
export async function preferencesUrl(
  app: App,
  claims: Readonly<Record<string, string>>,
  language?: string,
): Promise<string> {
  const until = new Date(Date.parse(app.now()) + goodForDays * 86_400_000).toISOString();
  const query = language === undefined ? '' : `?lang=${encodeURIComponent(language)}`;
  return `${publicUrl()}/u/${await signLink('unsubscribe', claims, until)}${query}`;
}

/** The links of an address to its preferences. @throws CrmError 400 */
export async function linksOf(app: App, { subscriberIdString, language, subscriptionId }: LinkRequest): Promise<Links> {
  const email = addressOf(subscriberIdString);
  const type =
    subscriptionId === undefined ? undefined : await anySubscriptionTypeOf(app, subscriptionId, 'subscriptionId');
  return {
    subscriberIdString: email,
    managePreferencesUrl: await preferencesUrl(app, { email }, language),
    unsubscribeAllUrl: await preferencesUrl(app, { email, subscriptionTypeId: 'all' }, language),
    ...(type && { unsubscribeSingleUrl: await preferencesUrl(app, { email, subscriptionTypeId: type.id }, language) }),
  };
}
