import { randomUUID } from 'node:crypto';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { createRecord, type RecordOptions, upsertRecord } from '../objects/store.ts';
import { checkValues } from '../objects/values.ts';
import { absent } from '../table/conditions.ts';
import { appendEvent } from '../table/event-log.ts';
import type { RecordRef } from '../table/keys.ts';
import { AlreadyDone, type Mark, PreconditionFailed } from '../table/once.ts';
import { answerOf, type SubmissionAnswer } from './answer.ts';
import { captchaMark } from './captcha.ts';
import { consentSteps } from './consent-steps.ts';
import { contactValues } from './contact-values.ts';
import { fieldKey, fieldsOf } from './field.ts';
import { otherInputs, planOthers } from './other-records.ts';
import { asProblems, captchaNeeded, type FormProblem, InvalidSubmission } from './problem.ts';
import { askedForm, type KnownFields, nothingKnown } from './progressive.ts';
import { countSubmission, countVisitor } from './rate-limit.ts';
import type { FormDefinition, StoredForm } from './schema.ts';
import { readForm, withTypes } from './store.ts';
import { type Submission, submissionRow, submittedEvent } from './stored-submission.ts';
import { checkSubmission, type SubmissionInput, type SubmittedValue } from './submission.ts';
import { answerIn, hashOfIp, type Identity, identityOf, markIsFree, markOf } from './submission-mark.ts';

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
  /** A server speaks for many visitors, so its own address is no measure of one, and it has solved no captcha. */
  readonly isServer?: boolean;
  /** The solved captcha, where the form asks for one. */
  readonly captcha?: string | undefined;
  /** What the browser sent before, so that it was not asked for it. */
  readonly known?: KnownFields;
  /** The language of the page; absent: the form's. */
  readonly language?: string;
  /** The page's own checks, between the count of the visitor and everything else; what they throw ends it. */
  readonly screen?: () => Promise<void>;
};

/**
 * Takes a submission: the contact is created or changed, other records that the form speaks of with it, and the submission and its event
 * are stored, in one transaction. A repeated one changes nothing and is answered as the first was. Before the checks pass nothing is
 * written but the counters of the rate limits.
 * @throws InvalidSubmission 400 with every problem; CrmError 429
 */
export async function submit(
  app: App,
  form: StoredForm,
  input: SubmissionInput,
  sender: Sender,
): Promise<SubmissionAnswer> {
  if (!sender.isServer && sender.ip) await countVisitor(app, form, hashOfIp(form.id, sender.ip));
  await sender.screen?.();
  const captcha = sender.isServer ? undefined : await solvedCaptcha(form, sender.captcha);
  await countSubmission(app, form);
  const asked = askedForm(form, sender.known ?? nothingKnown);
  const { values, written, properties } = await checked(app, { form, asked, input, trusted: sender.isServer === true });
  const ip = input.context?.ipAddress ?? sender.ip;
  const submission: Submission = {
    id: randomUUID(),
    now: app.now(),
    form,
    input,
    values,
    written,
    ipHash: ip && hashOfIp(form.id, ip),
    language: sender.language ?? form.configuration.language,
    answer: answerOf(form),
  };
  const identity = identityOf(values, input, { ...sender, ipHash: submission.ipHash });
  try {
    const own = { ...app, actor: { kind: 'form' as const, id: form.id } };
    await store(own, submission, properties, { identity, captcha });
  } catch (error) {
    if (error instanceof AlreadyDone) return answerIn(error.mark);
    if (error instanceof PreconditionFailed) throw captchaNeeded();
    if (error instanceof InvalidSubmission || !(error instanceof CrmError) || error.status >= 500) throw error;
    throw new InvalidSubmission(asProblems(error, contacts));
  }
  return submission.answer;
}

async function solvedCaptcha(form: FormDefinition, proof: string | undefined): Promise<Mark | undefined> {
  if (!form.configuration.recaptchaEnabled) return undefined;
  const mark = await captchaMark(form.id, proof);
  if (!mark) throw captchaNeeded();
  return mark;
}

type Given = {
  readonly form: FormDefinition;
  readonly asked: FormDefinition;
  readonly input: SubmissionInput;
  readonly trusted: boolean;
};

