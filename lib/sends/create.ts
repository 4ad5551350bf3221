import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Job } from '../jobs/job.ts';
import { jobWrites } from '../jobs/store.ts';
import { readLists } from '../lists/store.ts';
import { readDatetime } from '../objects/moment.ts';
import { subscriptionTypeOf } from '../subscriptions/type-store.ts';
import { isOpen } from '../surveys/schema.ts';
import { readSurvey } from '../surveys/store.ts';
import { absent } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { commitOrThrow } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import type { Send, SendInput } from './schema.ts';
import { sendItem } from './send-store.ts';

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
  input: Omit<SendInput, 'subscriptionTypeId'> & { readonly subscriptionTypeId?: string; readonly campaignId?: string },
  id: string,
): Promise<{ readonly send: Send; readonly job: Job; readonly writes: Write[] }> {
  if (!taggable.test(id)) throw new Error('The id of a send has letters, digits, _ and - only, 64 at most');
  const now = app.now();
  const { job, writes } = await expansionOf(app, { id, ...(input.scheduledAt && { scheduledAt: input.scheduledAt }) });
  const send: Send = {
    ...newSend({ subscriptionTypeId: surveysType, ...input }, { id, now }),
    status: 'CONFIRMED',
    confirmedAt: now,
    jobId: job.id,
  };
  return { send, job, writes: [{ put: sendItem(send), when: absent }, ...writes] };
}

function newSend(input: SendInput & { readonly campaignId?: string }, { id, now }: { id: string; now: string }): Send {
  const { scheduledAt, ...rest } = input;
  const at = scheduledAt && readDatetime(scheduledAt);
  return {
    ...rest,
    ...(at && { scheduledAt: at }),
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
  await commitOrThrow(app.table, [{ write: { put: sendItem(send), when: absent }, refused }]);
  return send;
}

/** @throws CrmError 400 when the survey takes no answers, or a list is none of contacts */
export async function checkReferences(
  app: App,
  { surveyId, audience, subscriptionTypeId }: Pick<SendInput, 'surveyId' | 'audience' | 'subscriptionTypeId'>,
): Promise<void> {
  await subscriptionTypeOf(app, subscriptionTypeId, 'subscriptionTypeId');
  const named = [
    ...audience.listIds.map((id) => [id, 'audience.listIds'] as const),
    ...(audience.excludeListIds ?? []).map((id) => [id, 'audience.excludeListIds'] as const),
  ];
  const [survey, lists] = await Promise.all([
    readSurvey(app, surveyId).catch((error: unknown) => asInvalid(error, 'surveyId')),
    readLists(
      app,
      named.map(([id]) => id),
    ),
  ]);
  if (!isOpen(survey, app.now())) throw invalid('surveyId', `the survey ${surveyId} is not published, or is closed`);
  for (const [id, field] of named) {
    const list = lists.find(({ listId }) => listId === id);
    if (!list) throw invalid(field, `there is no list ${id}`);
    if (list.objectTypeId !== '0-1') throw invalid(field, `the list ${id} is not one of contacts`);
  }
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
