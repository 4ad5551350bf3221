import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicAnswer } from '../../lib/surveys/public-answer.ts';
import { periods, Results } from '../../lib/surveys/results.ts';
import { Survey, SurveyInput, SurveyPatch } from '../../lib/surveys/schema.ts';
import { responseGroups } from '../../lib/surveys/score.ts';

const path = z.object({ surveyId: z.string() });
const read = 'feedback.read';
const write = 'feedback.write';
/** Days in Japan or times, both included. */
const span = { from: z.optional(z.string()), to: z.optional(z.string()) };
const score = z.pipe(z.string().check(z.regex(/^\d{1,2}$/, 'must be a score')), z.transform(Number));

export const surveys = operations('surveys', {
  list: {
    route: 'GET /feedback/v1/surveys',
    summary: 'List surveys',
    scope: read,
    query: z.object({ after: z.optional(cursor), limit: limitOf(50, 100) }),
    status: 200,
    output: z.object({ results: z.array(Survey), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  create: {
    route: 'POST /feedback/v1/surveys',
    summary: 'Make a survey, as a draft; questions and texts that are left out are filled in by its type and language',
    scope: write,
    body: SurveyInput,
    status: 201,
    output: Survey,
    uses: ['table:write', 'table:read'],
  },
  get: {
    route: 'GET /feedback/v1/surveys/{surveyId}',
    summary: 'Read a survey',
    scope: read,
    path,
    status: 200,
    output: Survey,
    uses: ['table:read'],
  },
  update: {
    route: 'PATCH /feedback/v1/surveys/{surveyId}',
    summary: 'Change parts of a survey',
    scope: write,
    path,
    body: SurveyPatch,
    status: 200,
    output: Survey,
    uses: ['table:read', 'table:write'],
  },
  remove: {
    route: 'DELETE /feedback/v1/surveys/{surveyId}',
    summary: 'Delete a survey; its answers stay with the contacts',
    scope: write,
    path,
    status: 204,
    uses: ['table:read', 'table:write'],
  },
  publish: {
    route: 'POST /feedback/v1/surveys/{surveyId}/publish',
    summary: 'Let a survey be sent and answered',
    scope: write,
    path,
    status: 200,
    output: Survey,
    uses: ['table:read', 'table:write'],
  },
  results: {
    route: 'GET /feedback/v1/surveys/{surveyId}/results',
    summary: 'Score, distribution and trend of the answers, by days in Japan, and groups of them',
    scope: read,
    path,
    query: z.object({
      ...span,
      /** Of the trend. */
      period: z._default(z.enum(periods), 'month'),
      /** `contact.{property}`, `deal.{property}`, `ticket.{property}`, `owner.{id|name|email|team}` or `answer.{questionId}`. */
      groupBy: z.optional(z.string().check(z.regex(/^[a-z]+\.[a-z][a-z0-9_]{0,99}$/, 'must be such as contact.city'))),
    }),
    status: 200,
    output: Results,
    uses: ['table:read'],
    // Groups of 10,000 answers take a second of reckoning.
    memoryMb: 1024,
  },
  responses: {
    route: 'GET /feedback/v1/surveys/{surveyId}/responses',
    summary: 'The answers, newest first: all, or by score, by group (such as DETRACTOR) and by words',
    scope: read,
    path,
    query: z.object({
      ...span,
      min: z.optional(score),
      max: z.optional(score),
      group: z.optional(z.enum(responseGroups)),
      query: z.optional(z.string().check(z.maxLength(200))),
      after: z.optional(cursor),
      limit: limitOf(50, 100),
    }),
    status: 200,
    output: z.object({ results: z.array(PublicAnswer), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
});
