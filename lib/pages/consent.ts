import { type ConsentInput, communicationField, processingField } from '../forms/consent.ts';
import type { FormProblem } from '../forms/problem.ts';
import type { LegalConsentOptions } from '../forms/schema.ts';
import { attributes, type Html, html, lines, plainText } from './html.ts';
import type { Words } from './words.ts';

/** The name and id of a consent's box; no property has such a name, since theirs have no hyphen. */
export const consentId = (field: string) => field.replace('/', '-');
const processingName = consentId(processingField);
const communicationName = (subscriptionTypeId: number) => consentId(communicationField(subscriptionTypeId));

const paragraph = (text: string | undefined) =>
  Boolean(text) && html`<p class="note">${lines(plainText(text ?? ''))}</p>`;

export type ConsentView = {
  readonly given: ReadonlyMap<string, string>;
  readonly problems: readonly FormProblem[];
  readonly words: Words;
};

type Box = { readonly field: string; readonly label: string; readonly required: boolean };

function tick({ field, label, required }: Box, { given, problems, words }: ConsentView): Html {
  const id = consentId(field);
  const isMissing = problems.some((problem) => problem.field === field);
  const box = {
    type: 'checkbox',
    id,
    name: id,
    value: 'true',
    required,
    checked: given.has(id),
    'aria-invalid': isMissing ? 'true' : undefined,
    'aria-describedby': isMissing ? `${id}-error` : undefined,
  };
  return html`<label class="choice"><input${attributes(box)}><span>${plainText(label)}${required && html`<span class="mark">${words.required}</span>`}</span></label>${isMissing && html`<p class="error" id="${id}-error">${words.consentNeeded}</p>`}`;
}

/** The texts and boxes by which a visitor agrees, as the form's legal options say. */
export function consentHtml(options: LegalConsentOptions, view: ConsentView): Html {
  if (options.type === 'none') return html``;
  if (options.type === 'legitimate_interest') return html`<div class="field">${paragraph(options.privacyText)}</div>`;
  const boxes = options.communicationsCheckboxes.map(({ subscriptionTypeId, label, required }) =>
    tick({ field: communicationField(subscriptionTypeId), label, required }, view),
  );
  const explicit = options.type === 'explicit_consent_to_process';
  return html`<fieldset><legend>${view.words.consent}</legend>${paragraph(options.communicationConsentText)}${boxes}${paragraph(options.consentToProcessText)}${
    explicit && tick({ field: processingField, label: processingLabel(options), required: true }, view)
  }${explicit && paragraph(options.consentToProcessFooterText)}${paragraph(options.privacyText)}</fieldset>`;
}

type Explicit = Extract<LegalConsentOptions, { type: 'explicit_consent_to_process' }>;
const processingLabel = ({ consentToProcessCheckboxLabel, consentToProcessText }: Explicit) =>
  consentToProcessCheckboxLabel || consentToProcessText || 'OK';

/** What the visitor ticked, with the texts that stood beside the boxes. */
export function consentGiven(
  options: LegalConsentOptions,
  given: ReadonlyMap<string, string>,
): ConsentInput | undefined {
  if (options.type === 'none') return undefined;
  if (options.type === 'legitimate_interest') {
    const [subscriptionTypeId = 0] = options.subscriptionTypeIds;
    return {
      legitimateInterest: {
        value: true,
        subscriptionTypeId,
        legalBasis: options.lawfulBasis.toUpperCase(),
        text: options.privacyText || options.lawfulBasis,
      },
    };
  }
  const explicit = options.type === 'explicit_consent_to_process';
  return {
    consent: {
      consentToProcess: !explicit || given.has(processingName),
      text: (explicit ? processingLabel(options) : options.consentToProcessText) || options.privacyText || options.type,
      communications: options.communicationsCheckboxes.map(({ subscriptionTypeId, label }) => ({
        subscriptionTypeId,
        text: label,
        value: given.has(communicationName(subscriptionTypeId)),
      })),
    },
  };
}
