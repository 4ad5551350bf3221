import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { surveyAnswerKey, surveyAnswerListing } from '../table/keys.ts';
import { blindAnswerKey } from '../table/survey-keys.ts';
import type { Page } from '../table/table.ts';

const Ref = z.object({ objectType: z.string(), recordId: z.string() });

/**
 * What an invitation was answered with: the row that makes it one answer, however often it is sent. The answer to an anonymous survey has
 * no contact and no send, and its times are the beginning of a week.
 */
export const StoredAnswer = z.object({
  surveyId: z.string(),
  sendId: z.optional(z.string()),
  contactId: z.optional(z.string()),
  submissionId: z.string(),
  score: z.optional(z.number()),
  answers: z.array(z.object({ questionId: z.string(), label: z.string(), value: z.string() })),
  /** What the mail was about: a ticket that was closed, a deal. */
  about: z.optional(Ref),
  /** Deals that the answer is associated with: newest first. */
  dealIds: z.optional(z.array(z.string())),
  answeredAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
});
export type StoredAnswer = z.output<typeof StoredAnswer>;

export type AnswerPlace = Pick<StoredAnswer, 'surveyId' | 'sendId' | 'contactId' | 'answeredAt' | 'submissionId'>;

const keyOf = ({ contactId, surveyId, sendId, submissionId }: AnswerPlace) =>
  contactId === undefined || sendId === undefined
    ? blindAnswerKey(submissionId)
    : surveyAnswerKey(contactId, surveyId, sendId);

const listingPosition = ({ answeredAt, submissionId }: AnswerPlace) => `${answeredAt}#${submissionId}`;

/** Where a listing goes on after this answer. */
export const startAfterAnswer = (answer: AnswerPlace) => ({
  ...keyOf(answer),
  gsi1pk: surveyAnswerListing(answer.surveyId),
  gsi1sk: listingPosition(answer),
});

export const answerItem = (answer: StoredAnswer) => ({
  ...startAfterAnswer(answer),
  entity: 'survey-answer',
  ...answer,
});

type Listing = {
  readonly startAfter?: Record<string, unknown> | undefined;
  readonly limit: number;
  /** Times of first answers, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** Answers of a survey, newest first. One that was given a moment ago may be missing yet. */
export const listAnswers = (
  { table }: App,
  surveyId: string,
  { startAfter, limit, from, to }: Listing,
): Promise<Page<StoredAnswer>> =>
  table.query(
    {
      pk: surveyAnswerListing(surveyId),
      index: 'gsi1',
      descending: true,
      limit,
      ...((from !== undefined || to !== undefined) && { from: from ?? '0', to: `${to ?? ''}~` }),
      ...(startAfter && { startAfter }),
    },
    StoredAnswer,
  );
