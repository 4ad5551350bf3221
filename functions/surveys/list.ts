import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listSurveys } from '../../lib/surveys/store.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.list, async ({ query, request }, app) => {
  const page = await listSurveys(app, query);
  return pageOf(page.surveys, page.after, request);
});
