import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { Reply, RequestFacts } from '../core/handle.ts';
import { hashOfIp } from '../forms/submission-mark.ts';
import { readLink } from '../links/link.ts';
import { choiceBarrier } from '../subscriptions/choices.ts';
import { confirmChoice } from '../subscriptions/choose.ts';
import { findSubscription } from '../subscriptions/store.ts';
import { findSubscriptionType } from '../subscriptions/type-store.ts';
import { attributes, html } from './html.ts';
import { pageReply } from './layout.ts';
import { refusedLinkPage } from './unsubscribe-page.ts';
import type { Language } from './words.ts';

/** What the link of a mail that asks for the second yes says. */
const Claims = z.object({ email: z.string(), typeId: z.string(), contactId: z.string() });

type Open = {
  readonly token: string;
  readonly claims: z.output<typeof Claims>;
  readonly kind: string;
  readonly language: Language;
};

/** Whose link it is and for what, or the page that says why it opens nothing. */
export async function openConfirmation(app: App, token: string, language: Language): Promise<Open | Reply> {
  const link = await readLink('confirm', token, Claims);
  if ('refused' in link) return refusedLinkPage(link.refused, language);
  const type = await findSubscriptionType(app, link.claims.typeId);
  return type
    ? { token, claims: link.claims, kind: type.name[language], language }
    : refusedLinkPage('INVALID', language);
}

/** Asks, or says what holds already. Writes nothing: programs open the links of mails. */
export async function showConfirmation(app: App, open: Open): Promise<Reply> {
  const { claims, language } = open;
  const type = await findSubscriptionType(app, claims.typeId);
  const chosen = await findSubscription(app, claims.email);
  if (type && choiceBarrier(chosen, type) === undefined) return told(open, 'confirmed');
  return chosen?.types[claims.typeId]?.status === 'PENDING' ? ask(open) : told({ ...open, language }, 'gone');
}

/** Takes the second yes; a repeat changes nothing. */
export async function takeConfirmation(
  app: App,
  open: Open,
  { text, request }: { readonly text: string; readonly request: Pick<RequestFacts, 'sourceIp'> },
): Promise<Reply> {
  if (new URLSearchParams(text).get('action') !== 'confirm') return showConfirmation(app, open);
  const { email, typeId, contactId } = open.claims;
  const shownText = words[open.language].ask(email, open.kind);
  const ipHash = hashOfIp('confirm', request.sourceIp);
  const outcome = await confirmChoice(app, { email, contactId }, { typeId, shownText, ipHash });
  return told(open, outcome === 'NOT_PENDING' ? 'gone' : 'confirmed');
}

function ask({ token, claims, kind, language }: Open): Reply {
  const { title, ask, button } = words[language];
  const form = { method: 'post', action: `/confirm/${token}?lang=${language}`, 'accept-charset': 'utf-8' };
  return pageReply({
    title,
    language,
    formAction: "'self'",
    body: html`<h1>${title}</h1><p>${ask(claims.email, kind)}</p><form${attributes(form)}><input type="hidden" name="action" value="confirm"><button type="submit">${button}</button></form>`,
  });
}

function told({ kind, language }: Open, what: 'confirmed' | 'gone'): Reply {
  const { title, [what]: text } = words[language];
  return pageReply({ title, language, body: html`<h1>${title}</h1><p role="status">${text(kind)}</p>` });
}

const words = {
  ja: {
    title: 'メール受信のご確認',
    ask: (email: string, kind: string) => `${email} 宛てに「${kind}」のメールをお送りしてもよろしいですか。`,
    button: '受信する',
    confirmed: (kind: string) => `「${kind}」のメールをお送りします。ご確認ありがとうございました。`,
    gone: (kind: string) => `「${kind}」のメールのお申し込みは、取り消されているか、すでに終了しています。`,
  },
  en: {
    title: 'Please confirm',
    ask: (email: string, kind: string) => `May we send mails of the kind “${kind}” to ${email}?`,
    button: 'Yes, please',
    confirmed: (kind: string) => `Mails of the kind “${kind}” will be sent to you. Thank you.`,
    gone: (kind: string) => `Mails of the kind “${kind}” were cancelled, or are not waiting for an answer.`,
  },
};
