import * as z from 'zod/mini';
import { operations, workers } from '../../lib/core/operation.ts';
import { cursor, flag, limitOf, Paging } from '../../lib/core/page.ts';
import { SubmissionAnswer } from '../../lib/forms/answer.ts';
import { FormDefinition, FormInput, FormPatch } from '../../lib/forms/schema.ts';
import { ReadSubmission } from '../../lib/forms/submission-list.ts';

const path = z.object({ formId: z.string() });
const submission = {
  path: z.object({ portalId: z.string(), formGuid: z.string() }),
  status: 200,
  output: SubmissionAnswer,
} as const;
/** Larger than any body that reaches a function, so that the handler itself refuses what is too large, in the form API's words. */
const anyBody = 32 * 1024 * 1024;

export const forms = operations('forms', {
  list: {
    route: 'GET /marketing/v3/forms',
    also: ['GET /marketing/v3/forms/'],
    summary: 'List forms',
    scope: 'forms',
    query: z.object({
      after: z.optional(z.string().check(z.maxLength(100))),
      limit: limitOf(20, 500),
      archived: flag,
      formTypes: z._default(z.string(), 'hubspot'),
    }),
    status: 200,
    output: z.object({ results: z.array(FormDefinition), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  create: {
    route: 'POST /marketing/v3/forms',
    also: ['POST /marketing/v3/forms/'],
    summary: 'Define a form',
    scope: 'forms',
    body: FormInput,
    status: 201,
    output: FormDefinition,
    uses: ['table:read', 'table:write'],
  },
  get: {
    route: 'GET /marketing/v3/forms/{formId}',
    summary: 'Read a form',
    scope: 'forms',
    path,
    query: z.object({ archived: flag }),
    status: 200,
    output: FormDefinition,
    uses: ['table:read'],
  },
  update: {
    route: 'PATCH /marketing/v3/forms/{formId}',
    summary: 'Change parts of a form',
    scope: 'forms',
    path,
    body: FormPatch,
    status: 200,
    output: FormDefinition,
    uses: ['table:read', 'table:write'],
  },
  replace: {
    route: 'PUT /marketing/v3/forms/{formId}',
    summary: 'Replace a form',
    scope: 'forms',
    path,
    body: FormInput,
    status: 200,
    output: FormDefinition,
    uses: ['table:read', 'table:write'],
  },
  archive: {
    route: 'DELETE /marketing/v3/forms/{formId}',
    summary: 'Archive a form; it takes no submissions any more',
    scope: 'forms',
    path,
    status: 204,
    uses: ['table:read', 'table:write'],
  },
  listSubmissions: {
    route: 'GET /form-integrations/v1/submissions/forms/{formGuid}',
    summary: 'Read the submissions of a form, newest first',
    scope: 'forms',
    path: z.object({ formGuid: z.string() }),
    query: z.object({
      after: z.optional(cursor),
      limit: limitOf(20, 50),
    }),
    status: 200,
    output: z.object({ results: z.array(ReadSubmission), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  submit: {
    route: 'POST /submissions/v3/integration/submit/{portalId}/{formGuid}',
    summary: 'Take a submission from a visitor',
    scope: 'public',
    ...submission,
    rawBody: true,
    maxBodyBytes: anyBody,
    uses: ['table:read', 'table:write', 'secret:link-keys:read'],
  },
  submitSecurely: {
    route: 'POST /submissions/v3/integration/secure/submit/{portalId}/{formGuid}',
    repeatable: true,
    summary: 'Take a submission from a server that hands on what visitors sent',
    scope: 'forms',
    ...submission,
    rawBody: true,
    maxBodyBytes: anyBody,
    uses: ['table:read', 'table:write'],
  },
});

export const formsWorkers = workers('forms', {
  notify: {
    summary: 'A submission → a mail to those who want to know of it, and one that asks for a second yes, each once',
    uses: ['table:read', 'table:write', 'mail:send', 'secret:link-keys:read', 'public-url'],
    timeoutSeconds: 60,
  },
});
