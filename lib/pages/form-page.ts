import type { Reply } from '../core/handle.ts';
import { fieldKey, withDependents } from '../forms/field.ts';
import type { FormProblem } from '../forms/problem.ts';
import type { FormDefinition, FormField } from '../forms/schema.ts';
import { consentHtml, consentId } from './consent.ts';
import { elementId, fieldHtml, inputName } from './form-field.ts';
import { attributes, type Html, html, lines, plainText } from './html.ts';
import { pageReply } from './layout.ts';
import { type Language, wordsOf } from './words.ts';

/** The page's own inputs; no property name has a hyphen. */
export const submissionIdName = 'submission-id';
/** A person does not see it and leaves it empty; a program that fills every box gives itself away. */
export const trapName = 'website-url';
/** When the page was made, signed. */
export const stampName = 'form-stamp';
/** What the script adds: the solved captcha, and what it knows of the visit. */
export const captchaName = 'captcha-proof';
export const knownName = 'known-visitor';
export const visitNames = {
  pageUri: 'page-uri',
  pageName: 'page-name',
  referrer: 'page-referrer',
  hutk: 'page-hutk',
} as const;

/** Where the script lies that pages of ours and of others use for forms. */
const embedPath = '/forms/embed.js';

export type FormPage = {
  readonly form: FormDefinition;
  readonly language: Language;
  /** A visitor who sends the page twice sends the same id. */
  readonly submissionId: string;
  readonly stamp: string;
  /** What was typed or comes with the address, by input name. */
  readonly given: ReadonlyMap<string, string>;
  readonly problems?: readonly FormProblem[];
  /** Instead of a list of problems: why nothing was taken at all. */
  readonly refusal?: { readonly status: number; readonly text: string };
};

/** The page of a form, empty or with what is wrong next to each field. */
export function formPage(page: FormPage): Reply {
  const { form, language, problems = [], refusal } = page;
  const { postSubmitAction } = form.configuration;
  // Chrome checks the redirect that follows a form post against form-action as well.
  const target = postSubmitAction.type === 'redirect_url' ? ` ${new URL(postSubmitAction.value).origin}` : '';
  return pageReply({
    title: form.name,
    language,
    status: refusal?.status ?? (problems.length > 0 ? 400 : 200),
    formAction: `'self'${target}`,
    script: embedPath,
    body: html`<h1>${form.name}</h1>${alertHtml(page)}${formHtml(page)}`,
  });
}

/** The form alone, for this page and for the script that puts it into other pages. */
export function formHtml(page: FormPage): Html {
  const { form, language, problems = [] } = page;
  const words = wordsOf(language);
  const own = {
    method: 'post',
    action: `/f/${form.id}?lang=${language}`,
    'accept-charset': 'utf-8',
    'data-tsunagi-form': form.id,
    lang: language,
  };
  const groups = form.fieldGroups.map(
    (group) => html`${groupText(group.richText)}${group.fields.map((field) => fieldsHtml(page, field))}`,
  );
  const consent = consentHtml(form.legalConsentOptions, { given: page.given, problems, words });
  const needsScript =
    form.configuration.recaptchaEnabled && html`<noscript><p class="note">${words.captchaNeeded}</p></noscript>`;
  return html`<form${attributes(own)}>${groups}${consent}${ownInputs(page)}${needsScript}<button type="submit">${submitText(page)}</button></form>`;
}

const groupText = (richText: string | undefined) =>
  Boolean(richText) && html`<p>${lines(plainText(richText ?? ''))}</p>`;

/** A button that nobody named speaks the language of the page. */
function submitText({ form, language }: FormPage): string {
  const own = plainText(form.displayOptions.submitButtonText);
  return own && own !== wordsOf('ja').submit ? own : wordsOf(language).submit;
}

function fieldsHtml({ given, problems = [], language }: FormPage, field: FormField): Html[] {
  const words = wordsOf(language);
  return withDependents(field).map(({ field: asked, onlyIf }) => {
    const problem = problems.find((each) => each.field === fieldKey(asked));
    return fieldHtml({
      field: asked,
      value: given.get(inputName(asked)) ?? asked.defaultValues?.join(';') ?? asked.defaultValue ?? '',
      error: problem && (words.errors[problem.errorType] ?? words.otherError),
      dependsOn: onlyIf && (onlyIf.controlling.label ?? onlyIf.controlling.name),
      words,
    });
  });
}

const ownInputs = ({ submissionId, stamp, language }: FormPage) =>
  html`<input type="hidden"${attributes({ name: submissionIdName, value: submissionId })}><input type="hidden"${attributes({ name: stampName, value: stamp })}><div class="trap" aria-hidden="true"><label for="${trapName}">${wordsOf(language).leaveEmpty}</label><input type="text"${attributes({ id: trapName, name: trapName, tabindex: -1, autocomplete: 'off' })}></div>`;

/** The list of what is wrong, read out by screen readers, with a link to each field. */
function alertHtml({ form, language, problems = [], refusal }: FormPage): Html | false {
  const words = wordsOf(language);
  if (refusal) return html`<div class="summary" role="alert"><h2>${refusal.text}</h2></div>`;
  if (problems.length === 0) return false;
  const fields = form.fieldGroups.flatMap((group) => group.fields.flatMap(withDependents)).map(({ field }) => field);
  const items = problems.map((problem) => {
    const field = fields.find((each) => fieldKey(each) === problem.field);
    const text = words.errors[problem.errorType] ?? words.otherError;
    if (field) return html`<li><a href="#${elementId(field)}">${field.label ?? field.name}</a>: ${text}</li>`;
    return problem.field?.startsWith('consent/')
      ? html`<li><a href="#${consentId(problem.field)}">${words.consent}</a>: ${words.consentNeeded}</li>`
      : html`<li>${text}</li>`;
  });
  return html`<div class="summary" role="alert"><h2>${words.checkInput}</h2><ul>${items}</ul></div>`;
}

/** The page after a submission was taken. */
export function thanksPage(form: FormDefinition, language: Language): Reply {
  const words = wordsOf(language);
  return pageReply({
    title: words.thanksTitle,
    language,
    body: html`<h1>${form.name}</h1><p role="status">${lines(thanksText(form, language))}</p>`,
  });
}

/** What a visitor reads after a submission. */
export function thanksText({ configuration: { postSubmitAction } }: FormDefinition, language: Language): string {
  const own = postSubmitAction.type === 'thank_you' ? plainText(postSubmitAction.value) : '';
  return own || wordsOf(language).thanks;
}
