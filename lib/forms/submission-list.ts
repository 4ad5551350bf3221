import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { submissionKey, submissionListing } from '../table/keys.ts';
import { readForm } from './store.ts';

/** A submission as HubSpot's API reads it; values without a type belong to the contact. */
export const ReadSubmission = z.object({
  conversionId: z.string(),
  submittedAt: z.number(),
  values: z.array(z.object({ name: z.string(), value: z.string(), objectTypeId: z.string() })),
  pageUrl: z.optional(z.string()),
});
type ReadSubmission = z.output<typeof ReadSubmission>;

const Stored = z.object({
  submissionId: z.string(),
  submittedAt: z.string(),
  values: ReadSubmission.shape.values,
  context: z.optional(z.object({ pageUri: z.nullish(z.string()) })),
});

/** How a page goes on: time and id of its last submission. */
const cursor = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)#([0-9a-f-]{36})$/;

/** Where the next page starts. @throws CrmError 400 for what is no cursor of this list */
function lastOf(after: string): { readonly last: string; readonly id: string } {
  const last = Buffer.from(after, 'base64url').toString();
  const id = cursor.exec(last)?.[2];
  if (id !== undefined) return { last, id };
  throw new CrmError('VALIDATION_ERROR', 'Invalid input: after is not a cursor of this API', {
    context: { fields: ['after'] },
  });
}

/**
 * The submissions of a form, newest first, `limit` a page. One query; a submission appears within a second. Two of the same moment stand by
 * id. @throws CrmError 404
 */
export async function listSubmissions(
  app: App,
  formId: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ submissions: ReadSubmission[]; after?: string }> {
  const form = await readForm(app, formId.toLowerCase());
  const listing = submissionListing(form.id);
  const from = after === undefined ? undefined : lastOf(after);
  const startAfter = from && { ...submissionKey(form.id, from.id), gsi1pk: listing, gsi1sk: from.last };
  const page = await app.table.query(
    { pk: listing, index: 'gsi1', descending: true, limit: limit + 1, ...(startAfter && { startAfter }) },
    Stored,
  );
  const shown = page.items.slice(0, limit);
  const end = shown.at(-1);
  const more = page.items.length > limit || (page.lastKey !== undefined && end !== undefined);
  return {
    submissions: shown.map(({ submissionId, submittedAt, values, context }) => ({
      conversionId: submissionId,
      submittedAt: Date.parse(submittedAt),
      values,
      ...(context?.pageUri && { pageUrl: context.pageUri }),
    })),
    ...(more && end && { after: Buffer.from(`${end.submittedAt}#${end.submissionId}`).toString('base64url') }),
  };
}
