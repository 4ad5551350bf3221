import type { App } from '../core/app.ts';
import { ensureAnswerProperties } from './answer-properties.ts';
import type { StoredSurvey } from './schema.ts';
import { changeSurvey, readSurvey } from './store.ts';
import { publishedSurvey } from './survey.ts';

/** Lets a survey be sent and answered. @throws CrmError 404, 400 when a question cannot have a property of its own */
export const publishSurvey = (app: App, id: string): Promise<StoredSurvey> =>
  updateSurvey(app, id, (survey) => publishedSurvey(survey, app.now()));

/**
 * The survey after a change. What is published has the properties that its answers are read by: they are made first, so that no answer
 * comes before them. @throws CrmError 404, 400
 */
export async function updateSurvey(
  app: App,
  id: string,
  change: (survey: StoredSurvey) => StoredSurvey,
): Promise<StoredSurvey> {
  const changed = change(await readSurvey(app, id));
  if (changed.status === 'PUBLISHED') await ensureAnswerProperties(app, changed);
  return changeSurvey(app, id, change);
}
