import { choiceBarrier, mayReceive } from '../subscriptions/choices.ts';
import type { Subscription } from '../subscriptions/schema.ts';
import type { SubscriptionType } from '../subscriptions/types.ts';
import { attributes, type Html, html } from './html.ts';
import { unsubscribeWords } from './unsubscribe-words.ts';
import type { Language } from './words.ts';

/** What the page lists: the active kinds that are for people to know of, and the one of the link. */
export const listedKinds = (types: readonly SubscriptionType[], own: string | undefined): SubscriptionType[] =>
  types.filter(({ id, isActive, isInternal }) => id === own || (isActive && !isInternal));

/** What stands beside a kind's box: the consent ledger keeps it, word for word. */
export const boxText = ({ name, description }: SubscriptionType, language: Language): string =>
  `${name[language]}\n${description[language]}`;

export type PreferencesView = {
  readonly action: string;
  readonly kinds: readonly SubscriptionType[];
  readonly chosen: Subscription | undefined;
  readonly language: Language;
};

/** All kinds with a box each, what they were when the page was shown, and the button that stops everything. Works without a script. */
export function preferencesForm({ action, kinds, chosen, language }: PreferencesView): Html {
  const words = unsubscribeWords(language);
  const form = attributes({ method: 'post', action, 'accept-charset': 'utf-8' });
  const boxes = kinds.map((type) => {
    const checked = mayReceive(chosen, type);
    const box = attributes({ type: 'checkbox', name: 'kind', value: type.id, checked });
    const was = checked && html`<input type="hidden"${attributes({ name: 'was', value: type.id })}>`;
    return html`<label class="choice"><input${box}><span>${type.name[language]}<span class="hint"><br>${type.description[language]}</span></span></label>${was}`;
  });
  const silent = chosen?.all !== undefined && kinds.some((type) => choiceBarrier(chosen, type) === 'UNSUBSCRIBED');
  const stop =
    !silent &&
    html`<form${form}><input type="hidden" name="action" value="unsubscribe"><input type="hidden" name="scope" value="all"><button type="submit" class="quiet">${words.stopEverything}</button></form>`;
  return html`<form${form}><input type="hidden" name="action" value="save">${silent && html`<p class="note">${words.everythingStopped}</p>`}<fieldset><legend>${words.kinds}</legend>${boxes}</fieldset><button type="submit">${words.save}</button></form>${stop}`;
}

/** The style of the page's second part. */
export const preferencesStyle = `
.more{border-top:1px solid var(--line);margin-top:2.25rem;padding-top:1.75rem}
.more h2{font-size:1.1rem;margin:0 0 1rem}
form+form{margin-top:1rem}
button.quiet{background:none;color:var(--accent);border:1px solid var(--line);font-weight:400}
`;
