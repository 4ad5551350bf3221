import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { asCrmError } from '../core/errors-as-hubspot.ts';
import { Reply, type RequestFacts } from '../core/handle.ts';
import { refuseBeyond } from '../forms/rate-limit.ts';
import { hashOfIp } from '../forms/submission-mark.ts';
import { readLink } from '../links/link.ts';
import { actedOnSteps } from '../sends/ledger.ts';
import { mayReceive } from '../subscriptions/choices.ts';
import { choose, type Wish } from '../subscriptions/choose.ts';
import type { Subscription } from '../subscriptions/schema.ts';
import { findSubscription } from '../subscriptions/store.ts';
import { findSubscriptionType, subscriptionTypes } from '../subscriptions/type-store.ts';
import { boxText, listedKinds } from './preferences-form.ts';
import {
  askPage,
  refusedLinkPage,
  settingsPage,
  stoppedPage,
  subscribedPage,
  tooManyPage,
  type UnsubscribePage,
} from './unsubscribe-page.ts';
import { unsubscribeWords } from './unsubscribe-words.ts';
import type { Language } from './words.ts';

/** What a preferences link says: whose it is, the mail that it stood in, and the kind of mail (`all`; absent: each by itself). */
const Claims = z.object({
  email: z.string(),
  contactId: z.optional(z.string()),
  subscriptionTypeId: z.optional(z.string()),
  sendId: z.optional(z.string()),
});
type Claims = z.output<typeof Claims>;

export type OpenLink = UnsubscribePage & { readonly claims: Claims };

/** Whose link it is, or the page that says why it opens nothing. Nothing is written. */
export async function openLink(app: App, token: string, language: Language): Promise<OpenLink | Reply> {
  const link = await readLink('unsubscribe', token, Claims);
  if ('refused' in link) return refusedLinkPage(link.refused, language);
  const { claims } = link;
  const own = claims.subscriptionTypeId;
  const about = own === undefined || own === 'all' ? own : await findSubscriptionType(app, own);
  if (own !== undefined && about === undefined) return refusedLinkPage('INVALID', language);
  const kinds = listedKinds(await subscriptionTypes(app), own);
  return { token, email: claims.email, about: about as OpenLink['about'], kinds, language, claims };
}

/** What the person may decide now. Writes nothing: scanners of mail open every link. */
export async function showChoice(app: App, link: OpenLink): Promise<Reply> {
  const { about } = link;
  const chosen = await findSubscription(app, link.email);
  if (about === undefined) return settingsPage(link, chosen, false);
  if (chosen?.all) return stoppedPage(link, chosen, 'all');
  if (about === 'all' || mayReceive(chosen, about)) return askPage(link, chosen);
  return stoppedPage(link, chosen, 'type');
}

/** Posts a minute. A large mail provider presses the button for many people from few addresses. */
const limits = { perLink: 30, perIp: 3000 } as const;

/** Does what a button said: that of the page, or that of a mail program (RFC 8058). Safe to repeat. */
export async function takeChoice(
  app: App,
  link: OpenLink,
  { text, request }: { readonly text: string; readonly request: Pick<RequestFacts, 'sourceIp'> },
): Promise<Reply> {
  const decision = decisionIn(text, link);
  if (!decision) return showChoice(app, link);
  const { email, contactId, sendId } = link.claims;
  const ipHash = hashOfIp('unsubscribe', request.sourceIp);
  try {
    await refuseBeyond(app, [
      { scope: `unsubscribe#${sendId ?? 'page'}#${contactId ?? hashOfIp('unsubscribe', email)}`, most: limits.perLink },
      { scope: `unsubscribe#${ipHash}`, most: limits.perIp },
    ]);
  } catch (error) {
    return refusal(link.language, error);
  }
  const wishes = wishesOf(decision, link).map((wish) => ({ ...wish, source: { ipHash } }));
  const leaves = wishes.some(({ wanted }) => !wanted);
  const chooser = { email, ...(contactId !== undefined && { contactId }), ...(sendId !== undefined && { sendId }) };
  const mail = contactId !== undefined && sendId !== undefined && { sendId, contactId };
  const also = leaves && mail ? { also: () => actedOnSteps(app, mail, 'unsubscribedAt') } : {};
  return answerOf(decision, link, await choose(app, chooser, wishes, also));
}

function answerOf(decision: Decision, link: OpenLink, chosen: Subscription): Reply {
  if (decision.kind === 'SAVE') return settingsPage(link, chosen, true);
  const { wanted, scope } = decision;
  return wanted ? subscribedPage(link, chosen, scope) : stoppedPage(link, chosen, scope);
}

function refusal(language: Language, error: unknown): Reply {
  const { category, options } = asCrmError(error);
  if (category !== 'RATE_LIMITS') throw error;
  const { status, body, headers } = tooManyPage(language);
  return new Reply(status, body, { ...headers, 'retry-after': String(options.retryAfter ?? 60) });
}

type Decision =
  | {
      readonly kind: 'BUTTON';
      readonly wanted: boolean;
      readonly scope: 'type' | 'all';
      readonly source: 'ONE_CLICK' | 'PAGE';
    }
  /** The kinds whose boxes are not as they were shown. */
  | { readonly kind: 'SAVE'; readonly wanted: readonly string[]; readonly unwanted: readonly string[] };

/** A mail program posts one field, as a form or in parts; the page's buttons say what they do. Anything else decides nothing. */
function decisionIn(text: string, { about }: OpenLink): Decision | undefined {
  const given = new URLSearchParams(text);
  const own = typeof about === 'object' ? 'type' : 'all';
  const oneClick = given.get('List-Unsubscribe') ?? /name="?List-Unsubscribe"?\s+(\S+)/i.exec(text)?.[1];
  if (oneClick === 'One-Click') return { kind: 'BUTTON', wanted: false, scope: own, source: 'ONE_CLICK' };
  const action = given.get('action');
  if (action === 'save') {
    const [kinds, was] = [given.getAll('kind'), given.getAll('was')];
    return {
      kind: 'SAVE',
      wanted: kinds.filter((id) => !was.includes(id)),
      unwanted: was.filter((id) => !kinds.includes(id)),
    };
  }
  if (action !== 'subscribe' && action !== 'unsubscribe') return undefined;
  const scope = given.get('scope') === 'all' ? 'all' : own;
  return { kind: 'BUTTON', wanted: action === 'subscribe', scope, source: 'PAGE' };
}

/** What the decision says of each kind, with what stood on the page. */
function wishesOf(decision: Decision, { about, kinds, language }: OpenLink): Wish[] {
  const words = unsubscribeWords(language);
  if (decision.kind === 'SAVE') {
    const of = (ids: readonly string[], wanted: boolean) =>
      kinds
        .filter(({ id }) => ids.includes(id))
        .map((type) => ({
          scope: type.id,
          wanted,
          choice: { source: 'PAGE' as const },
          shownText: boxText(type, language),
        }));
    return [...of(decision.wanted, true), ...of(decision.unwanted, false)];
  }
  const { wanted, scope, source } = decision;
  const type = scope === 'type' && typeof about === 'object' ? about : undefined;
  const button = wanted ? words.subscribeAgain : words.unsubscribe;
  const what = type ? boxText(type, language) : words.everything;
  const shownText = source === 'PAGE' ? { shownText: `${what}\n${button}` } : {};
  return [{ scope: type?.id ?? 'all', wanted, choice: { source }, ...shownText }];
}
