import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

/**
 * A contact answered a survey, or changed the answer while the survey was open; the envelope names the contact. `revision` is 1 for the
 * first answer; `answeredAt` stays the time of the first one.
 */
export const SurveyAnswered = defineEvent('survey.answered', 1, {
  surveyId: z.string(),
  surveyType: z.string(),
  submissionId: z.string(),
  sendId: z.optional(z.string()),
  revision: z.number(),
  answeredAt: z.string(),
  score: z.optional(z.number()),
  previousScore: z.optional(z.number()),
  answers: z.array(z.object({ questionId: z.string(), label: z.string(), value: z.string() })),
});
