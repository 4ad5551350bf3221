import * as z from 'zod/mini';
import { SurveyAnswered } from '../../events/survey.ts';
import { whereIs } from '../associations/live-record.ts';
import type { App } from '../core/app.ts';
import { createRecord, updateRecord } from '../objects/store.ts';
import { answeredSteps } from '../sends/ledger.ts';
import { versionIs } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { surveyAnswerKey, surveyAnswerListing } from '../table/keys.ts';
import { AlreadyDone, PreconditionFailed } from '../table/once.ts';
import type { Page } from '../table/table.ts';
import type { Write } from '../table/write.ts';
import { type Answers, submissionProperties } from './answer.ts';
import type { StoredSurvey } from './schema.ts';

const contacts = '0-1';
const feedbackSubmissions = '0-19';

/** Whom a link in a mail invites: one contact to one survey by one send. */
export const Invitation = z.object({ surveyId: z.string(), sendId: z.string(), contactId: z.string() });
export type Invitation = z.output<typeof Invitation>;

/** What an invitation was answered with: the row that makes it one answer, however often it is sent. */
const StoredAnswer = z.object({
  surveyId: z.string(),
  sendId: z.string(),
  contactId: z.string(),
  submissionId: z.string(),
  score: z.optional(z.number()),
  answers: z.array(z.object({ questionId: z.string(), label: z.string(), value: z.string() })),
  answeredAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
});
export type StoredAnswer = z.output<typeof StoredAnswer>;

const keyOf = ({ contactId, surveyId, sendId }: Invitation) => surveyAnswerKey(contactId, surveyId, sendId);

/** The answer to the invitation, if there is one. 1 read. */
export const findAnswer = ({ table }: App, invitation: Invitation): Promise<StoredAnswer | undefined> =>
  table.get(keyOf(invitation), StoredAnswer);

/** Answers of a survey, newest first. One that was given a moment ago may be missing yet. */
export const listAnswers = (
  { table }: App,
  surveyId: string,
  { startAfter, limit }: { readonly startAfter?: Record<string, unknown> | undefined; readonly limit: number },
): Promise<Page<StoredAnswer>> =>
  table.query(
    {
      pk: surveyAnswerListing(surveyId),
      index: 'gsi1',
      descending: true,
      limit,
      ...(startAfter && { startAfter }),
    },
    StoredAnswer,
  );

const listingPosition = ({ answeredAt, submissionId }: Pick<StoredAnswer, 'answeredAt' | 'submissionId'>) =>
  `${answeredAt}#${submissionId}`;

const itemOf = (answer: StoredAnswer) => ({
  ...keyOf(answer),
  gsi1pk: surveyAnswerListing(answer.surveyId),
  gsi1sk: listingPosition(answer),
  entity: 'survey-answer',
  ...answer,
});

/** Where a listing goes on after this answer. */
export const startAfterAnswer = (answer: Pick<StoredAnswer, keyof Invitation | 'answeredAt' | 'submissionId'>) => ({
  ...keyOf(answer),
  gsi1pk: surveyAnswerListing(answer.surveyId),
  gsi1sk: listingPosition(answer),
});

/**
 * Stores the answer to an invitation in one transaction: the feedback submission with its association to the contact, the row that makes
 * it the only one, the mark in the send's ledger, and the event. A second one changes the first; the same one again changes nothing.
 * @throws CrmError 400 when the contact is gone, 404 when the submission was deleted
 */
export const storeAnswer = (
  app: App,
  survey: StoredSurvey,
  invitation: Invitation,
  given: Answers,
): Promise<StoredAnswer> => {
  const as: App = { ...app, actor: { kind: 'survey', id: survey.id } };
  return contend(async () => {
    const before = await findAnswer(app, invitation);
    try {
      return before ? await change(as, survey, before, given) : await answer(as, survey, invitation, given);
    } catch (error) {
      // Another post of the same page was faster, or the ledger row moved: what is there now is to be read again.
      throw error instanceof AlreadyDone || error instanceof PreconditionFailed ? new StaleRead(error.message) : error;
    }
  });
};

async function answer(
  app: App,
  survey: StoredSurvey,
  invitation: Invitation,
  { answers, score }: Answers,
): Promise<StoredAnswer> {
  const now = app.now();
  const stored = (submissionId: string): StoredAnswer => ({
    ...invitation,
    submissionId,
    ...(score !== undefined && { score }),
    answers: [...answers],
    answeredAt: now,
    updatedAt: now,
    version: 1,
  });
  const ledger = await answeredSteps(app, invitation);
  const properties = {
    ...submissionProperties(survey, { answers, score }),
    hs_survey_channel: 'EMAIL',
    hs_submission_timestamp: now,
    hs_ingestion_id: `${invitation.sendId}-${invitation.contactId}`,
  };
  // Who was invited may be one with another contact by now.
  const { ref } = await whereIs(app, { objectType: contacts, id: invitation.contactId });
  const record = await createRecord(app, feedbackSubmissions, properties, {
    once: ({ id }) => itemOf(stored(id)),
    also: ({ id }) => [...ledger.map(({ write }) => write), answered(app, survey, stored(id), undefined)],
    associations: [{ to: ref, types: 'default' }],
  });
  return stored(record.id);
}

async function change(
  app: App,
  survey: StoredSurvey,
  before: StoredAnswer,
  { answers, score }: Answers,
): Promise<StoredAnswer> {
  if (JSON.stringify(before.answers) === JSON.stringify(answers)) return before;
  const { score: previousScore, ...kept } = before;
  const after: StoredAnswer = {
    ...kept,
    ...(score !== undefined && { score }),
    answers: [...answers],
    updatedAt: app.now(),
    version: before.version + 1,
  };
  await updateRecord(
    app,
    feedbackSubmissions,
    { id: before.submissionId },
    submissionProperties(survey, { answers, score }),
    {
      also: () => [
        { put: itemOf(after), when: versionIs(before.version) },
        answered(app, survey, after, previousScore),
      ],
    },
  );
  return after;
}

const answered = (app: App, survey: StoredSurvey, answer: StoredAnswer, previousScore: number | undefined): Write =>
  appendEvent(
    SurveyAnswered.of({
      id: app.newEventId(),
      objectType: contacts,
      recordId: answer.contactId,
      occurredAt: answer.updatedAt,
      actor: app.actor,
      cause: [...app.cause],
      surveyId: answer.surveyId,
      surveyType: survey.type,
      submissionId: answer.submissionId,
      sendId: answer.sendId,
      revision: answer.version,
      answeredAt: answer.answeredAt,
      ...(answer.score !== undefined && { score: answer.score }),
      ...(previousScore !== undefined && { previousScore }),
      answers: answer.answers,
    }),
  );
