import { handle } from '../../lib/core/handle.ts';
import { updateSurvey } from '../../lib/surveys/publish.ts';
import { patchedSurvey } from '../../lib/surveys/survey.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.update, ({ path, body }, app) =>
  updateSurvey(app, path.surveyId, (survey) => patchedSurvey(survey, body, app.now())),
);
