import type { StoredSurvey, SurveyInput } from '../../../lib/surveys/schema.ts';
import { newSurvey, publishedSurvey } from '../../../lib/surveys/survey.ts';

export const now = '2026-11-22T04:00:00.000Z';

/** A published survey with the usual questions. */
export const survey = (input: Partial<SurveyInput> = {}): StoredSurvey =>
  publishedSurvey(
    newSurvey({ name: '満足度調査', type: 'NPS', language: 'ja', ...input }, { id: '1787000000000100', now }),
    now,
  );
