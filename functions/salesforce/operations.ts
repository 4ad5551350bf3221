import * as z from 'zod/mini';
import { operations, workers } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { SyncError } from '../../lib/salesforce/errors.ts';
import { Health } from '../../lib/salesforce/health.ts';
import { ErrorCategory, FieldMapping, Settings, SettingsInput } from '../../lib/salesforce/schema.ts';

const read = 'settings.integrations.read';
const write = 'settings.integrations.write';
const mostMappings = 200;
const mostIds = 10_000;

export const salesforce = operations('salesforce', {
  getSettings: {
    route: 'GET /integrations/v1/salesforce/settings',
    summary: 'How Salesforce is connected; nothing that is secret',
    scope: read,
    status: 200,
    output: Settings,
    uses: ['table:read'],
  },
  putSettings: {
    route: 'PUT /integrations/v1/salesforce/settings',
    summary: 'Connect a Salesforce org or change the settings; signs in and checks the fields that an org needs',
    scope: write,
    body: SettingsInput,
    status: 200,
    output: Settings,
    uses: [
      'table:read',
      'table:write',
      'secret:salesforce:read',
      'secret:salesforce:write',
      'queue:jobs',
      'http:outgoing',
    ],
  },
  getFieldMappings: {
    route: 'GET /integrations/v1/salesforce/field-mappings',
    summary: 'Which property goes with which Salesforce field, and by which rule',
    scope: read,
    status: 200,
    output: z.array(FieldMapping),
    uses: ['table:read'],
  },
  putFieldMappings: {
    route: 'PUT /integrations/v1/salesforce/field-mappings',
    summary: 'Replace the mappings; types are checked on both sides',
    scope: write,
    body: z.array(FieldMapping).check(z.maxLength(mostMappings)),
    status: 200,
    output: z.array(FieldMapping),
    uses: ['table:read', 'table:write', 'secret:salesforce:read', 'http:outgoing'],
  },
  sync: {
    route: 'POST /integrations/v1/salesforce/sync',
    summary: 'Start a run of the sync now',
    scope: write,
    status: 202,
    output: z.object({ status: z.literal('QUEUED') }),
    uses: ['table:read', 'queue:salesforce'],
  },
  resync: {
    route: 'POST /integrations/v1/salesforce/resync',
    summary: 'Look at records again whether they changed or not: these ids, or the members of a list',
    scope: write,
    body: z.strictObject({
      objectType: z.string(),
      ids: z.optional(z.array(z.string().check(z.regex(/^\d+$/))).check(z.minLength(1), z.maxLength(mostIds))),
      listId: z.optional(z.string()),
    }),
    status: 202,
    output: z.object({ jobId: z.string() }),
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  health: {
    route: 'GET /integrations/v1/salesforce/health',
    summary: 'Whether the sync runs, its last 50 runs, where it stands and the calls it made',
    scope: read,
    status: 200,
    output: Health,
    uses: ['table:read'],
  },
  listErrors: {
    route: 'GET /integrations/v1/salesforce/errors',
    summary: 'Records that one side refused, each once, with the reason',
    scope: read,
    query: z.object({
      category: z.optional(ErrorCategory),
      after: z.optional(cursor),
      limit: limitOf(50, 100),
    }),
    status: 200,
    output: z.object({ results: z.array(SyncError), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  retryError: {
    route: 'POST /integrations/v1/salesforce/errors/{errorId}/retry',
    summary: 'Try a refused record again now',
    scope: write,
    path: z.object({ errorId: z.string() }),
    status: 202,
    output: SyncError,
    uses: ['table:read', 'table:write', 'queue:salesforce'],
  },
});

export const salesforceWorkers = workers('salesforce', {
  mark: {
    summary: 'Changes of contacts → marks for the next run; a form → a run at once',
    uses: ['table:read', 'table:write', 'queue:salesforce'],
  },
  reconcile: {
    summary: 'Runs the sync: reads what changed in Salesforce, then sends what is marked',
    uses: ['table:read', 'table:write', 'queue:salesforce', 'secret:salesforce:read', 'http:outgoing'],
    timeoutSeconds: 120,
    memoryMb: 1024,
  },
});
