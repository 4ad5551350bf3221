import { handle } from '../../lib/core/handle.ts';
import { changeSurvey } from '../../lib/surveys/store.ts';
import { publishedSurvey } from '../../lib/surveys/survey.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.publish, ({ path }, app) =>
  changeSurvey(app, path.surveyId, (survey) => publishedSurvey(survey, app.now())),
);
