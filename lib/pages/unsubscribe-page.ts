import type { Reply } from '../core/handle.ts';
import type { SubscriptionType } from '../subscriptions/types.ts';
import { attributes, html } from './html.ts';
import { pageReply } from './layout.ts';
import { unsubscribeWords } from './unsubscribe-words.ts';
import type { Language } from './words.ts';

export type UnsubscribePage = {
  readonly token: string;
  readonly email: string;
  readonly type: SubscriptionType;
  readonly language: Language;
};

const form = ({ token, language }: UnsubscribePage) =>
  attributes({ method: 'post', action: `/u/${token}?lang=${language}`, 'accept-charset': 'utf-8' });

/** Asks what shall stop. It changes nothing: programs open links of mails, only a button is a decision. */
export function askPage(page: UnsubscribePage): Reply {
  const { email, type, language } = page;
  const words = unsubscribeWords(language);
  const choice = (value: string, checked: boolean, label: string, hint: string) =>
    html`<label class="choice"><input type="radio"${attributes({ name: 'scope', value, checked })}><span>${label}<span class="hint"><br>${hint}</span></span></label>`;
  return pageReply({
    title: words.title,
    language,
    formAction: "'self'",
    body: html`<h1>${words.title}</h1><p>${words.of(email)}</p><form${form(page)}><input type="hidden" name="action" value="unsubscribe"><fieldset>${choice('type', true, `${words.thisKind}：${type.name[language]}`, type.description[language])}${choice('all', false, words.everything, words.everythingHint)}</fieldset><button type="submit">${words.unsubscribe}</button></form>`,
  });
}

/** What holds now that mail was stopped, with the way back. */
export function stoppedPage(page: UnsubscribePage, scope: 'type' | 'all'): Reply {
  const words = unsubscribeWords(page.language);
  const told = scope === 'all' ? words.stoppedAll : words.stoppedKind(page.type.name[page.language]);
  return pageReply({
    title: words.stopped,
    language: page.language,
    formAction: "'self'",
    body: html`<h1>${words.stopped}</h1><p role="status">${told}</p><form${form(page)}><p class="note">${words.changedMind}</p><input type="hidden" name="action" value="subscribe"><input type="hidden"${attributes({ name: 'scope', value: scope })}><button type="submit">${words.subscribeAgain}</button></form>`,
  });
}

/** What holds now that mail was wanted again, with the button to stop it after all. */
export function subscribedPage(page: UnsubscribePage, scope: 'type' | 'all'): Reply {
  const words = unsubscribeWords(page.language);
  const told = scope === 'all' ? words.subscribedAll : words.subscribedKind(page.type.name[page.language]);
  return pageReply({
    title: words.subscribed,
    language: page.language,
    formAction: "'self'",
    body: html`<h1>${words.subscribed}</h1><p role="status">${told}</p><form${form(page)}><input type="hidden" name="action" value="unsubscribe"><input type="hidden"${attributes({ name: 'scope', value: scope })}><button type="submit">${words.unsubscribe}</button></form>`,
  });
}

/** A link that opens nothing: 404 for one that nobody made, 410 for one whose time is over. */
export function refusedLinkPage(refused: 'INVALID' | 'EXPIRED', language: Language): Reply {
  const words = unsubscribeWords(language);
  const [title, hint] = refused === 'EXPIRED' ? [words.expired, words.expiredHint] : [words.invalid, words.invalidHint];
  return pageReply({
    title,
    language,
    status: refused === 'EXPIRED' ? 410 : 404,
    body: html`<h1>${title}</h1><p>${hint}</p>`,
  });
}

/** The page for somebody who presses too often. */
export const tooManyPage = (language: Language): Reply =>
  pageReply({
    title: unsubscribeWords(language).title,
    language,
    status: 429,
    body: html`<h1>${unsubscribeWords(language).tooMany}</h1>`,
  });
