import { handle } from '../../lib/core/handle.ts';
import { readSurvey } from '../../lib/surveys/store.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.get, ({ path }, app) => readSurvey(app, path.surveyId));
