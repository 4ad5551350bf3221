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
});
