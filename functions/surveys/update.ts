import { handle } from '../../lib/core/handle.ts';
import { changeSurvey } from '../../lib/surveys/store.ts';
import { patchedSurvey } from '../../lib/surveys/survey.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.update, ({ path, body }, app) =>
  changeSurvey(app, path.surveyId, (survey) => patchedSurvey(survey, body, app.now())),
);
