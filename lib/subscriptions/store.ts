import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { isEmail, normaliseEmail } from '../objects/email-address.ts';
import { subscriptionKey, suppressionKey } from '../table/keys.ts';
import { choiceBarrier } from './choices.ts';
import { Subscription } from './schema.ts';
import { Suppression } from './suppression.ts';
import { findSubscriptionType } from './type-store.ts';

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
export type Barrier = 'UNSUBSCRIBED' | 'NOT_OPTED_IN' | 'BOUNCED' | 'COMPLAINED';

/** Mail that belongs to no kind. */
const noType = { id: 'none', optIn: 'NONE' } as const;

/** The barriers of many addresses, read as they are now: one call for each fifty. Addresses without any are left out. */
export async function barriersOf(
  app: App,
  typeId: string,
  emails: readonly string[],
): Promise<ReadonlyMap<string, Barrier>> {
  const [type, chosen, suppressed] = await Promise.all([
    typeId === noType.id ? noType : findSubscriptionType(app, typeId),
    app.table.getMany(emails.map(subscriptionKey), Subscription),
    app.table.getMany(emails.map(suppressionKey), Suppression),
  ]);
  const choices = new Map(chosen.map((each) => [each.email, each]));
  const reasons = new Map(suppressed.map(({ email, reason }) => [email, reason]));
  return new Map(
    emails.flatMap((email) => {
      const barrier = reasons.get(email) ?? choiceBarrier(choices.get(email), type ?? { ...noType, id: typeId });
      return barrier ? [[email, barrier] as const] : [];
    }),
  );
}

/** Why no mail at all may go to an address: for mail that belongs to no kind. */
export async function barrierOf(app: App, address: string): Promise<Barrier | undefined> {
  const email = normaliseEmail(address);
  return (await barriersOf(app, noType.id, [email])).get(email);
}
