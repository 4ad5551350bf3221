import { handle } from '../../lib/core/handle.ts';
import { createSurvey } from '../../lib/surveys/store.ts';
import { newSurvey } from '../../lib/surveys/survey.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.create, ({ body }, app) =>
  createSurvey(app, newSurvey(body, { id: app.newId(), now: app.now() })),
);
