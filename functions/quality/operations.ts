import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { FixesInput } from '../../lib/quality/fix.ts';
import { PublicFinding, Summary } from '../../lib/quality/public.ts';
import { FindingType, SuggestionWithCompany } from '../../lib/quality/schema.ts';

const read = 'data-quality.read';
const write = 'data-quality.write';

const name = z._default(z.string().check(z.maxLength(200)), '');
const word = z.string().check(z.minLength(1), z.maxLength(100));
const PublicWord = z.object({ word: z.string(), kind: z.enum(['company', 'service']), createdAt: z.string() });

export const quality = operations('quality', {
  listFindings: {
    route: 'GET /data-quality/v1/findings',
    summary: 'What is wrong with the names of contacts, with a suggestion each: the work list of an owner, or of all',
    scope: read,
    query: z.object({
      type: z.optional(FindingType),
      ownerId: z.optional(z.string()),
      after: z.optional(cursor),
      limit: limitOf(50, 100),
    }),
    status: 200,
    output: z.object({ results: z.array(PublicFinding), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  summary: {
    route: 'GET /data-quality/v1/summary',
    summary: 'How many findings there are, by type and owner',
    scope: read,
    status: 200,
    output: Summary,
    uses: ['table:read'],
  },
  suggest: {
    route: 'POST /data-quality/v1/suggest',
    summary: 'What is wrong with a name, and how it could be; nothing is stored',
    scope: read,
    body: z.strictObject({
      lastname: name,
      firstname: name,
      company: z.optional(z.string().check(z.maxLength(200))),
      email: z.optional(z.string().check(z.maxLength(320))),
    }),
    status: 200,
    output: SuggestionWithCompany,
    uses: ['table:read'],
  },
  fix: {
    route: 'POST /data-quality/v1/fixes',
    summary: 'Correct names as suggested, as one change set that can be undone',
    scope: write,
    body: FixesInput,
    status: 202,
    output: z.object({ jobId: z.string(), changeSetId: z.string() }),
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  dismiss: {
    route: 'POST /data-quality/v1/findings/{findingId}/dismiss',
    summary: 'Say that a name is right as it is',
    scope: write,
    path: z.object({ findingId: z.string() }),
    repeatable: true,
    status: 204,
    uses: ['table:read', 'table:write'],
  },
  listWords: {
    route: 'GET /data-quality/v1/words',
    summary: 'Names of companies and services that were learned, to be found in names of people',
    scope: read,
    query: z.object({ after: z.optional(cursor), limit: limitOf(100, 500) }),
    status: 200,
    output: z.object({ results: z.array(PublicWord), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  learnWord: {
    route: 'POST /data-quality/v1/words',
    summary: 'Learn the name of a company or a service; every contact is looked at anew',
    scope: write,
    body: z.strictObject({ word, kind: z.enum(['company', 'service']) }),
    status: 201,
    output: PublicWord,
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  forgetWord: {
    route: 'DELETE /data-quality/v1/words',
    summary: 'Forget a learned word; every contact is looked at anew',
    scope: write,
    query: z.object({ word }),
    status: 204,
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
});
