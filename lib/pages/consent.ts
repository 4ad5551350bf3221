import type { ConsentInput } from '../forms/consent.ts';
import type { LegalConsentOptions } from '../forms/schema.ts';
import { attributes, type Html, html, lines, plainText } from './html.ts';
import type { Words } from './words.ts';

/** Names that no property can have, since theirs begin with a letter and have no hyphen. */
export const processingName = 'consent-processing';
const communicationName = (subscriptionTypeId: number) => `consent-communication-${subscriptionTypeId}`;

const paragraph = (text: string | undefined) =>
  Boolean(text) && html`<p class="note">${lines(plainText(text ?? ''))}</p>`;

const tick = (
  name: string,
  label: string,
  { required, checked, words }: { required: boolean; checked: boolean; words: Words },
) =>
  html`<label class="choice"><input${attributes({ type: 'checkbox', id: name, name, value: 'true', required, checked })}><span>${plainText(label)}${required && html`<span class="mark">${words.required}</span>`}</span></label>`;

/** The texts and boxes by which a visitor agrees, as the form's legal options say. */
export function consentHtml(options: LegalConsentOptions, given: ReadonlyMap<string, string>, words: Words): Html {
  if (options.type === 'none') return html``;
  if (options.type === 'legitimate_interest') return html`<div class="field">${paragraph(options.privacyText)}</div>`;
  const boxes = options.communicationsCheckboxes.map(({ subscriptionTypeId, label, required }) =>
    tick(communicationName(subscriptionTypeId), label, {
      required,
      checked: given.has(communicationName(subscriptionTypeId)),
      words,
    }),
  );
  const explicit = options.type === 'explicit_consent_to_process';
  return html`<fieldset><legend>${words.consent}</legend>${paragraph(options.communicationConsentText)}${boxes}${paragraph(options.consentToProcessText)}${
    explicit &&
    tick(processingName, processingLabel(options), { required: true, checked: given.has(processingName), words })
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
