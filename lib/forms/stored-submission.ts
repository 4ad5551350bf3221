import { FormSubmitted } from '../../events/form.ts';
import { type App, envelopeOf } from '../core/app.ts';
import type { RecordRef } from '../table/keys.ts';
import { submissionKey, submissionListing } from '../table/keys.ts';
import type { Write } from '../table/write.ts';
import type { SubmissionAnswer } from './answer.ts';
import type { StoredForm } from './schema.ts';
import { type SubmissionInput, type SubmittedValue, timeOf } from './submission.ts';
import { visitOf } from './visit.ts';

/** A submission that passed every check. */
export type Submission = {
  readonly id: string;
  readonly now: string;
  readonly form: StoredForm;
  readonly input: SubmissionInput;
  readonly values: readonly SubmittedValue[];
  /** Those of the values that set something on a record. */
  readonly written: readonly SubmittedValue[];
  readonly ipHash: string | undefined;
  /** The language in which the visitor read the form. */
  readonly language: string;
  readonly answer: SubmissionAnswer;
};

const submittedAt = ({ input, now }: Submission) => timeOf(input.submittedAt, now) ?? now;

/** The submission as it came, with the version of the form and the consent texts that the visitor saw: the evidence of the consent. */
export function submissionRow(submission: Submission, contact: RecordRef, others: readonly RecordRef[]): Write {
  const { id, now, form, input, values, ipHash, language } = submission;
  const { ipAddress: _, ...context } = input.context ?? {};
  const consented = form.legalConsentOptions.type !== 'none' || input.legalConsentOptions;
  return {
    put: {
      ...submissionKey(form.id, id),
      gsi1pk: submissionListing(form.id),
      gsi1sk: `${submittedAt(submission)}#${id}`,
      entity: 'submission',
      formId: form.id,
      formVersion: form.version,
      language,
      submissionId: id,
      contactId: contact.id,
      ...(others.length > 0 && { records: others.map(({ objectType, id }) => ({ objectType, id })) }),
      submittedAt: submittedAt(submission),
      receivedAt: now,
      values,
      context,
      ipHash,
      ...(consented && { consent: { given: input.legalConsentOptions ?? null, shown: form.legalConsentOptions } }),
    },
  };
}

export const submittedEvent = (app: App, submission: Submission, contact: RecordRef, awaiting: readonly string[]) =>
  FormSubmitted.of({
    ...envelopeOf(app, contact, submission.now),
    formId: submission.form.id,
    submissionId: submission.id,
    submittedAt: submittedAt(submission),
    values: [...submission.values],
    ...(submission.input.context?.pageUri && { pageUri: submission.input.context.pageUri }),
    ...(submission.input.context?.pageName && { pageName: submission.input.context.pageName }),
    ...visitOf(submission.input),
    ...(awaiting.length > 0 && { awaiting: [...awaiting], language: submission.language }),
  });
