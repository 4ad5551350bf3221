import { SurveyAnswered } from '../../events/survey.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { createRecord, updateRecord } from '../objects/store.ts';
import { answeredSteps, recipientsOf } from '../sends/ledger.ts';
import { versionIs } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { surveyAnswerKey } from '../table/keys.ts';
import { AlreadyDone, PreconditionFailed } from '../table/once.ts';
import type { Write } from '../table/write.ts';
import type { Answers } from './answer.ts';
import { knownProperties } from './answer-properties.ts';
import { answerItem, StoredAnswer } from './answer-row.ts';
import { type Concerned, concernedBy } from './answered-about.ts';
import type { Invitation } from './invitation.ts';
import { type Person, personOf } from './person.ts';
import type { StoredSurvey } from './schema.ts';

const contacts = '0-1';
const feedbackSubmissions = '0-19';

/** The answer to the invitation, if there is one. 1 read when there is, else 2. */
export const findAnswer = async (app: App, invitation: Invitation): Promise<StoredAnswer | undefined> =>
  (await standing(app, invitation)).before;

type Standing = { readonly before: StoredAnswer | undefined; readonly person: Person };

/**
 * Who answers, and what was answered before: by this invitation, or by another one to the same send of somebody who is one with this
 * person since (a contact that was merged between the invitation and its reminder is one person).
 */
async function standing(app: App, { contactId, surveyId, sendId }: Invitation): Promise<Standing> {
  const keyOf = (id: string) => surveyAnswerKey(id, surveyId, sendId);
  const own = await app.table.get(keyOf(contactId), StoredAnswer);
  if (own) return { before: own, person: { contactId, ids: [contactId] } };
  const person = await personOf(app, contactId);
  const others = person.ids.filter((id) => id !== contactId);
  const [before] = others.length > 0 ? await app.table.getMany(others.map(keyOf), StoredAnswer) : [];
  return { before, person };
}

/**
 * Stores the answer to an invitation in one transaction: the feedback submission with its associations to the contact, to what the mail was
 * about and to deals, the row that makes it the only one, the mark in the send's ledger, and the event. A second one changes the first; the
 * same one again changes nothing.
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
    const { before, person } = await standing(app, invitation);
    try {
      return before
        ? await change(as, survey, { ...invitation, before }, given)
        : await answer(as, survey, { ...invitation, person }, given);
    } catch (error) {
      // Another post of the same page was faster, or the ledger row moved: what is there now is to be read again.
      throw error instanceof AlreadyDone || error instanceof PreconditionFailed ? new StaleRead(error.message) : error;
    }
  });
};

async function answer(
  app: App,
  survey: StoredSurvey,
  { surveyId, sendId, person }: Invitation & { readonly person: Person },
  given: Answers,
): Promise<StoredAnswer> {
  const invitation = { surveyId, sendId, contactId: person.contactId };
  const concerned = await concernedBy(app, invitation);
  try {
    return await answerConcerning(app, survey, { invitation, person, given, concerned });
  } catch (error) {
    const [contact, ...others] = concerned.associations;
    const isRefused = error instanceof CrmError && error.status === 400;
    if (!contact || others.length === 0 || !isRefused) throw error;
    // A deal that went meanwhile, or that may have no more submissions, must not cost the answer.
    const alone = { associations: [contact], kept: {} };
    return answerConcerning(app, survey, { invitation, person, given, concerned: alone });
  }
}

/** As which of the contacts that are the person by now the send's mail reached it. */
async function mailedAs(app: App, { contactId, ids }: Person, sendId: string): Promise<string> {
  if (ids.length === 1) return contactId;
  const mailed = new Set((await recipientsOf(app, sendId, ids)).map((row) => row.contactId));
  return ids.find((id) => mailed.has(id)) ?? contactId;
}

type Given = {
  readonly invitation: Invitation;
  readonly person: Person;
  readonly given: Answers;
  readonly concerned: Concerned;
};

async function answerConcerning(
  app: App,
  survey: StoredSurvey,
  { invitation, person, given, concerned }: Given,
): Promise<StoredAnswer> {
  const now = app.now();
  const { answers, score } = given;
  const stored = (submissionId: string): StoredAnswer => ({
    ...invitation,
    ...concerned.kept,
    submissionId,
    ...(score !== undefined && { score }),
    answers: [...answers],
    answeredAt: now,
    updatedAt: now,
    version: 1,
  });
  const ledger = await answeredSteps(app, {
    sendId: invitation.sendId,
    contactId: await mailedAs(app, person, invitation.sendId),
  });
  const properties = {
    ...(await knownProperties(app, survey, given)),
    hs_survey_channel: 'EMAIL',
    hs_submission_timestamp: now,
    hs_ingestion_id: `${invitation.sendId}-${invitation.contactId}`,
  };
  const record = await createRecord(app, feedbackSubmissions, properties, {
    once: ({ id }) => answerItem(stored(id)),
    also: ({ id }) => [
      ...ledger.map(({ write }) => write),
      answered(app, survey, { ...stored(id), ...invitation }, undefined),
    ],
    associations: concerned.associations,
  });
  return stored(record.id);
}

async function change(
  app: App,
  survey: StoredSurvey,
  { before, ...invited }: Invitation & { readonly before: StoredAnswer },
  given: Answers,
): Promise<StoredAnswer> {
  const { answers, score } = given;
  if (JSON.stringify(before.answers) === JSON.stringify(answers)) return before;
  const { score: previousScore, ...kept } = before;
  const invitation = { ...invited, contactId: before.contactId ?? invited.contactId };
  const after: StoredAnswer = {
    ...kept,
    ...(score !== undefined && { score }),
    answers: [...answers],
    updatedAt: app.now(),
    version: before.version + 1,
  };
  await updateRecord(app, feedbackSubmissions, { id: before.submissionId }, await knownProperties(app, survey, given), {
    also: () => [
      { put: answerItem(after), when: versionIs(before.version) },
      answered(app, survey, { ...after, ...invitation }, previousScore),
    ],
  });
  return after;
}

const answered = (
  app: App,
  survey: StoredSurvey,
  answer: StoredAnswer & Invitation,
  previousScore: number | undefined,
): Write =>
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
