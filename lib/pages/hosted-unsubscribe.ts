import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { asCrmError } from '../core/errors-as-hubspot.ts';
import { Reply, type RequestFacts } from '../core/handle.ts';
import { refuseBeyond } from '../forms/rate-limit.ts';
import { hashOfIp } from '../forms/submission-mark.ts';
import { readLink } from '../links/link.ts';
import { actedOnSteps } from '../sends/ledger.ts';
import { mayReceive } from '../subscriptions/choices.ts';
import { choose } from '../subscriptions/choose.ts';
import type { Choice } from '../subscriptions/schema.ts';
import { findSubscription } from '../subscriptions/store.ts';
import { findSubscriptionType } from '../subscriptions/type-store.ts';
import {
  askPage,
  refusedLinkPage,
  stoppedPage,
  subscribedPage,
  tooManyPage,
  type UnsubscribePage,
} from './unsubscribe-page.ts';
import type { Language } from './words.ts';

/** What an unsubscribe link in a mail says. */
const Claims = z.object({
  contactId: z.string(),
  email: z.string(),
  subscriptionTypeId: z.string(),
  sendId: z.string(),
});
type Claims = z.output<typeof Claims>;

export type OpenLink = UnsubscribePage & { readonly claims: Claims };

/** Whose link it is, or the page that says why it opens nothing. Nothing is read or written. */
export async function openLink(app: App, token: string, language: Language): Promise<OpenLink | Reply> {
  const link = await readLink('unsubscribe', token, Claims);
  if ('refused' in link) return refusedLinkPage(link.refused, language);
  const { claims } = link;
  const type = await findSubscriptionType(app, claims.subscriptionTypeId);
  return type ? { token, email: claims.email, type, language, claims } : refusedLinkPage('INVALID', language);
}

/** What the person may decide now. Writes nothing: scanners of mail open every link. */
export async function showChoice(app: App, link: OpenLink): Promise<Reply> {
  const chosen = await findSubscription(app, link.email);
  if (mayReceive(chosen, link.type)) return askPage(link);
  return stoppedPage(link, chosen?.all?.status === 'NOT_SUBSCRIBED' ? 'all' : 'type');
}

/** Posts a minute. A large mail provider presses the button for many people from few addresses. */
const limits = { perLink: 30, perIp: 3000 } as const;

/** Does what a button said: that of the page, or that of a mail program (RFC 8058). Safe to repeat. */
export async function takeChoice(
  app: App,
  link: OpenLink,
  { text, request }: { readonly text: string; readonly request: Pick<RequestFacts, 'sourceIp'> },
): Promise<Reply> {
  const decision = decisionIn(text);
  if (!decision) return showChoice(app, link);
  const { contactId, sendId } = link.claims;
  try {
    await refuseBeyond(app, [
      { scope: `unsubscribe#${sendId}#${contactId}`, most: limits.perLink },
      { scope: `unsubscribe#${hashOfIp('unsubscribe', request.sourceIp)}`, most: limits.perIp },
    ]);
  } catch (error) {
    return refusal(link.language, error);
  }
  const { wanted, scope, source } = decision;
  const wish = { scope: scope === 'all' ? 'all' : link.type.id, wanted, choice: { source } };
  const also = () => actedOnSteps(app, { sendId, contactId }, 'unsubscribedAt');
  await choose(app, { email: link.email, contactId, sendId }, wish, wanted ? {} : { also });
  return wanted ? subscribedPage(link, scope) : stoppedPage(link, scope);
}

function refusal(language: Language, error: unknown): Reply {
  const { category, options } = asCrmError(error);
  if (category !== 'RATE_LIMITS') throw error;
  const { status, body, headers } = tooManyPage(language);
  return new Reply(status, body, { ...headers, 'retry-after': String(options.retryAfter ?? 60) });
}

type Decision = { readonly wanted: boolean; readonly scope: 'type' | 'all'; readonly source: Choice['source'] };

/** A mail program posts one field, as a form or in parts; the page's buttons say what they do. Anything else decides nothing. */
function decisionIn(text: string): Decision | undefined {
  const given = new URLSearchParams(text);
  const oneClick = given.get('List-Unsubscribe') ?? /name="?List-Unsubscribe"?\s+(\S+)/i.exec(text)?.[1];
  if (oneClick === 'One-Click') return { wanted: false, scope: 'type', source: 'ONE_CLICK' };
  const action = given.get('action');
  if (action !== 'subscribe' && action !== 'unsubscribe') return undefined;
  return { wanted: action === 'subscribe', scope: given.get('scope') === 'all' ? 'all' : 'type', source: 'PAGE' };
}
