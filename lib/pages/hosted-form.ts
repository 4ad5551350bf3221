import type { App } from '../core/app.ts';
import { asCrmError } from '../core/errors-as-hubspot.ts';
import { Reply, type RequestFacts } from '../core/handle.ts';
import { fieldKey, fieldsOf } from '../forms/field.ts';
import { type FormProblem, InvalidSubmission } from '../forms/problem.ts';
import { askedForm, isProgressive, type KnownFields, knownFields, rememberedBy } from '../forms/progressive.ts';
import { newStamp, stampAge } from '../forms/render-stamp.ts';
import type { StoredForm } from '../forms/schema.ts';
import { findForm } from '../forms/store.ts';
import { submit } from '../forms/submit.ts';
import { captchaName, knownName, stampName, trapName } from './form-page.ts';
import { givenIn, pageSubmissionId, submissionOf } from './form-post.ts';
import { sentIn } from './sent-form.ts';
import type { Language } from './words.ts';

/** A form that visitors may see; undefined for an unknown or archived one. */
export async function openForm(app: App, formId: string): Promise<StoredForm | undefined> {
  const form = await findForm(app, formId.toLowerCase());
  return form && !form.archived ? form : undefined;
}

const largestPost = 1024 * 1024;
const cookieName = 'tsunagi-known';

/** What the browser sent before: by the cookie of our own pages, or by what the script keeps on a page of others. */
export function knownOf({ cookies }: Pick<RequestFacts, 'cookies'>, said: string | undefined): Promise<KnownFields> {
  const own = `${cookieName}=`;
  return knownFields(said || cookies.find((cookie) => cookie.startsWith(own))?.slice(own.length));
}

export const rememberingCookie = (token: string): string =>
  `${cookieName}=${token}; Path=/f/; Max-Age=15552000; HttpOnly; Secure; SameSite=Lax`;

export type Post = {
  readonly text: string;
  readonly language: Language;
  readonly request: RequestFacts;
  readonly newSubmissionId: string;
};

/** What became of a post. Of a program that gave itself away it is said that it was taken. */
export type Outcome = {
  readonly given: ReadonlyMap<string, string>;
  readonly submissionId: string;
  readonly known: KnownFields;
} & (
  | { readonly kind: 'TAKEN'; readonly redirectUri?: string; readonly remember?: string }
  | { readonly kind: 'PROBLEMS'; readonly problems: readonly FormProblem[] }
  | { readonly kind: 'TOO_LARGE' | 'TOO_EARLY' | 'CAPTCHA' }
  | { readonly kind: 'TOO_MANY' | 'BUSY'; readonly retryAfter: number; readonly status: number }
);

/** It is a program that fills every box. */
class Trapped extends Error {}
/** It was sent faster than a person reads, or from a page of long ago. */
class TooEarly extends Error {}

/** Takes what a browser posted. */
export async function takePost(app: App, form: StoredForm, post: Post): Promise<Outcome> {
  const { text, language, request, newSubmissionId } = post;
  if (Buffer.byteLength(text) > largestPost)
    return { kind: 'TOO_LARGE', given: new Map(), submissionId: newSubmissionId, known: new Set() };
  const given = givenIn(form, sentIn(text));
  const known = await knownOf(request, given.get(knownName));
  const own = { given, known, submissionId: pageSubmissionId(given) ?? newSubmissionId };
  try {
    const { redirectUri } = await submit(app, form, submissionOf(form, given, `${request.origin}/f/${form.id}`), {
      ip: request.sourceIp,
      pageSubmissionId: pageSubmissionId(given),
      captcha: given.get(captchaName),
      known,
      language,
      screen: () => screen(app, form, given),
    });
    return {
      ...own,
      kind: 'TAKEN',
      ...(redirectUri && { redirectUri }),
      ...(isProgressive(form) && { remember: await rememberedBy(known, sentFields(form, given), app.now()) }),
    };
  } catch (error) {
    return { ...own, ...refusalOf(error) };
  }
}

/** The checks that only a form's own page and the script can stand. */
async function screen(app: App, form: StoredForm, given: ReadonlyMap<string, string>): Promise<void> {
  if (given.get(trapName)?.trim()) throw new Trapped();
  const { minimumSeconds = 2, requireStamp = false } = form.configuration.spamProtection ?? {};
  const stamp = given.get(stampName);
  if (!stamp) {
    if (requireStamp) throw new TooEarly();
    return;
  }
  const age = await stampAge(form.id, stamp, app.now());
  if (age === undefined || age < minimumSeconds * 1000) throw new TooEarly();
}

function refusalOf(error: unknown) {
  if (error instanceof Trapped) return { kind: 'TAKEN' as const };
  if (error instanceof TooEarly) return { kind: 'TOO_EARLY' as const };
  if (error instanceof InvalidSubmission)
    return error.problems.some(({ errorType }) => errorType === 'FORM_HAS_RECAPTCHA_ENABLED')
      ? { kind: 'CAPTCHA' as const }
      : { kind: 'PROBLEMS' as const, problems: error.problems };
  const { category, status, options } = asCrmError(error);
  const kind = category === 'RATE_LIMITS' ? 'TOO_MANY' : category === 'SERVICE_UNAVAILABLE' ? 'BUSY' : undefined;
  if (!kind) throw error;
  return { kind, status, retryAfter: options.retryAfter ?? 60 } as const;
}

const sentFields = (form: StoredForm, given: ReadonlyMap<string, string>) =>
  fieldsOf(form)
    .map(({ field }) => field)
    .filter((field) => given.get(field.objectTypeId === '0-1' ? field.name : fieldKey(field)));

/** The form as this visitor is asked it, with what a page of it carries. */
export async function pageOfForm(
  app: App,
  form: StoredForm,
  known: KnownFields,
  { language, submissionId }: { readonly language: Language; readonly submissionId: string },
) {
  const stamp = await newStamp(form.id, app.now());
  return { form: askedForm(form, known), language, submissionId, stamp, given: new Map<string, string>() };
}

export const seeOther = (location: string, headers: Readonly<Record<string, string>> = {}): Reply =>
  new Reply(303, undefined, { location, 'cache-control': 'no-store', ...headers });
