import { consentWrite } from '../consents/ledger.ts';
import type { App } from '../core/app.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { type Chooser, choiceSteps, type Wish } from '../subscriptions/choose.ts';
import { anySubscriptionTypeOf, subscriptionTypes } from '../subscriptions/type-store.ts';
import { alsoStep, type Step } from '../table/steps.ts';
import type { ConsentInput } from './consent.ts';
import type { Submission } from './stored-submission.ts';

export type Consented = {
  readonly steps: readonly Step[];
  /** The kinds of mail that were ticked and wait for a second yes: a mail with a link is due for each. */
  readonly awaiting: readonly string[];
};

const bases = {
  LEAD: 'LEGITIMATE_INTEREST_PQL',
  CLIENT: 'LEGITIMATE_INTEREST_CLIENT',
  OTHER: 'LEGITIMATE_INTEREST_OTHER',
} as const;
const basisOf = (said: string) => bases[said.replace('LEGITIMATE_INTEREST_', '') as keyof typeof bases] ?? bases.OTHER;

/**
 * What a visitor's consent changes and proves: a tick for a kind of mail is a wish (for a kind with double opt-in it waits for the second
 * yes), a box that was left empty is noted as refused and changes nothing, and consent to process is noted. The text beside each box goes
 * into the ledger. Without an address there is nobody whose wish it is.
 */
export async function consentSteps(app: App, submission: Submission, contact: { id: string }): Promise<Consented> {
  const said = submission.values.find(({ objectTypeId, name }) => objectTypeId === '0-1' && name === 'email')?.value;
  const email = said && normaliseEmail(said);
  const given = submission.input.legalConsentOptions;
  if (!email || !given) return { steps: [], awaiting: [] };
  const known = new Map((await subscriptionTypes(app)).map((type) => [type.id, type]));
  const wishes = wishesOf(given, submission).filter(({ scope, choice }) => {
    const optIn = known.get(scope)?.optIn;
    // An interest of the sender is no second yes of anybody.
    return optIn !== undefined && !(optIn === 'DOUBLE' && choice.legalBasis !== 'CONSENT_WITH_NOTICE');
  });
  // A submission may name kinds that the form does not: from now on somebody's choice refers to them.
  for (const { scope } of wishes) await anySubscriptionTypeOf(app, scope, 'legalConsentOptions.subscriptionTypeId');
  const chooser: Chooser = { email, contactId: contact.id };
  const { chosen, steps } =
    wishes.length > 0 ? await choiceSteps(app, chooser, wishes) : { chosen: undefined, steps: [] as readonly Step[] };
  const noted = await notedSteps(app, submission, email, given);
  const awaiting = wishes.map(({ scope }) => scope).filter((id) => chosen?.types[id]?.status === 'PENDING');
  return { steps: [...steps, ...noted], awaiting };
}

const sourceOf = ({ id, form, input, ipHash }: Submission) => ({
  formId: form.id,
  formVersion: String(form.version),
  submissionId: id,
  ...(input.context?.pageUri && { pageUri: input.context.pageUri }),
  ...(ipHash !== undefined && { ipHash }),
});

function wishesOf({ consent, legitimateInterest }: ConsentInput, submission: Submission): Wish[] {
  const wish = (id: number, text: string, legalBasis: NonNullable<Wish['choice']['legalBasis']>): Wish => ({
    scope: String(id),
    wanted: true,
    choice: { source: 'FORM', legalBasis },
    shownText: text,
    source: sourceOf(submission),
  });
  const interest = legitimateInterest?.value ? legitimateInterest : undefined;
  return [
    ...(consent?.communications ?? [])
      .filter(({ value }) => value)
      .map(({ subscriptionTypeId, text }) => wish(subscriptionTypeId, text, 'CONSENT_WITH_NOTICE')),
    ...(interest ? [wish(interest.subscriptionTypeId, interest.text, basisOf(interest.legalBasis))] : []),
  ];
}

/** What is no wish and yet to be proven. */
async function notedSteps(app: App, submission: Submission, email: string, { consent }: ConsentInput): Promise<Step[]> {
  const entry = { email, at: submission.now, source: { kind: 'FORM' as const, ...sourceOf(submission) } };
  const refused = (consent?.communications ?? []).filter(({ value }) => !value);
  const writes = [
    ...refused.map(({ subscriptionTypeId, text }) =>
      consentWrite(app, {
        ...entry,
        kind: 'REFUSED',
        subscriptionTypeId: String(subscriptionTypeId),
        ...(text && { shownText: text }),
      }),
    ),
    ...(consent?.consentToProcess
      ? [consentWrite(app, { ...entry, kind: 'GIVEN', legalBasis: 'PROCESS_AND_STORE', shownText: consent.text })]
      : []),
  ];
  return (await Promise.all(writes)).map(alsoStep);
}
