import * as z from 'zod/mini';
import { readFile } from '../aws/files.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { timeOfId } from '../core/ids.ts';
import { places } from './places.ts';
import { RowErrors, type StoredImport } from './schema.ts';
import { errorChunks } from './store.ts';

export const PublicImportError = z.object({
  id: z.string(),
  createdAt: z.number(),
  errorType: z.string(),
  errorMessage: z.optional(z.string()),
  objectTypeId: z.optional(z.string()),
  invalidValue: z.optional(z.string()),
  invalidValueToDisplay: z.optional(z.string()),
  extraContext: z.optional(z.string()),
  knownColumnNumber: z.optional(z.number()),
  sourceData: z.object({
    lineNumber: z.number(),
    fileId: z.number(),
    pageName: z.optional(z.string()),
    rowData: z.array(z.string()),
    containsEncryptedProperties: z.boolean(),
  }),
});
type PublicImportError = z.output<typeof PublicImportError>;

const ErrorsFile = z.array(RowErrors);

/** Chunks that one page looks into at most: then it may be shorter than asked for. */
const chunksPerPage = 20;

type Asked = {
  readonly after?: string | undefined;
  readonly limit: number;
  readonly includeErrorMessage: boolean;
  readonly includeRowData: boolean;
};

/** What went wrong, in the order of the rows. The cursor is the chunk and how many of its errors were told. */
export async function listErrors(
  app: App,
  stored: StoredImport,
  asked: Asked,
): Promise<{ results: PublicImportError[]; after?: string }> {
  const [from, skipped] = positionOf(asked.after);
  const chunks = await errorChunks(app, stored.id, from, chunksPerPage);
  const results: PublicImportError[] = [];
  for (const { chunk } of chunks) {
    const all = await errorsOf(stored, chunk, asked);
    for (const [position, error] of all.entries()) {
      if (chunk === from && position < skipped) continue;
      if (results.length === asked.limit) return { results, after: `${chunk}-${position}` };
      results.push(error);
    }
  }
  const last = chunks.at(-1);
  return chunks.length === chunksPerPage && last ? { results, after: `${last.chunk + 1}-0` } : { results };
}

function positionOf(after: string | undefined): [number, number] {
  if (after === undefined) return [0, 0];
  const [, chunk, position] = /^(\d{1,7})-(\d{1,7})$/.exec(after) ?? [];
  if (chunk === undefined)
    throw new CrmError('VALIDATION_ERROR', 'The cursor is none of this list', { context: { after: [after] } });
  return [Number(chunk), Number(position)];
}

async function errorsOf(stored: StoredImport, chunk: number, asked: Asked): Promise<PublicImportError[]> {
  const content = await readFile(places.errors(stored.id, chunk));
  // After 30 days the bucket has let it go.
  const rows = content ? ErrorsFile.parse(JSON.parse(content.toString('utf8'))) : [];
  return rows.flatMap((row) => row.problems.map((problem, position) => shown(stored, row, problem, position, asked)));
}

function shown(
  { id, files }: StoredImport,
  { file, line, cells }: RowErrors,
  { errorType, message, objectTypeId, property, value, column }: RowErrors['problems'][number],
  position: number,
  { includeErrorMessage, includeRowData }: Asked,
): PublicImportError {
  return {
    id: `${id}-${file}-${line}-${position}`,
    createdAt: timeOfId(id),
    errorType,
    ...(includeErrorMessage && { errorMessage: message }),
    ...(objectTypeId !== undefined && { objectTypeId }),
    ...(value !== undefined && { invalidValue: value, invalidValueToDisplay: value }),
    ...(property !== undefined && { extraContext: property }),
    ...(column !== undefined && { knownColumnNumber: column + 1 }),
    sourceData: {
      lineNumber: line,
      fileId: Number(files[file]?.id ?? 0),
      rowData: includeRowData ? cells : [],
      containsEncryptedProperties: false,
    },
  };
}
