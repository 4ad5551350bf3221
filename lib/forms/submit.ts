import { randomUUID } from 'node:crypto';
import { FormSubmitted } from '../../events/form.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { type CrmRecord, createRecord, type RecordOptions, upsertRecord } from '../objects/store.ts';
import { checkValues } from '../objects/values.ts';
import { appendEvent } from '../table/event-log.ts';
import { submissionKey, submissionListing } from '../table/keys.ts';
import { AlreadyDone } from '../table/once.ts';
import type { Write } from '../table/write.ts';
import { answerOf, type SubmissionAnswer } from './answer.ts';
import { contactValues } from './contact-values.ts';
import { asProblems, type FormProblem, InvalidSubmission } from './problem.ts';
import { countSubmission } from './rate-limit.ts';
import type { FormDefinition, StoredForm } from './schema.ts';
import { readForm, withTypes } from './store.ts';
import { checkSubmission, type SubmissionInput, type SubmittedValue, timeOf } from './submission.ts';
import { answerIn, hashOfIp, type Identity, identityOf, markIsFree, markOf } from './submission-mark.ts';
import { visitOf } from './visit.ts';

const contacts = '0-1';

/** The form that a submission's path names. @throws CrmError 404 for another account's or an unknown form. */
export function formOfPath(
  app: App,
  { portalId, formGuid }: { portalId: string; formGuid: string },
): Promise<StoredForm> {
  if (portalId !== String(app.portalId)) throw new CrmError('OBJECT_NOT_FOUND', 'resource not found');
  return readForm(app, formGuid.toLowerCase());
}

export type Sender = Omit<Identity, 'ipHash'> & {
  /** The visitor's address; a server that hands submissions on may not know it. */
  readonly ip?: string | undefined;
  /** A server speaks for many visitors, so its own address is no measure of one. */
  readonly isServer?: boolean;
};

/**
 * Takes a submission: the contact is created or changed, and the submission and its event are stored, in one transaction. A repeated
 * one changes nothing and is answered as the first was.
 * @throws InvalidSubmission 400 with every problem; CrmError 429
 */
export async function submit(
  app: App,
  form: StoredForm,
  input: SubmissionInput,
  sender: Sender,
): Promise<SubmissionAnswer> {
  await countSubmission(app, form, sender.isServer || !sender.ip ? undefined : hashOfIp(form.id, sender.ip));
  const { values, properties } = await checked(app, form, input);
  const ip = input.context?.ipAddress ?? sender.ip;
  const submission: Submission = {
    id: randomUUID(),
    now: app.now(),
    form,
    input,
    values,
    ipHash: ip && hashOfIp(form.id, ip),
    answer: answerOf(form),
  };
  try {
    await store({ ...app, actor: { kind: 'form', id: form.id } }, submission, properties, {
      ...sender,
      ipHash: submission.ipHash,
    });
  } catch (error) {
    if (error instanceof AlreadyDone) return answerIn(error.mark);
    throw error instanceof CrmError && error.status < 500 ? new InvalidSubmission(asProblems(error, contacts)) : error;
  }
  return submission.answer;
}

type Submission = {
  readonly id: string;
  readonly now: string;
  readonly form: FormDefinition;
  readonly input: SubmissionInput;
  readonly values: readonly SubmittedValue[];
  readonly ipHash: string | undefined;
  readonly answer: SubmissionAnswer;
};

/** The values, and what they set on the contact. @throws InvalidSubmission with the form's and the properties' problems together */
async function checked(
  app: App,
  form: FormDefinition,
  input: SubmissionInput,
): Promise<{ values: SubmittedValue[]; properties: Record<string, string> }> {
  const now = app.now();
  const { values, problems } = checkSubmission(form, input, now);
  const typeIds = [...new Set([contacts, ...values.map(({ objectTypeId }) => objectTypeId)])];
  const { properties, refused } = await contactPart(app, form, { values, typeIds, now });
  const known = new Set(problems.map(({ field }) => field));
  const all = [...problems, ...refused.filter(({ field }) => field === undefined || !known.has(field))];
  if (all.length > 0) throw new InvalidSubmission(all);
  return { values, properties };
}

async function contactPart(
  app: App,
  form: FormDefinition,
  { values, typeIds, now }: { values: readonly SubmittedValue[]; typeIds: readonly string[]; now: string },
): Promise<{ properties: Record<string, string>; refused: FormProblem[] }> {
  let properties: Record<string, string> = {};
  try {
    await withTypes(app, typeIds, new Map(), (types) => {
      properties = contactValues(form, values, types);
      const type = types.get(contacts);
      return type && checkValues(type, properties, { creating: true, current: {}, now });
    });
  } catch (error) {
    return { properties, refused: asProblems(error, contacts) };
  }
  return { properties, refused: [] };
}

async function store(
  app: App,
  submission: Submission,
  properties: Record<string, string>,
  sender: Identity,
): Promise<void> {
  const identity = identityOf(submission.values, submission.input, sender);
  const { id: submissionId, now, answer, form } = submission;
  const options: RecordOptions = {
    once: (contact) => markOf(identity, { formId: form.id, submissionId, contactId: contact.id, answer, now }),
    onceWhen: markIsFree(now),
    also: (contact) => [rowOf(submission, contact), appendEvent(eventOf(app, submission, contact))],
  };
  const { email, ...others } = properties;
  if (email) await upsertRecord(app, contacts, 'email', email, others, options);
  else await createRecord(app, contacts, others, options);
}

const submittedAt = ({ input, now }: Submission) => timeOf(input.submittedAt, now) ?? now;

/** The submission as it came, with the consent texts that the visitor saw. */
function rowOf(submission: Submission, contact: CrmRecord): Write {
  const { id, now, form, input, values, ipHash } = submission;
  const { ipAddress: _, ...context } = input.context ?? {};
  const consented = form.legalConsentOptions.type !== 'none' || input.legalConsentOptions;
  return {
    put: {
      ...submissionKey(form.id, id),
      gsi1pk: submissionListing(form.id),
      gsi1sk: `${submittedAt(submission)}#${id}`,
      entity: 'submission',
      formId: form.id,
      submissionId: id,
      contactId: contact.id,
      submittedAt: submittedAt(submission),
      receivedAt: now,
      values,
      context,
      ipHash,
      ...(consented && { consent: { given: input.legalConsentOptions ?? null, shown: form.legalConsentOptions } }),
    },
  };
}

const eventOf = (app: App, submission: Submission, contact: CrmRecord) =>
  FormSubmitted.of({
    id: app.newEventId(),
    objectType: contacts,
    recordId: contact.id,
    occurredAt: submission.now,
    actor: app.actor,
    cause: [...app.cause],
    formId: submission.form.id,
    submissionId: submission.id,
    submittedAt: submittedAt(submission),
    values: [...submission.values],
    ...(submission.input.context?.pageUri && { pageUri: submission.input.context.pageUri }),
    ...(submission.input.context?.pageName && { pageName: submission.input.context.pageName }),
    ...visitOf(submission.input),
  });
