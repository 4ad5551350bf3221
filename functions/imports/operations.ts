import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { flag, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicImportError } from '../../lib/imports/errors.ts';
import { importLimits } from '../../lib/imports/read/unreadable.ts';
import { largestUpload } from '../../lib/imports/request.ts';
import { PublicImport } from '../../lib/imports/schema.ts';
import { Suggestion } from '../../lib/imports/suggest.ts';

const scope = 'crm.import';
const path = z.object({ importId: z.string() });
const headers = z.pipe(
  z.string().check(z.maxLength(20_000, 'must be at most 20000 characters long')),
  z.transform((text): string[] => {
    if (!text.startsWith('[')) return text.split(',').map((name) => name.trim());
    try {
      return z.array(z.string()).parse(JSON.parse(text));
    } catch {
      return [text];
    }
  }),
);

export const imports = operations('imports', {
  createFile: {
    route: 'POST /crm/v1/files',
    summary: 'A place for a file, and the address to which its bytes are PUT',
    scope,
    body: z.strictObject({
      name: z.string().check(z.minLength(1), z.maxLength(500)),
      contentType: z._default(z.string().check(z.maxLength(200)), 'application/octet-stream'),
      size: z.int().check(z.minimum(1), z.maximum(importLimits.csvBytes)),
    }),
    status: 201,
    output: z.object({ fileId: z.string(), uploadUrl: z.string(), expiresAt: z.string() }),
    uses: ['table:read', 'table:write', 'files:write'],
  },
  create: {
    route: 'POST /crm/v3/imports',
    summary: 'Begin an import of CSV files or spreadsheets',
    scope,
    rawBody: true,
    binaryBody: true,
    maxBodyBytes: largestUpload,
    status: 200,
    output: PublicImport,
    uses: ['table:read', 'table:write', 'files:write', 'queue:jobs'],
    timeoutSeconds: 28,
    memoryMb: 1024,
  },
  list: {
    route: 'GET /crm/v3/imports',
    summary: 'Imports, newest first',
    scope,
    query: z.object({
      after: z.optional(z.string()),
      before: z.optional(z.string()),
      limit: limitOf(10, 100),
    }),
    status: 200,
    output: z.object({ results: z.array(PublicImport), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  get: {
    route: 'GET /crm/v3/imports/{importId}',
    summary: 'How far an import is, and what it did',
    scope,
    path,
    status: 200,
    output: PublicImport,
    uses: ['table:read'],
  },
  cancel: {
    route: 'POST /crm/v3/imports/{importId}/cancel',
    summary: 'End an import; what it has written stays, and can be undone',
    scope,
    path,
    status: 200,
    output: z.object({
      status: z.enum(['PENDING', 'PROCESSING', 'CANCELED', 'COMPLETE']),
      startedAt: z.string(),
      completedAt: z.string(),
      requestedAt: z.string(),
    }),
    uses: ['table:read', 'table:write'],
  },
  listErrors: {
    route: 'GET /crm/v3/imports/{importId}/errors',
    summary: 'What went wrong, row by row',
    scope,
    path,
    query: z.object({
      after: z.optional(z.string()),
      limit: limitOf(10, 1000),
      includeErrorMessage: flag,
      includeRowData: flag,
    }),
    status: 200,
    output: z.object({ results: z.array(PublicImportError), paging: z.optional(Paging) }),
    uses: ['table:read', 'files:read'],
  },
  result: {
    route: 'GET /crm/v1/imports/{importId}/result',
    summary: 'Where the file with the result of every row is read',
    scope,
    path,
    status: 200,
    output: z.object({ url: z.string(), expiresAt: z.string() }),
    uses: ['table:read', 'files:read'],
  },
  suggestMapping: {
    route: 'GET /crm/v1/import-mappings',
    summary: 'How columns may be mapped: as the last time, or by their names',
    scope,
    query: z.object({ objectType: z.string(), headers }),
    status: 200,
    output: z.object({ results: z.array(Suggestion) }),
    uses: ['table:read'],
  },
});
