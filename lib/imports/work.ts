import * as z from 'zod/mini';
import { putFile } from '../aws/files.ts';
import { completeChangeSetWrites, openChangeSet } from '../changesets/store.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { Assembly, assemble } from '../files/assemble.ts';
import { byteOrderMark } from '../files/csv-text.ts';
import { defineJob } from '../jobs/kind.ts';
import { listOwners } from '../owners/store.ts';
import { importErrorsKey } from '../table/import-keys.ts';
import type { Reading as CellReading } from './cell-value.ts';
import { importKind } from './job-kinds.ts';
import { type FilePlan, planFiles } from './mapping.ts';
import { csv, json, places } from './places.ts';
import { firstFile, Reading, readSlice } from './read-slice.ts';
import type { RowErrors, StoredImport } from './schema.ts';
import { readImport } from './store.ts';
import { writeChunk } from './write-slice.ts';

const Writing = z.object({ phase: z.literal('WRITE'), chunk: z.number(), chunks: z.number() });
const Telling = z.object({ phase: z.literal('TELL'), chunks: z.number(), at: z.optional(Assembly) });
const Cursor = z.discriminatedUnion('phase', [Reading, Writing, Telling]);
type Cursor = z.output<typeof Cursor>;

/**
 * An import: the files are read to their ends into chunks of 500 rows (so that a file which cannot be read changes nothing), each slice
 * then writes one chunk, and at last the results of all rows become one file.
 */
export const importJob = defineJob({
  kind: importKind,
  input: z.object({ importId: z.string() }),
  cursor: Cursor,
  slice: async (app, { input: { importId }, cursor }) => {
    const stored = await readImport(app, importId);
    const writer = writerOf(app, stored);
    const plans = await planFiles(app, stored.request);
    const at: Cursor = cursor ?? firstFile;
    switch (at.phase) {
      case 'READ':
        return read(writer, stored, plans, at);
      case 'WRITE':
        return write(writer, stored, plans, at);
      case 'TELL':
        return tell(app, stored, at);
    }
  },
});

/** Who the log says did it; the token that asked stands in the import. */
function writerOf(app: App, { id, changeSetId, request }: StoredImport): App {
  return {
    ...app,
    actor: { kind: 'import', id },
    ...(changeSetId !== undefined && { changeSetId }),
    ...(request.runWorkflows !== 'RUN' && { suppressFlows: true }),
  };
}

async function read(app: App, stored: StoredImport, plans: readonly FilePlan[], at: Reading) {
  const next = await readSlice(app, stored, plans, at).catch((error: unknown) =>
    noteFailure(app, stored.id, at.file, error),
  );
  if (next.file < stored.files.length) return { done: false, processed: 0, cursor: next };
  return {
    done: false,
    processed: 0,
    total: next.rows,
    cursor: { phase: 'WRITE' as const, chunk: 0, chunks: next.chunks },
  };
}

/** What is wrong with a file stands among the import's errors, before the job ends by it. */
async function noteFailure(app: App, id: string, file: number, error: unknown): Promise<never> {
  if (!(error instanceof CrmError)) throw error;
  const { errorType = [], line = [] } = error.options.context ?? {};
  const problem = { errorType: errorType[0] ?? 'UNKNOWN_ERROR', message: error.message };
  const errors: RowErrors[] = [{ file, line: Number(line[0] ?? 1), cells: [], problems: [problem] }];
  await putFile(places.errors(id, 0), JSON.stringify(errors), json);
  await app.table.commit([{ put: { ...importErrorsKey(id, 0), entity: 'import-errors', chunk: 0, count: 1 } }]);
  throw error;
}

async function write(
  app: App,
  stored: StoredImport,
  plans: readonly FilePlan[],
  { chunk, chunks }: z.output<typeof Writing>,
) {
  if (stored.changeSetId !== undefined) await openChangeSet(app, stored.changeSetId);
  const { rows, counts, also } = await writeChunk(
    { app, stored, readings: await cellReadings(app, stored, plans) },
    plans,
    chunk,
  );
  const isLast = chunk + 1 === chunks;
  const cursor = isLast ? { phase: 'TELL' as const, chunks } : { phase: 'WRITE' as const, chunk: chunk + 1, chunks };
  return { done: false, processed: rows, counts, also, cursor };
}

/** How the cells of each file are read. */
async function cellReadings(app: App, { request }: StoredImport, plans: readonly FilePlan[]): Promise<CellReading[]> {
  const wanted = plans.some(({ types }) =>
    types.some(({ properties }) => properties.some(({ definition }) => definition.referencedObjectType === 'OWNER')),
  );
  const known = wanted ? await listOwners(app) : [];
  const owners = new Map(known.map(({ id, email }) => [(email ?? '').toLowerCase(), id]));
  return request.files.map(({ dateFormat }) => ({
    dateFormat: dateFormat ?? request.dateFormat ?? 'MONTH_DAY_YEAR',
    owners,
  }));
}

async function tell(app: App, stored: StoredImport, { chunks, at }: z.output<typeof Telling>) {
  if (!at) await putFile(places.piece(stored.id, 0), byteOrderMark, csv);
  const order = {
    key: places.result(stored.id),
    contentType: csv,
    pieceKey: (piece: number) => places.piece(stored.id, piece),
    pieces: chunks + 1,
  };
  const next = await assemble(order, at);
  if (next) return { done: false, processed: 0, cursor: { phase: 'TELL' as const, chunks, at: next } };
  const also = stored.changeSetId === undefined ? [] : await completeChangeSetWrites(app, stored.changeSetId);
  return { done: true, processed: 0, also };
}
