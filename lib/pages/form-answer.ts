import type { App } from '../core/app.ts';
import { Reply } from '../core/handle.ts';
import { newCaptcha } from '../forms/captcha.ts';
import { fieldKey, fieldsOf } from '../forms/field.ts';
import type { FormProblem } from '../forms/problem.ts';
import type { StoredForm } from '../forms/schema.ts';
import { consentId } from './consent.ts';
import { inputName } from './form-field.ts';
import { formPage, stampName, submissionIdName, thanksText } from './form-page.ts';
import { type Outcome, pageOfForm, rememberingCookie, seeOther } from './hosted-form.ts';
import { type Language, type Words, wordsOf } from './words.ts';

type Answered = { readonly form: StoredForm; readonly language: Language; readonly outcome: Outcome };
type Refused = Exclude<Outcome['kind'], 'TAKEN' | 'PROBLEMS'>;

const refusals: Readonly<
  Record<Refused, keyof Words & ('tooLarge' | 'tooEarly' | 'captchaNeeded' | 'tooMany' | 'busy')>
> = {
  TOO_LARGE: 'tooLarge',
  TOO_EARLY: 'tooEarly',
  CAPTCHA: 'captchaNeeded',
  TOO_MANY: 'tooMany',
  BUSY: 'busy',
};

const statusOf = (outcome: Outcome) => ('status' in outcome ? outcome.status : 400);
type Headers = Readonly<Record<string, string>>;
const waiting = (outcome: Outcome): Headers =>
  'retryAfter' in outcome ? { 'retry-after': String(outcome.retryAfter) } : {};

/** The page that follows a post: on to the thanks or the form's own address, or the form again with all that was typed. */
export async function pageAfter(app: App, { form, language, outcome }: Answered): Promise<Reply> {
  if (outcome.kind === 'TAKEN') {
    const headers: Headers = outcome.remember ? { 'set-cookie': rememberingCookie(outcome.remember) } : {};
    // A header takes ASCII alone, and people write addresses in Japanese.
    const own = outcome.redirectUri === undefined ? undefined : new URL(outcome.redirectUri).href;
    return seeOther(own ?? `/f/${form.id}?sent=1&lang=${language}`, headers);
  }
  const { given, submissionId, known } = outcome;
  const page = { ...(await pageOfForm(app, form, known, { language, submissionId })), given };
  if (outcome.kind === 'PROBLEMS') return formPage({ ...page, problems: outcome.problems });
  const refusal = { status: statusOf(outcome), text: wordsOf(language)[refusals[outcome.kind]] };
  const { status, body, headers } = formPage({ ...page, refusal });
  return new Reply(status, body, { ...headers, ...waiting(outcome) });
}

/** What the script learns of a post. `again`: what it needs to send the same once more by itself. */
export type PostAnswer = {
  readonly redirectUri?: string;
  readonly thanks?: string;
  readonly remember?: string;
  readonly message?: string;
  readonly errors?: readonly { readonly input: string; readonly message: string }[];
  readonly again?: 'CAPTCHA' | 'LATER';
  readonly own?: Readonly<Record<string, string>>;
  readonly captcha?: unknown;
};

/** The same as `pageAfter` for the script, which keeps the page as it is. */
export async function jsonAfter(app: App, { form, language, outcome }: Answered): Promise<Reply> {
  const reply = (status: number, body: PostAnswer) =>
    new Reply(status, body, { 'cache-control': 'no-store', ...waiting(outcome) });
  if (outcome.kind === 'TAKEN') {
    const { redirectUri, remember } = outcome;
    const answer = redirectUri ? { redirectUri } : { thanks: thanksText(form, language) };
    return reply(200, { ...answer, ...(remember && { remember }) });
  }
  const words = wordsOf(language);
  if (outcome.kind === 'PROBLEMS')
    return reply(400, {
      message: words.checkInput,
      errors: outcome.problems.map((problem) => ({
        input: inputOf(form, problem),
        message: messageOf(problem, words),
      })),
      ...(form.configuration.recaptchaEnabled && { captcha: await newCaptcha(app, form.id) }),
    });
  const fresh = await pageOfForm(app, form, outcome.known, { language, submissionId: outcome.submissionId });
  const again = outcome.kind === 'CAPTCHA' ? 'CAPTCHA' : outcome.kind === 'TOO_EARLY' ? 'LATER' : undefined;
  return reply(statusOf(outcome), {
    message: words[refusals[outcome.kind]],
    own: { [submissionIdName]: fresh.submissionId, [stampName]: fresh.stamp },
    ...(again && { again }),
    ...(form.configuration.recaptchaEnabled && { captcha: await newCaptcha(app, form.id) }),
  });
}

/** The name of the input that a problem is about; empty when it is about none. */
function inputOf(form: StoredForm, { field = '' }: FormProblem): string {
  if (field.startsWith('consent/')) return consentId(field);
  const own = fieldsOf(form).find((each) => fieldKey(each.field) === field);
  return own ? inputName(own.field) : '';
}

const messageOf = ({ field, errorType }: FormProblem, words: Words): string =>
  field?.startsWith('consent/') ? words.consentNeeded : (words.errors[errorType] ?? words.otherError);
