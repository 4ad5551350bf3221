import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { emailSendWrite } from '../emails/send-row.ts';
import { findEmail, readEmail } from '../emails/store.ts';
import type { Job } from '../jobs/job.ts';
import { jobWrites } from '../jobs/store.ts';
import { readLists } from '../lists/store.ts';
import { subscriptionTypeOf } from '../subscriptions/type-store.ts';
import { isOpen } from '../surveys/schema.ts';
import { readSurvey } from '../surveys/store.ts';
import { absent } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { scheduleOf } from './local-time.ts';
import type { Send, SendInput } from './schema.ts';
import { findSend, sendItem } from './send-store.ts';

/** What turns the audience into recipients. Its id is made of the send's, so that a send is expanded once. */
export const expansionOf = (app: App, { id, scheduledAt }: Pick<Send, 'id' | 'scheduledAt'>) =>
  jobWrites(app, {
    kind: 'send-expand',
    id: `expand-${id}`,
    input: { sendId: id },
    ...(scheduledAt !== undefined && scheduledAt > app.now() && { at: scheduledAt }),
  });

/** What a mail belongs to that is of no named kind. */
const surveysType = '1';

/** A send is tagged with its id, and SES takes these characters in tags. */
const taggable = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * A send that is confirmed already, with its expansion job, for work that sends by itself. The writes belong into the caller's
 * transaction; they are refused when a send of this id exists. Afterwards `announceJob(job)`. The caller has seen that survey and lists
 * are there.
 */
export async function sendWrites(
  app: App,
  input: Omit<SendInput, 'subscriptionTypeId'> & OwnChoices & { readonly subscriptionTypeId?: string },
  id: string,
): Promise<{ readonly send: Send; readonly job: Job; readonly writes: Write[] }> {
  if (!taggable.test(id)) throw new Error('The id of a send has letters, digits, _ and - only, 64 at most');
  const now = app.now();
  const draft = newSend({ subscriptionTypeId: surveysType, ...input }, { id, now });
  const { job, writes } = await expansionOf(app, draft);
  const send: Send = {
    ...draft,
    status: 'CONFIRMED',
    confirmedAt: now,
    jobId: job.id,
  };
  return { send, job, writes: [{ put: sendItem(send), when: absent }, ...rowOfEmail(send), ...writes] };
}

/** What only work of ours asks for. */
type OwnChoices = Pick<Send, 'campaignId' | 'part'>;

function newSend(input: SendInput & OwnChoices, { id, now }: { id: string; now: string }): Send {
  const { scheduledAt: _, ...rest } = input;
  return {
    ...rest,
    ...scheduleOf(input),
    id,
    status: 'DRAFT',
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** A draft: nothing is sent before it is confirmed. @throws CrmError 400 naming what it refers to in vain */
export async function createSend(app: App, input: SendInput): Promise<Send> {
  await checkReferences(app, input);
  const send = newSend(input, { id: app.newId(), now: app.now() });
  const refused = () => new StaleRead('The id is taken');
  await commitOrThrow(app.table, [
    { write: { put: sendItem(send), when: absent }, refused },
    ...rowOfEmail(send).map((write) => orStale(write)),
  ]);
  return send;
}

/** Finds the send among those of its e-mail, for their statistics. */
const rowOfEmail = ({ id, emailId, scheduledAt, createdAt }: Send): Write[] =>
  emailId === undefined ? [] : [emailSendWrite({ emailId, sendId: id, at: scheduledAt ?? createdAt })];

type References = Pick<SendInput, 'surveyId' | 'emailId' | 'audience' | 'subscriptionTypeId'>;

/** @throws CrmError 400 when the survey takes no answers, the e-mail is not there, or a list is none of contacts */
export async function checkReferences(
  app: App,
  { surveyId, emailId, audience, subscriptionTypeId }: References,
): Promise<void> {
  await subscriptionTypeOf(app, subscriptionTypeId, 'subscriptionTypeId');
  const named = [
    ...audience.listIds.map((id) => [id, 'audience.listIds'] as const),
    ...(audience.excludeListIds ?? []).map((id) => [id, 'audience.excludeListIds'] as const),
  ];
  const [lists] = await Promise.all([
    readLists(
      app,
      named.map(([id]) => id),
    ),
    checkContent(app, { surveyId, emailId }),
    checkParent(app, audience.notAnsweredOf),
  ]);
  for (const [id, field] of named) {
    const list = lists.find(({ listId }) => listId === id);
    if (!list) throw invalid(field, `there is no list ${id}`);
    if (list.objectTypeId !== '0-1') throw invalid(field, `the list ${id} is not one of contacts`);
  }
}

async function checkContent(app: App, { surveyId, emailId }: Pick<SendInput, 'surveyId' | 'emailId'>): Promise<void> {
  if (emailId !== undefined)
    return void (await readEmail(app, emailId).catch((error: unknown) => asInvalid(error, 'emailId')));
  if (surveyId === undefined) return;
  const survey = await readSurvey(app, surveyId).catch((error: unknown) => asInvalid(error, 'surveyId'));
  if (!isOpen(survey, app.now())) throw invalid('surveyId', `the survey ${surveyId} is not published, or is closed`);
}

async function checkParent(app: App, sendId: string | undefined): Promise<void> {
  if (sendId === undefined || (await findSend(app, sendId))) return;
  throw invalid('audience.notAnsweredOf', `there is no send ${sendId}`);
}

/** What is confirmed is sent as it was published. @throws CrmError 400 for an e-mail that is a draft */
export async function checkReady(app: App, { emailId }: Pick<Send, 'emailId'>): Promise<void> {
  const email = emailId === undefined ? undefined : await findEmail(app, emailId);
  if (email && !email.ready) throw invalid('emailId', `the e-mail ${emailId} is not published`);
}

function asInvalid(error: unknown, field: string): never {
  throw error instanceof CrmError && error.category === 'OBJECT_NOT_FOUND' ? invalid(field, error.message) : error;
}

function invalid(field: string, what: string): CrmError {
  const message = `${field}: ${what}`;
  return new CrmError('VALIDATION_ERROR', `Invalid input: ${message}`, {
    errors: [{ message, code: 'INVALID_VALUE', in: field }],
    context: { fields: [field] },
  });
}
