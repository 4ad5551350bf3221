import * as z from 'zod/mini';
import { Actor } from '../../events/define.ts';
import { FilterGroups, SearchFilter } from '../objects/filter.ts';
import { BatchError } from '../objects/schema.ts';

const languages = [
  'EN',
  'DE',
  'ES',
  'FR',
  'JA',
  'NL',
  'PT_BR',
  'IT',
  'PL',
  'SV',
  'FI',
  'ZH_TW',
  'DA_DK',
  'NO',
] as const;

const common = {
  format: z.enum(['XLS', 'XLSX', 'CSV']),
  exportName: z.string().check(z.minLength(1), z.maxLength(500)),
  objectProperties: z.array(z.string()).check(z.minLength(1, 'must name at least one property'), z.maxLength(1000)),
  objectType: z.string(),
  associatedObjectType: z.optional(z.nullable(z.string())),
  language: z._default(z.enum(languages), 'JA'),
  exportInternalValuesOptions: z._default(z.array(z.enum(['NAMES', 'VALUES'])), []),
  overrideAssociatedObjectsPerDefinitionPerRowLimit: z._default(z.boolean(), false),
  /** Ours, of a CSV file: for programs, for Excel, for old Japanese systems. */
  encoding: z._default(z.enum(['UTF-8', 'UTF-8-BOM', 'SHIFT_JIS']), 'UTF-8'),
};

const SearchRequest = z.looseObject({
  query: z._default(z.nullable(z.string().check(z.maxLength(3000, 'must be at most 3000 characters long'))), null),
  filters: z._default(z.array(SearchFilter).check(z.maxLength(18)), []),
  filterGroups: z._default(FilterGroups, []),
  sorts: z._default(
    z.array(z.unknown()).check(z.maxLength(0, 'An export is in the order of creation: sorts must be empty')),
    [],
  ),
});

export const ExportRequest = z.discriminatedUnion(
  'exportType',
  [
    z.strictObject({
      exportType: z.literal('VIEW'),
      ...common,
      publicCrmSearchRequest: z.optional(z.nullable(SearchRequest)),
    }),
    z.strictObject({
      exportType: z.literal('LIST'),
      ...common,
      listId: z.string().check(z.regex(/^\d{1,20}$/, 'must be the id of a list')),
    }),
  ],
  'must be VIEW or LIST',
);
export type ExportRequest = z.output<typeof ExportRequest>;

export const StoredExport = z.object({
  id: z.string(),
  jobId: z.string(),
  request: ExportRequest,
  objectTypeId: z.string(),
  author: Actor,
  createdAt: z.string(),
});
export type StoredExport = z.output<typeof StoredExport>;

export const PublicExport = z.object({
  id: z.string(),
  exportName: z.string(),
  exportType: z.enum(['VIEW', 'LIST']),
  exportState: z.enum([
    'CANCELED',
    'CONFLICT',
    'DEFERRED',
    'DELETED',
    'DONE',
    'ENQUEUED',
    'FAILED',
    'PENDING_APPROVAL',
    'PROCESSING',
  ]),
  objectType: z.string(),
  objectProperties: z.array(z.string()),
  recordCount: z.optional(z.number()),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export const ExportStatus = z.object({
  status: z.enum(['PENDING', 'PROCESSING', 'CANCELED', 'COMPLETE']),
  result: z.optional(z.string()),
  numErrors: z.optional(z.number()),
  errors: z.optional(z.array(BatchError)),
  requestedAt: z.string(),
  startedAt: z.string(),
  completedAt: z.string(),
});
