import type { PostAnswer } from '../form-answer.ts';
import type { FormView } from '../form-view.ts';
import { answerIn } from './answer.ts';
import { proofOf } from './captcha.ts';
import { problemsOf, showDependents, showProblems } from './fields.ts';
import { hutk, knownToken, remember } from './memory.ts';
import { hide } from './style.ts';

const mostTries = 4;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A form that is filled in on any page: checked before it goes, sent once, and kept as it is until it was taken. */
export function enhance(form: HTMLFormElement, view: FormView, origin: string): void {
  form.noValidate = true;
  const notice = document.createElement('p');
  notice.setAttribute('role', 'alert');
  form.prepend(notice);
  for (const trap of form.querySelectorAll<HTMLElement>('.trap')) hide(trap);
  put(form, view.own);
  const update = () => showDependents(form, view.fields);
  form.addEventListener('input', update);
  form.addEventListener('change', update);
  update();
  const captcha = new Captcha(view.captcha);
  form.addEventListener('focusin', () => captcha.begin(), { once: true });
  let busy = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return;
    const problems = problemsOf(form, view);
    showProblems(form, problems);
    notice.textContent = problems.size > 0 ? view.words.checkInput : '';
    if (problems.size > 0) return;
    busy = true;
    void send({ form, view, origin, captcha, notice }).finally(() => {
      busy = false;
    });
  });
}

type Sending = {
  readonly form: HTMLFormElement;
  readonly view: FormView;
  readonly origin: string;
  readonly captcha: Captcha;
  readonly notice: HTMLElement;
};

/** The challenge that is good for the next post, and its solution when there is one. */
class Captcha {
  private challenge: FormView['captcha'];
  private proof: Promise<string> | undefined;

  constructor(challenge: FormView['captcha']) {
    this.challenge = challenge;
  }

  begin(): Promise<string> | undefined {
    if (this.challenge) this.proof ??= proofOf(this.challenge);
    return this.proof;
  }

  renew(challenge: unknown): void {
    if (!challenge) return;
    this.challenge = challenge as FormView['captcha'];
    this.proof = undefined;
  }
}

/** Inputs that are not the visitor's; those of a form that a page wrote itself are added. */
function put(form: HTMLFormElement, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    const known = form.querySelector<HTMLInputElement>(`input[type=hidden][name="${name}"]`);
    const input = known ?? document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    if (!known) form.append(input);
  }
}

async function send(sending: Sending): Promise<void> {
  const { form, view, captcha, notice } = sending;
  const button = form.querySelector<HTMLButtonElement>('button:not([type=button]),input[type=submit]');
  const { visit, known } = view.names;
  put(form, {
    [visit.pageUri]: location.href,
    [visit.pageName]: document.title,
    [visit.referrer]: document.referrer,
    [visit.hutk]: hutk(),
    [known]: knownToken() ?? '',
  });
  notice.textContent = view.words.sending;
  button?.setAttribute('aria-disabled', 'true');
  try {
    const answer = await post(sending);
    if (answer.thanks !== undefined || answer.redirectUri) return taken(form, view, answer);
    captcha.renew(answer.captcha);
    put(form, answer.own ?? {});
    showProblems(form, new Map((answer.errors ?? []).map(({ input, message }) => [input, message])));
    notice.textContent = answer.message ?? view.words.otherError;
  } catch {
    notice.textContent = view.words.offline;
  } finally {
    button?.removeAttribute('aria-disabled');
  }
}

/** The same id goes with each try: what arrived twice is one submission. */
async function post({ form, view, origin, captcha }: Sending): Promise<PostAnswer> {
  for (let tries = 1; ; tries += 1) {
    const proof = await captcha.begin();
    if (proof) put(form, { [view.names.captcha]: proof });
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const url = `${origin}/f/${view.id}?format=json&lang=${view.language}`;
    const answer = await fetch(url, { method: 'POST', body, credentials: 'same-origin' }).then(
      async (response) => answerIn({ status: response.status, text: await response.text() }, view.words),
      (error: unknown) => {
        if (tries === mostTries) throw error;
        return undefined;
      },
    );
    if (answer && (!answer.again || tries === mostTries)) return answer;
    if (tries === mostTries) return { message: view.words.busy };
    captcha.renew(answer?.captcha);
    if (answer?.own) put(form, answer.own);
    if (answer?.again !== 'CAPTCHA') await pause(answer ? 2500 : 500 * 2 ** tries);
  }
}

function taken(form: HTMLFormElement, view: FormView, { redirectUri, thanks = '', remember: token }: PostAnswer): void {
  if (token) remember(token);
  form.dispatchEvent(new CustomEvent('tsunagi:submitted', { bubbles: true, detail: { formId: view.id } }));
  if (redirectUri) {
    location.assign(redirectUri);
    return;
  }
  const said = document.createElement('p');
  said.setAttribute('role', 'status');
  said.tabIndex = -1;
  for (const [position, line] of thanks.split('\n').entries()) {
    if (position > 0) said.append(document.createElement('br'));
    said.append(line);
  }
  form.replaceWith(said);
  said.focus();
}