/** The values, and what they set on the contact. @throws InvalidSubmission with the form's and the properties' problems together */
async function checked(
  app: App,
  { form, asked, input, trusted }: Given,
): Promise<{ values: SubmittedValue[]; written: SubmittedValue[]; properties: Record<string, string> }> {
  const now = app.now();
  const { values, problems } = checkSubmission({ form, asked }, input, now);
  const written = trusted ? values : ownValues(form, values);
  const { properties, refused } = await recordParts(app, form, { values: written, now });
  const known = new Set(problems.map(({ field }) => field));
  const all = [...problems, ...refused.filter(({ field }) => field === undefined || !known.has(field))];
  if (all.length > 0) throw new InvalidSubmission(all);
  return { values, written, properties };
}

/**
 * What a visitor may set: the fields of the form, and the address that says who they are. Without its validation (`skipValidation`) a form
 * takes other values, too; they stay with the submission, for anybody can name any property of any record.
 */
function ownValues(form: FormDefinition, values: readonly SubmittedValue[]): SubmittedValue[] {
  const own = new Set(['0-1/email', ...fieldsOf(form).map(({ field }) => fieldKey(field))]);
  return values.filter((value) => own.has(fieldKey(value)));
}

/** What the submission sets on the contact, and what the properties of it and of other types do not let pass. */
async function recordParts(
  app: App,
  form: FormDefinition,
  { values, now }: { values: readonly SubmittedValue[]; now: string },
): Promise<{ properties: Record<string, string>; refused: FormProblem[] }> {
  let properties: Record<string, string> = {};
  const inputs = otherInputs(values);
  const refused = await refusalsOf(app, [contacts, ...inputs.keys()], contacts, (types) => {
    properties = contactValues(form, values, types);
    const type = types.get(contacts);
    if (type) checkValues(type, properties, { creating: true, current: {}, now });
  });
  for (const [objectType, input] of inputs) {
    const others = await refusalsOf(app, [objectType], objectType, (types) => {
      const type = types.get(objectType);
      // Where it stands in a pipeline and what it must have is known when it is known whether it is new.
      if (type) checkValues(withoutPipeline(type), input, { creating: false, current: {}, now });
    });
    refused.push(...others);
  }
  return { properties, refused };
}

const withoutPipeline = <T extends { readonly pipeline?: unknown }>({ pipeline: _, ...type }: T) => type;

async function refusalsOf(
  app: App,
  typeIds: readonly string[],
  objectType: string,
  check: Parameters<typeof withTypes<void>>[3],
): Promise<FormProblem[]> {
  try {
    await withTypes(app, typeIds, new Map(), check);
    return [];
  } catch (error) {
    return asProblems(error, objectType);
  }
}

type Once = { readonly identity: ReturnType<typeof identityOf>; readonly captcha: Mark | undefined };

async function store(
  app: App,
  submission: Submission,
  properties: Record<string, string>,
  { identity, captcha }: Once,
): Promise<void> {
  const { id: submissionId, now, answer, form } = submission;
  const inputs = otherInputs(submission.written);
  let others: readonly RecordRef[] = [];
  let awaiting: readonly string[] = [];
  const options: RecordOptions = {
    once: (contact) => markOf(identity, { formId: form.id, submissionId, contactId: contact.id, answer, now }),
    onceWhen: markIsFree(now),
    ...((inputs.size > 0 || submission.input.legalConsentOptions) && {
      alongside: async (contact) => {
        const planned = await planOthers(app, form, inputs);
        const consented = await consentSteps(app, submission, contact);
        others = planned.associations.map(({ to: { id, objectType = '' } }) => ({ objectType, id }));
        awaiting = consented.awaiting;
        return { ...planned, steps: [...planned.steps, ...consented.steps] };
      },
    }),
    also: (contact) => [
      submissionRow(submission, contact, others),
      appendEvent(submittedEvent(app, submission, contact, awaiting)),
      ...(captcha ? [{ put: captcha, when: absent }] : []),
    ],
  };
  const { email, ...rest } = properties;
  if (email) await upsertRecord(app, contacts, 'email', email, rest, options);
  else await createRecord(app, contacts, rest, options);
}
