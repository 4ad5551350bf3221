import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { asCrmError } from '../core/errors-as-hubspot.ts';
import { Reply, type RequestFacts } from '../core/handle.ts';
import { readLink } from '../links/link.ts';
import { type Answers, checkAnswers, givenTo } from '../surveys/answer.ts';
import { findAnswer, Invitation, type StoredAnswer, storeAnswer } from '../surveys/answer-store.ts';
import { countAnswer } from '../surveys/rate-limit.ts';
import { isOpen, type StoredSurvey } from '../surveys/schema.ts';
import { readScore, scoreQuestionOf } from '../surveys/score.ts';
import { findSurvey } from '../surveys/store.ts';
import { surveyWords } from '../surveys/words.ts';
import { noSurveyPage, type SurveyPage, surveyPage, surveyThanksPage } from './survey-page.ts';
import type { Language } from './words.ts';

/** An invitation that may be answered now. */
export type OpenSurvey = {
  readonly token: string;
  readonly invitation: Invitation;
  readonly survey: StoredSurvey;
};

/** What a link leads to: the survey while it takes answers, else the page that says why not. Nothing is written. */
export async function openSurvey(app: App, token: string, language: Language): Promise<OpenSurvey | Reply> {
  const link = await readLink('survey', token, Invitation);
  if ('refused' in link) return noSurveyPage(link.refused, language);
  const survey = await findSurvey(app, link.claims.surveyId);
  if (!survey) return noSurveyPage('INVALID', language);
  if (!isOpen(survey, app.now())) return noSurveyPage('CLOSED', survey.language);
  return { token, invitation: link.claims, survey };
}

/** The page with what was answered before, and over it the score that the link names; or the thanks after an answer. */
export async function showSurvey(
  app: App,
  { token, invitation, survey }: OpenSurvey,
  query: Readonly<Record<string, string>>,
): Promise<Reply> {
  const before = await findAnswer(app, invitation);
  if (before && query.answered) return surveyThanksPage(survey, token, before.score);
  const given = answeredBefore(survey, before);
  const scored = scoreQuestionOf(survey);
  const score = readScore(survey.type, query.score);
  if (scored && score !== undefined) given.set(scored.id, [String(score)]);
  return surveyPage({ survey, token, given, isAnswered: before !== undefined });
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
  const given = givenTo(survey, new URLSearchParams(text));
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
    await storeAnswer(app, survey, invitation, answers);
  } catch (error) {
    // The person, or the answer that was to be changed, has been deleted meanwhile.
    if (error instanceof CrmError && error.status < 429) return noSurveyPage('CLOSED', survey.language);
    throw error;
  }
  return new Reply(303, undefined, { location: `/s/${token}?answered=1`, 'cache-control': 'no-store' });
}

/** The page with all that the visitor typed, to be sent again when the time has come. */
function refusedPage(page: SurveyPage, { status, options }: CrmError, text: string): Reply {
  const { body, headers } = surveyPage({ ...page, refusal: { status, text } });
  return new Reply(status, body, { ...headers, 'retry-after': String(options.retryAfter ?? 60) });
}
