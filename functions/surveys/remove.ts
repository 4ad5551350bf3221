import { handle } from '../../lib/core/handle.ts';
import { changeSurvey } from '../../lib/surveys/store.ts';
import { archivedSurvey } from '../../lib/surveys/survey.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.remove, async ({ path }, app) => {
  await changeSurvey(app, path.surveyId, (survey) => archivedSurvey(survey, app.now()));
  return undefined;
});
