import type { App } from '../core/app.ts';
import type { CrmError } from '../core/errors.ts';
import { asCrmError } from '../core/errors-as-hubspot.ts';
import { Reply, type RequestFacts } from '../core/handle.ts';
import { InvalidSubmission } from '../forms/problem.ts';
import type { StoredForm } from '../forms/schema.ts';
import { findForm } from '../forms/store.ts';
import { submit } from '../forms/submit.ts';
import { type FormPage, formPage } from './form-page.ts';
import { givenIn, isTrapped, pageSubmissionId, submissionOf } from './form-post.ts';
import type { Language } from './words.ts';
import { wordsOf } from './words.ts';

/** A form that visitors may see; undefined for an unknown or archived one. */
export async function openForm(app: App, formId: string): Promise<StoredForm | undefined> {
  const form = await findForm(app, formId.toLowerCase());
  return form && !form.archived ? form : undefined;
}

const largestPost = 1024 * 1024;

export type Post = {
  readonly text: string;
  readonly language: Language;
  readonly request: RequestFacts;
  readonly newSubmissionId: string;
};

/** Takes what a browser posted: on to the thanks or the form's own address, or the page again with what is wrong. */
export async function takePost(
  app: App,
  form: StoredForm,
  { text, language, request, newSubmissionId }: Post,
): Promise<Reply> {
  const words = wordsOf(language);
  const empty: FormPage = { form, language, submissionId: newSubmissionId, given: new Map() };
  if (Buffer.byteLength(text) > largestPost)
    return formPage({ ...empty, refusal: { status: 400, text: words.tooLarge } });
  const given = givenIn(form, new URLSearchParams(text));
  const page = { ...empty, given, submissionId: pageSubmissionId(given) ?? newSubmissionId };
  if (isTrapped(given)) return seeThanks(form, language);
  try {
    const input = submissionOf(form, given, `${request.origin}/f/${form.id}`);
    const { redirectUri } = await submit(app, form, input, {
      ip: request.sourceIp,
      pageSubmissionId: pageSubmissionId(given),
    });
    return redirectUri ? seeOther(redirectUri) : seeThanks(form, language);
  } catch (error) {
    if (error instanceof InvalidSubmission) return formPage({ ...page, problems: error.problems });
    const refusal = asCrmError(error);
    if (refusal.category === 'RATE_LIMITS') return refusedPage(page, refusal, words.tooMany);
    if (refusal.category === 'SERVICE_UNAVAILABLE') return refusedPage(page, refusal, words.busy);
    throw error;
  }
}

const seeOther = (location: string) => new Reply(303, undefined, { location, 'cache-control': 'no-store' });
const seeThanks = (form: StoredForm, language: Language) => seeOther(`/f/${form.id}?sent=1&lang=${language}`);

/** The page with all that the visitor typed, to be sent again when the time has come. */
function refusedPage(page: FormPage, { status, options }: CrmError, text: string): Reply {
  const { body, headers } = formPage({ ...page, refusal: { status, text } });
  return new Reply(status, body, { ...headers, 'retry-after': String(options.retryAfter ?? 60) });
}
