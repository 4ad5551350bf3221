import type { FormView } from '../form-view.ts';
import { enhance } from './enhance.ts';
import { knownToken } from './memory.ts';
import { dress } from './style.ts';

const marked = '[data-tsunagi-form]';
const done = 'tsunagiReady';

/** Every place of the page that asks for a form gets it, each once. */
export function mountAll(origin: string): void {
  for (const place of document.querySelectorAll<HTMLElement>(marked)) {
    if (done in place.dataset || place.parentElement?.closest(marked)) continue;
    place.dataset[done] = '';
    void mount(origin, place);
  }
}

/** A form that stands there already is made easier to fill; into an empty place comes the form as its own page has it. */
async function mount(origin: string, place: HTMLElement): Promise<void> {
  const own = place instanceof HTMLFormElement ? place : place.querySelector('form');
  try {
    const view = await load(origin, place);
    const form = own ?? insert(place, view, origin);
    enhance(form, view, origin);
  } catch (error) {
    // A plain form goes on working; into an empty place another scan may bring it.
    delete place.dataset[done];
    console.warn('tsunagi: the form could not be loaded', error);
  }
}

async function load(origin: string, { dataset: { tsunagiForm, lang } }: HTMLElement): Promise<FormView> {
  const query = new URLSearchParams(location.search);
  query.delete('sent');
  query.set('format', 'json');
  query.set('lang', lang || query.get('lang') || document.documentElement.lang);
  const known = knownToken();
  if (known) query.set('known', known);
  const answer = await fetch(`${origin}/f/${tsunagiForm}?${query}`, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

type Policy = { readonly createHTML: (markup: string) => string };
type Policies = { readonly createPolicy: (name: string, rules: Policy) => Policy };

/** The markup comes escaped from the server; pages that enforce Trusted Types allow the policy `tsunagi`. */
function parse(markup: string): Document {
  const policies = (window as { readonly trustedTypes?: Policies }).trustedTypes;
  const policy = policies?.createPolicy(`tsunagi`, { createHTML: (text) => text });
  return new DOMParser().parseFromString(policy?.createHTML(markup) ?? markup, 'text/html');
}

let inserted = 0;

function insert(place: HTMLElement, view: FormView, origin: string): HTMLFormElement {
  const form = parse(view.html).querySelector('form');
  if (!form) throw new Error('no form');
  for (const each of form.querySelectorAll('noscript')) each.remove();
  if (inserted > 0) renumber(form, `-${inserted}`);
  inserted += 1;
  form.action = `${origin}/f/${view.id}?lang=${view.language}`;
  dress(form);
  place.replaceChildren(form);
  return form;
}

/** Two forms of a page may have fields of one name; their labels must not meet. */
function renumber(form: HTMLElement, suffix: string): void {
  for (const each of form.querySelectorAll('[id],[for],[aria-describedby]')) {
    for (const name of ['id', 'for', 'aria-describedby']) {
      const value = each.getAttribute(name);
      if (value)
        each.setAttribute(
          name,
          value.replace(/\S+/g, (id) => id + suffix),
        );
    }
  }
}
