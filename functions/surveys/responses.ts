import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listAnswers } from '../../lib/surveys/answer-store.ts';
import { cursorOf, startAfterCursor, toPublicAnswer } from '../../lib/surveys/public-answer.ts';
import { readSurvey } from '../../lib/surveys/store.ts';
import { surveys } from './operations.ts';

export const handler = handle(surveys.responses, async ({ path, query, request }, app) => {
  const { id } = await readSurvey(app, path.surveyId);
  const startAfter = query.after === undefined ? undefined : startAfterCursor(id, query.after);
  const page = await listAnswers(app, id, { startAfter, limit: query.limit });
  const last = page.items.at(-1);
  return pageOf(page.items.map(toPublicAnswer), page.lastKey && last ? cursorOf(last) : undefined, request);
});
