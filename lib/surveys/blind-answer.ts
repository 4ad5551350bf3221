import { ulid } from 'ulid';
import * as z from 'zod/mini';
import { SurveyAnswered } from '../../events/survey.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { randomIdBetween } from '../core/ids.ts';
import { createRecord } from '../objects/store.ts';
import { appendEvent } from '../table/event-log.ts';
import { AlreadyDone } from '../table/once.ts';
import { blindMarkKey } from '../table/survey-keys.ts';
import type { Answers } from './answer.ts';
import { knownProperties } from './answer-properties.ts';
import { answerItem, type StoredAnswer } from './answer-row.ts';
import { type BlindInvitation, blindHash } from './invitation.ts';
import type { StoredSurvey } from './schema.ts';

const feedbackSubmissions = '0-19';
const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
const japanMs = 9 * 3_600_000;

/** The Monday, midnight in Japan, that begins the week of a time. */
export function weekOf(time: string): number {
  const day = Math.floor((Date.parse(time) + japanMs) / dayMs);
  // The first day of 1970 was a Thursday.
  return (day - ((day + 3) % 7)) * dayMs - japanMs;
}

/** Whether the invitation was answered. 1 read. */
export const isRedeemed = async ({ table }: App, invitation: BlindInvitation): Promise<boolean> =>
  (await table.get(markKeyOf(invitation), z.object({}))) !== undefined;

const markKeyOf = (invitation: BlindInvitation) => blindMarkKey(invitation.surveyId, blindHash(invitation));

/**
 * Stores the answer to an invitation of an anonymous survey, once; false when it was answered before. What is kept: the answer, and the
 * hash of a random number that only the mail had. The answer has no contact, no send and nothing that the mail was about; every time in it
 * is the beginning of its week in Japan, and its ids are drawn at random from that week, so that neither order nor time tells who it was.
 * The ledger, the contact and its log are not touched: nobody is marked as having answered.
 */
export async function storeBlindAnswer(
  app: App,
  survey: StoredSurvey,
  invitation: BlindInvitation,
  given: Answers,
): Promise<boolean> {
  const week = weekOf(app.now());
  const answeredAt = new Date(week).toISOString();
  const veiled: App = {
    ...app,
    actor: { kind: 'survey', id: survey.id },
    now: () => answeredAt,
    newEventId: () => ulid(week),
  };
  const stored = (submissionId: string): StoredAnswer => ({
    surveyId: survey.id,
    submissionId,
    ...(given.score !== undefined && { score: given.score }),
    answers: [...given.answers],
    answeredAt,
    updatedAt: answeredAt,
    version: 1,
  });
  const properties = { ...(await knownProperties(app, survey, given)), hs_submission_timestamp: answeredAt };
  try {
    await createRecord(veiled, feedbackSubmissions, properties, {
      id: randomIdBetween(week, week + weekMs),
      once: () => ({ ...markKeyOf(invitation), entity: 'blind-mark' }),
      also: ({ id }) => [{ put: answerItem(stored(id)) }, answered(veiled, survey, stored(id))],
    });
    return true;
  } catch (error) {
    if (error instanceof AlreadyDone) return false;
    throw error;
  }
}

/** It stands in the log of the submission, for there is no other record that it belongs to. */
const answered = (app: App, survey: StoredSurvey, { submissionId, answeredAt, answers, score }: StoredAnswer) =>
  appendEvent(
    SurveyAnswered.of({
      ...envelopeOf(app, { objectType: feedbackSubmissions, id: submissionId }),
      surveyId: survey.id,
      surveyType: survey.type,
      submissionId,
      revision: 1,
      answeredAt,
      ...(score !== undefined && { score }),
      answers,
    }),
  );
