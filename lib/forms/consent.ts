import * as z from 'zod/mini';
import { mostCommunications } from './communications.ts';
import type { FormProblem } from './problem.ts';
import type { LegalConsentOptions } from './schema.ts';

const Text = z.string().check(z.maxLength(65_536));
const TypeId = z.int().check(z.minimum(0));

const Communication = z.object({
  value: z.boolean(),
  subscriptionTypeId: TypeId,
  text: z._default(Text, ''),
});

/** What the visitor agreed to, as HubSpot's body says it. */
export const ConsentInput = z.object({
  consent: z.optional(
    z.object({
      consentToProcess: z._default(z.boolean(), false),
      text: z._default(Text, ''),
      communications: z._default(z.array(Communication).check(z.maxLength(mostCommunications)), []),
    }),
  ),
  legitimateInterest: z.optional(
    z.object({
      value: z.boolean(),
      subscriptionTypeId: TypeId,
      legalBasis: z._default(z.string().check(z.maxLength(100)), 'OTHER'),
      text: z._default(Text, ''),
    }),
  ),
});
export type ConsentInput = z.output<typeof ConsentInput>;

/** How the consents are named in problems, beside the fields. */
export const processingField = 'consent/processing';
export const communicationField = (subscriptionTypeId: number) => `consent/communication-${subscriptionTypeId}`;

/** Everything that is wrong with the consent for this form. */
export function consentProblems(options: LegalConsentOptions, input: ConsentInput | undefined): FormProblem[] {
  const { consent, legitimateInterest } = input ?? {};
  if (consent && legitimateInterest)
    return [problem('INVALID_LEGAL_OPTION_FORMAT', 'Give consent or legitimateInterest, not both')];
  return [
    ...needed(options, consent),
    ...(consent ? wellFormed(consent) : []),
    ...(legitimateInterest ? texted(legitimateInterest.text) : []),
  ];
}

function needed(options: LegalConsentOptions, consent: ConsentInput['consent']): FormProblem[] {
  if (options.type === 'none' || options.type === 'legitimate_interest') return [];
  const explicit = options.type === 'explicit_consent_to_process' && !consent?.consentToProcess;
  const given = new Set(
    consent?.communications.filter(({ value }) => value).map(({ subscriptionTypeId }) => subscriptionTypeId),
  );
  const missing = options.communicationsCheckboxes.filter(
    ({ required, subscriptionTypeId }) => required && !given.has(subscriptionTypeId),
  );
  return [
    ...(explicit ? [problem('MISSING_PROCESSING_CONSENT', 'Consent to process is needed', processingField)] : []),
    ...missing.map(({ label, subscriptionTypeId }) =>
      problem('REQUIRED_FIELD', `Consent is needed: ${label}`, communicationField(subscriptionTypeId)),
    ),
  ];
}

function wellFormed({ consentToProcess, text, communications }: NonNullable<ConsentInput['consent']>): FormProblem[] {
  const ids = communications.map(({ subscriptionTypeId }) => subscriptionTypeId);
  const twice = new Set(ids.filter((id, position) => ids.indexOf(id) !== position));
  return [
    ...(consentToProcess && !text.trim()
      ? [problem('MISSING_PROCESSING_CONSENT_TEXT', 'The text that was agreed to is missing')]
      : []),
    ...communications
      .filter((each) => !each.text.trim())
      .map(({ subscriptionTypeId }) =>
        problem('MISSING_COMMUNICATION_CONSENT_TEXT', `The text of subscription type ${subscriptionTypeId} is missing`),
      ),
    ...[...twice].map((id) => problem('DUPLICATE_SUBSCRIPTION_TYPE_ID', `Subscription type ${id} is given twice`)),
  ];
}

const texted = (text: string) =>
  text.trim() ? [] : [problem('MISSING_LEGITIMATE_INTEREST_TEXT', 'The text of the legitimate interest is missing')];

const problem = (errorType: FormProblem['errorType'], message: string, field?: string): FormProblem => ({
  message: `Error in 'legalConsentOptions'. ${message}`,
  errorType,
  ...(field && { field }),
});
