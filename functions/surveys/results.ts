import { handle } from '../../lib/core/handle.ts';
import { readResults } from '../../lib/surveys/result-store.ts';
import { readSurvey } from '../../lib/surveys/store.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.results, async ({ path, query }, app) =>
  readResults(app, await readSurvey(app, path.surveyId), query),
);
