import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { findAnswers } from '../../lib/surveys/find-answers.ts';
import { cursorOf, startAfterCursor, toPublicAnswer } from '../../lib/surveys/public-answer.ts';
import { readSurvey } from '../../lib/surveys/store.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.responses, async ({ path, query, request }, app) => {
  const survey = await readSurvey(app, path.surveyId);
  const { after, ...wanted } = query;
  const startAfter = after === undefined ? undefined : startAfterCursor(survey.id, after);
  const { answers, last } = await findAnswers(app, survey, { ...wanted, startAfter });
  return pageOf(answers.map(toPublicAnswer), last && cursorOf(last), request);
});
