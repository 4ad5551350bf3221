import type { Reply } from '../core/handle.ts';
import type { Subscription } from '../subscriptions/schema.ts';
import type { SubscriptionType } from '../subscriptions/types.ts';
import { attributes, type Html, html } from './html.ts';
import { pageReply } from './layout.ts';
import { preferencesForm, preferencesStyle } from './preferences-form.ts';
import { unsubscribeWords } from './unsubscribe-words.ts';
import type { Language } from './words.ts';

export type UnsubscribePage = {
  readonly token: string;
  readonly email: string;
  /** What the link is about: a kind of mail, all mail, or (undefined) every kind by itself. */
  readonly about: SubscriptionType | 'all' | undefined;
  readonly kinds: readonly SubscriptionType[];
  readonly language: Language;
};

const target = ({ token, language }: UnsubscribePage) => `/u/${token}?lang=${language}`;
const form = (page: UnsubscribePage) => attributes({ method: 'post', action: target(page), 'accept-charset': 'utf-8' });

/** A page about what the link is for, with all kinds of mail below it. */
function page(view: UnsubscribePage, title: string, first: Html, chosen: Subscription | undefined): Reply {
  const { language, kinds } = view;
  const words = unsubscribeWords(language);
  const kindsForm = preferencesForm({ action: target(view), kinds, chosen, language });
  return pageReply({
    title,
    language,
    formAction: "'self'",
    style: preferencesStyle,
    framedBy: "'none'",
    body: html`<h1>${title}</h1>${first}<section class="more"><h2>${words.settings}</h2>${kindsForm}</section>`,
  });
}

/** Asks what shall stop. It changes nothing: programs open links of mails, only a button is a decision. */
export function askPage(view: UnsubscribePage, chosen: Subscription | undefined): Reply {
  const { email, about, language } = view;
  const words = unsubscribeWords(language);
  const choice = (value: string, checked: boolean, label: string, hint: string) =>
    html`<label class="choice"><input type="radio"${attributes({ name: 'scope', value, checked })}><span>${label}<span class="hint"><br>${hint}</span></span></label>`;
  const type = typeof about === 'object' && about;
  const choices = [
    type && choice('type', true, `${words.thisKind}：${type.name[language]}`, type.description[language]),
    choice('all', !type, words.everything, words.everythingHint),
  ];
  const first = html`<p>${words.of(email)}</p><form${form(view)}><input type="hidden" name="action" value="unsubscribe"><fieldset>${choices}</fieldset><button type="submit">${words.unsubscribe}</button></form>`;
  return page(view, words.title, first, chosen);
}

/** Every kind of mail by itself, after a change with the word that it was stored. */
export function settingsPage(view: UnsubscribePage, chosen: Subscription | undefined, saved: boolean): Reply {
  const { email, kinds, language } = view;
  const words = unsubscribeWords(language);
  return pageReply({
    title: words.settings,
    language,
    formAction: "'self'",
    style: preferencesStyle,
    framedBy: "'none'",
    body: html`<h1>${words.settings}</h1>${saved && html`<p role="status">${words.saved}</p>`}<p>${words.settingsOf(email)}</p>${preferencesForm({ action: target(view), kinds, chosen, language })}`,
  });
}

/** What holds now that mail was stopped, with the way back. */
export function stoppedPage(view: UnsubscribePage, chosen: Subscription | undefined, scope: 'type' | 'all'): Reply {
  const words = unsubscribeWords(view.language);
  const told = scope === 'type' ? words.stoppedKind(nameOf(view)) : words.stoppedAll;
  const first = html`<p role="status">${told}</p><form${form(view)}><p class="note">${words.changedMind}</p><input type="hidden" name="action" value="subscribe"><input type="hidden"${attributes({ name: 'scope', value: scope })}><button type="submit">${words.subscribeAgain}</button></form>`;
  return page(view, words.stopped, first, chosen);
}

/** What holds now that mail was wanted again, with the button to stop it after all. */
export function subscribedPage(view: UnsubscribePage, chosen: Subscription | undefined, scope: 'type' | 'all'): Reply {
  const words = unsubscribeWords(view.language);
  const told = scope === 'type' ? words.subscribedKind(nameOf(view)) : words.subscribedAll;
  const first = html`<p role="status">${told}</p><form${form(view)}><input type="hidden" name="action" value="unsubscribe"><input type="hidden"${attributes({ name: 'scope', value: scope })}><button type="submit">${words.unsubscribe}</button></form>`;
  return page(view, words.subscribed, first, chosen);
}

const nameOf = ({ about, language }: UnsubscribePage) => (typeof about === 'object' ? about.name[language] : '');

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
