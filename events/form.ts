import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

/** A visitor sent a form; the envelope names the contact that it made or changed. */
export const FormSubmitted = defineEvent('form.submitted', 1, {
  formId: z.string(),
  submissionId: z.string(),
  submittedAt: z.string(),
  values: z.array(z.object({ objectTypeId: z.string(), name: z.string(), value: z.string() })),
  pageUri: z.optional(z.string()),
  pageName: z.optional(z.string()),
  /** The tracking cookie of the visitor, where the page has one. */
  hutk: z.optional(z.string()),
  /** Kinds of mail that were ticked and wait for a second yes. */
  awaiting: z.optional(z.array(z.string())),
  /** The language in which the form was read. */
  language: z.optional(z.string()),
  /** What tells where the visitor came from. */
  context: z.optional(
    z.object({
      referrer: z.optional(z.string()),
      pageId: z.optional(z.string()),
      /** The page's parameters that name a source: `utm_…` and the click ids of ad networks. */
      parameters: z.optional(z.record(z.string(), z.string())),
    }),
  ),
});
