import * as z from 'zod/mini';
import { CrmError } from '../core/errors.ts';
import { type StoredAnswer, startAfterAnswer } from './answer-row.ts';

/** An answer as the API lists it; `id` is the feedback submission's. */
export const PublicAnswer = z.object({
  id: z.string(),
  /** Absent in an anonymous survey, as is the send. */
  contactId: z.optional(z.string()),
  sendId: z.optional(z.string()),
  about: z.optional(z.object({ objectType: z.string(), recordId: z.string() })),
  dealIds: z.optional(z.array(z.string())),
  score: z.optional(z.number()),
  answers: z.array(z.object({ questionId: z.string(), label: z.string(), value: z.string() })),
  answeredAt: z.string(),
  updatedAt: z.string(),
});
type PublicAnswer = z.output<typeof PublicAnswer>;

export const toPublicAnswer = ({ submissionId, surveyId: _, version: __, ...answer }: StoredAnswer): PublicAnswer => ({
  id: submissionId,
  ...answer,
});

const Cursor = z.tuple([z.nullable(z.string()), z.nullable(z.string()), z.string(), z.string()]);

/** Where the next page begins, as one word for an address. */
export const cursorOf = ({ contactId, sendId, answeredAt, submissionId }: StoredAnswer): string =>
  Buffer.from(JSON.stringify([contactId ?? null, sendId ?? null, answeredAt, submissionId])).toString('base64url');

/** @throws CrmError 400 for a cursor that no page gave */
export function startAfterCursor(surveyId: string, cursor: string): Record<string, unknown> {
  try {
    const [contactId, sendId, answeredAt, submissionId] = Cursor.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    const whose = { contactId: contactId ?? undefined, sendId: sendId ?? undefined };
    return startAfterAnswer({ surveyId, ...whose, answeredAt, submissionId });
  } catch {
    throw new CrmError('VALIDATION_ERROR', 'after: is not the cursor of a page', { context: { fields: ['after'] } });
  }
}
