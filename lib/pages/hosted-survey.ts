import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { asCrmError } from '../core/errors-as-hubspot.ts';
import { Reply, type RequestFacts } from '../core/handle.ts';
import { readLink } from '../links/link.ts';
import { type Answers, checkAnswers, givenTo } from '../surveys/answer.ts';
import type { StoredAnswer } from '../surveys/answer-row.ts';
import { findAnswer, storeAnswer } from '../surveys/answer-store.ts';
import { isRedeemed, storeBlindAnswer } from '../surveys/blind-answer.ts';
import { BlindInvitation, Invitation, isBlind } from '../surveys/invitation.ts';
import { countAnswer } from '../surveys/rate-limit.ts';
import { isOpen, type StoredSurvey } from '../surveys/schema.ts';
import { mailQuestionOf, readScore, scoreQuestionOf } from '../surveys/score.ts';
import { findSurvey } from '../surveys/store.ts';
import { surveyWords } from '../surveys/words.ts';
import {
  anonymousAnsweredPage,
  noSurveyPage,
  type SurveyPage,
  surveyPage,
  surveyThanksPage,
  surveyTrap,
} from './survey-page.ts';
import type { Language } from './words.ts';

/** An invitation that may be answered now. */
export type OpenSurvey = {
  readonly token: string;
  readonly invitation: Invitation | BlindInvitation;
  readonly survey: StoredSurvey;
};

/** What a link leads to: the survey while it takes answers, else the page that says why not. Nothing is written. */
export async function openSurvey(app: App, token: string, language: Language): Promise<OpenSurvey | Reply> {
  const link = await readLink('survey', token, z.union([Invitation, BlindInvitation]));
  if ('refused' in link) return noSurveyPage(link.refused, language);
  const survey = await findSurvey(app, link.claims.surveyId);
  // Whether a survey is anonymous never changes once links to it are out.
  if (!survey || isBlind(link.claims) !== (survey.anonymous ?? false)) return noSurveyPage('INVALID', language);
  if (!isOpen(survey, app.now())) return noSurveyPage('CLOSED', survey.language);
  return { token, invitation: link.claims, survey };
}

/**
 * The page with what was answered before, and over it the choice that the link names; or the thanks after an answer. What was answered
 * anonymously nobody can find again.
 */
export async function showSurvey(
  app: App,
  { token, invitation, survey }: OpenSurvey,
  query: Readonly<Record<string, string>>,
): Promise<Reply> {
  if (isBlind(invitation)) {
    if (await isRedeemed(app, invitation)) return anonymousAnsweredPage(survey);
    return surveyPage({ survey, token, given: chosenBy(survey, query) });
  }
  const before = await findAnswer(app, invitation);
  if (before && query.answered) return surveyThanksPage(survey, { token, score: before.score });
  const given = new Map([...answeredBefore(survey, before), ...chosenBy(survey, query)]);
  return surveyPage({ survey, token, given, isAnswered: before !== undefined });
}

/** What a button of the mail says: the score, or an option of the question that the mail asks. */
function chosenBy(survey: StoredSurvey, query: Readonly<Record<string, string>>): Map<string, string[]> {
  const scored = scoreQuestionOf(survey);
  const score = readScore(survey.type, query.score);
  const asked = mailQuestionOf(survey);
  const chosen = new Map<string, string[]>();
  if (scored && score !== undefined) chosen.set(scored.id, [String(score)]);
  if (asked && query.answer !== undefined && asked.options?.includes(query.answer))
    chosen.set(asked.id, [query.answer]);
  return chosen;
}

function answeredBefore({ questions }: StoredSurvey, before: StoredAnswer | undefined): Map<string, string[]> {
  const multiple = new Set(questions.filter(({ type }) => type === 'multiselect').map(({ id }) => id));
  return new Map(
    (before?.answers ?? []).map(({ questionId, value }) => [
      questionId,
      multiple.has(questionId) ? value.split(';') : [value],
    ]),
  );
}

const largestPost = 256 * 1024;

/** Takes what a browser posted: on to the thanks, or the page again with everything typed and what is wrong. */
export async function takeSurveyPost(
  app: App,
  open: OpenSurvey,
  { text, request }: { readonly text: string; readonly request: RequestFacts },
): Promise<Reply> {
  const { survey, token } = open;
  const words = surveyWords(survey.language);
  if (Buffer.byteLength(text) > largestPost)
    return surveyPage({ survey, token, given: new Map(), refusal: { status: 413, text: words.tooLarge } });
  const sent = new URLSearchParams(text);
  const given = givenTo(survey, sent);
  // A program filled in what nobody sees; should it have been a person's browser, the person sends it once more.
  if (sent.get(surveyTrap))
    return surveyPage({ survey, token, given, refusal: { status: 400, text: words.sendAgain } });
  const checked = checkAnswers(survey, given);
  if ('problems' in checked) return surveyPage({ survey, token, given, problems: checked.problems });
  try {
    return await take(app, open, checked, request.sourceIp);
  } catch (error) {
    const refusal = asCrmError(error);
    const page: SurveyPage = { survey, token, given };
    if (refusal.category === 'RATE_LIMITS') return refusedPage(page, refusal, words.tooMany);
    if (refusal.category === 'SERVICE_UNAVAILABLE') return refusedPage(page, refusal, words.busy);
    throw error;
  }
}

async function take(app: App, { survey, token, invitation }: OpenSurvey, answers: Answers, ip: string): Promise<Reply> {
  await countAnswer(app, invitation, ip);
  try {
    if (isBlind(invitation)) return await takeBlind(app, survey, { invitation, answers });
    await storeAnswer(app, survey, invitation, answers);
  } catch (error) {
    // The person, or the answer that was to be changed, has been deleted meanwhile.
    if (error instanceof CrmError && error.status < 429) return noSurveyPage('CLOSED', survey.language);
    throw error;
  }
  return new Reply(303, undefined, { location: `/s/${token}?answered=1`, 'cache-control': 'no-store' });
}

/** The thanks at once: an address that names the score would stand in a browser's history, and the answer cannot be read again. */
async function takeBlind(
  app: App,
  survey: StoredSurvey,
  { invitation, answers }: { readonly invitation: BlindInvitation; readonly answers: Answers },
): Promise<Reply> {
  const isFirst = await storeBlindAnswer(app, survey, invitation, answers);
  return isFirst ? surveyThanksPage(survey, { score: answers.score }) : anonymousAnsweredPage(survey);
}

/** The page with all that the visitor typed, to be sent again when the time has come. */
function refusedPage(page: SurveyPage, { status, options }: CrmError, text: string): Reply {
  const { body, headers } = surveyPage({ ...page, refusal: { status, text } });
  return new Reply(status, body, { ...headers, 'retry-after': String(options.retryAfter ?? 60) });
}
