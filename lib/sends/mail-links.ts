import { publicUrl, signLink } from '../links/link.ts';
import type { Recipient } from './recipient.ts';
import type { Send } from './schema.ts';

const dayMs = 86_400_000;
/** Who finds the mail again years later can still get out of the list, and follow its links. */
export const linkDays = 5 * 365;

export const inDays = (now: string, days: number) => new Date(Date.parse(now) + days * dayMs).toISOString();

/** The person's own page of what they want to get; the button of mail programs posts there (RFC 8058). */
export async function unsubscribeUrlOf(
  { id, subscriptionTypeId }: Send,
  { contactId, email }: Pick<Recipient, 'contactId' | 'email'>,
  now: string,
): Promise<string> {
  const claims = { contactId, email, subscriptionTypeId, sendId: id };
  return `${publicUrl()}/u/${await signLink('unsubscribe', claims, inDays(now, linkDays))}`;
}

/** Gmail counts complaints by send, by kind of mail, and in all. */
export const feedbackIdOf = ({ id, subscriptionTypeId, surveyId }: Send): string =>
  `${id}:${subscriptionTypeId}:${surveyId === undefined ? 'email' : 'survey'}:tsunagi`;
