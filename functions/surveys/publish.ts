import { handle } from '../../lib/core/handle.ts';
import { publishSurvey } from '../../lib/surveys/publish.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.publish, ({ path }, app) => publishSurvey(app, path.surveyId));
