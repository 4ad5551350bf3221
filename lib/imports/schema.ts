import * as z from 'zod/mini';
import { Actor } from '../../events/define.ts';
import { AssociationCategory } from '../associations/schema.ts';

const DateFormat = z.enum(['MONTH_DAY_YEAR', 'DAY_MONTH_YEAR', 'YEAR_MONTH_DAY']);
export type DateFormat = z.output<typeof DateFormat>;

const ColumnType = z.enum([
  'STANDARD',
  'HUBSPOT_OBJECT_ID',
  'HUBSPOT_ALTERNATE_ID',
  'FLEXIBLE_ASSOCIATION_LABEL',
  'ASSOCIATION_KEYS',
  'EVENT_TIMESTAMP',
]);

export const ColumnMapping = z.looseObject({
  columnObjectTypeId: z.optional(z.nullable(z.string())),
  columnName: z.string(),
  propertyName: z.optional(z.nullable(z.string())),
  columnType: z.optional(z.nullable(ColumnType)),
  /** HubSpot's older name of `columnType`. */
  idColumnType: z.optional(z.nullable(ColumnType)),
  toColumnObjectTypeId: z.optional(z.nullable(z.string())),
  foreignKeyType: z.optional(
    z.nullable(z.looseObject({ associationCategory: AssociationCategory, associationTypeId: z.number() })),
  ),
  /** Rows of other files name the record of this row by the value in this column. */
  associationIdentifierColumn: z.optional(z.nullable(z.boolean())),
});
export type ColumnMapping = z.output<typeof ColumnMapping>;

const ImportFile = z.looseObject({
  fileName: z.string().check(z.minLength(1)),
  fileFormat: z._default(z.enum(['CSV', 'SPREADSHEET']), 'CSV'),
  /** Ours: a file that was uploaded before (`POST /crm/v1/files`). */
  fileId: z.optional(z.string()),
  /** Ours; default: found out. */
  encoding: z.optional(z.enum(['UTF-8', 'SHIFT_JIS'])),
  dateFormat: z.optional(z.nullable(DateFormat)),
  fileImportPage: z.looseObject({
    hasHeader: z._default(z.literal(true, 'must be true: columns are mapped by their names'), true),
    columnMappings: z
      .array(ColumnMapping)
      .check(z.minLength(1, 'must map at least one column'), z.maxLength(1000, 'must map at most 1000 columns')),
  }),
});
export type ImportFile = z.output<typeof ImportFile>;

/** HubSpot's request, with what is ours: `dryRun`, `runWorkflows`, and in a file `fileId` and `encoding`. */
export const ImportRequest = z.looseObject({
  name: z._default(z.string().check(z.maxLength(500, 'must be at most 500 characters long')), ''),
  importOperations: z._default(z.record(z.string(), z.enum(['CREATE', 'UPDATE', 'UPSERT'])), {}),
  dateFormat: z._default(z.nullable(DateFormat), 'MONTH_DAY_YEAR'),
  files: z
    .array(ImportFile)
    .check(z.minLength(1, 'must name at least one file'), z.maxLength(10, 'must name at most 10 files')),
  /** Says for each row what would happen, and writes nothing. */
  dryRun: z._default(z.boolean(), false),
  /** `SIMULATE`: no flow runs, but the result counts the runs that each would have started. */
  runWorkflows: z._default(z.enum(['RUN', 'SIMULATE', 'NONE']), 'RUN'),
});
export type ImportRequest = z.output<typeof ImportRequest>;

/** An import as it is stored; how far it is says its job. */
export const StoredImport = z.object({
  id: z.string(),
  jobId: z.string(),
  changeSetId: z.optional(z.string()),
  request: ImportRequest,
  /** Where the bytes of each file lie, in the order of the request's files. */
  files: z.array(z.object({ id: z.string(), key: z.string() })),
  mappedObjectTypeIds: z.array(z.string()),
  author: Actor,
  createdAt: z.string(),
});
export type StoredImport = z.output<typeof StoredImport>;

export const PublicImport = z.object({
  id: z.string(),
  state: z.enum(['STARTED', 'PROCESSING', 'DONE', 'FAILED', 'CANCELED', 'DEFERRED', 'REVERTED']),
  importName: z.string(),
  importSource: z.literal('API'),
  importRequestJson: z.unknown(),
  createdAt: z.string(),
  updatedAt: z.string(),
  optOutImport: z.boolean(),
  mappedObjectTypeIds: z.array(z.string()),
  metadata: z.object({
    counters: z.record(z.string(), z.number()),
    fileIds: z.array(z.string()),
    objectLists: z.array(z.object({ listId: z.string(), objectType: z.string() })),
  }),
  jobId: z.string(),
  changeSetId: z.optional(z.string()),
  /** Why an import failed. */
  message: z.optional(z.string()),
  /** With `runWorkflows: SIMULATE`: how many runs each enabled flow would have started. */
  simulatedRuns: z.optional(z.record(z.string(), z.number())),
});
export type PublicImport = z.output<typeof PublicImport>;

/** One thing that was wrong with a row. */
export const RowProblem = z.object({
  errorType: z.string(),
  message: z.string(),
  objectTypeId: z.optional(z.string()),
  property: z.optional(z.string()),
  column: z.optional(z.number()),
  value: z.optional(z.string()),
});
export type RowProblem = z.output<typeof RowProblem>;

/** A row that went wrong, as its chunk's file of errors holds it. */
export const RowErrors = z.object({
  file: z.number(),
  line: z.number(),
  cells: z.array(z.string()),
  problems: z.array(RowProblem),
});
export type RowErrors = z.output<typeof RowErrors>;

/** Rows that were read and wait to be written. */
export const Chunk = z.object({
  file: z.number(),
  /** Whether the rows are the first of their file: its header stands before them in the result. */
  first: z._default(z.boolean(), false),
  header: z.array(z.string()),
  rows: z.array(z.object({ line: z.number(), cells: z.array(z.string()) })),
});
export type Chunk = z.output<typeof Chunk>;
