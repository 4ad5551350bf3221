import * as z from 'zod/mini';
import { putFile } from '../aws/files.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { Assembly, assemble } from '../files/assemble.ts';
import { byteOrderMark, csvLine } from '../files/csv-text.ts';
import { toShiftJis } from '../files/shift-jis.ts';
import { defineJob } from '../jobs/kind.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { ListedAfter } from '../objects/record-pages.ts';
import { columnsOf } from './columns.ts';
import { exportKind } from './job-kinds.ts';
import { contentTypeOf, isWorkbook, piecePlace, resultPlace } from './places.ts';
import { exportPage } from './records.ts';
import type { ExportRequest, StoredExport } from './schema.ts';
import { readExport } from './store.ts';
import { type Cell, noSheet, SheetState, sheetPiece, sheetRows, workbookAround } from './xlsx.ts';

const recordsPerSlice = 1000;

const Collecting = z.object({
  phase: z.literal('COLLECT'),
  /** The next piece; 0 is what stands before a workbook's sheet. */
  piece: z.number(),
  sheet: SheetState,
  after: z.optional(ListedAfter),
});
const Joining = z.object({ phase: z.literal('JOIN'), pieces: z.number(), at: z.optional(Assembly) });
const Cursor = z.discriminatedUnion('phase', [Collecting, Joining]);

/**
 * An export: each slice makes a piece of a thousand records, and at last the pieces become one file. A slice that runs twice makes the
 * same piece again, of the records as they are then.
 */
export const exportJob = defineJob({
  kind: exportKind,
  input: z.object({ exportId: z.string() }),
  cursor: Cursor,
  slice: async (app, { input: { exportId }, cursor }) => {
    const stored = await readExport(app, exportId);
    if (cursor?.phase === 'JOIN') return join(stored, cursor);
    return collect(app, stored, cursor ?? { phase: 'COLLECT', piece: 1, sheet: noSheet });
  },
});

async function collect(app: App, { id, request }: StoredExport, { piece, sheet, after }: z.output<typeof Collecting>) {
  const type = await loadObjectType(app, request.objectType);
  const columns = await columnsOf(app, request);
  const page = await exportPage(app, type, request, { after, limit: recordsPerSlice });
  const header: Cell[][] = piece === 1 ? [columns.header.map((text) => ({ text }))] : [];
  const rows = [...header, ...(await columns.rowsOf(page.records))];
  const done = { processed: page.seen, counts: { exported: page.records.length } };
  const contentType = contentTypeOf(request);
  if (!isWorkbook(request)) {
    await putFile(piecePlace(id, piece), csvOf(request, rows, piece === 1), contentType);
    return { ...done, done: false, cursor: next(piece, sheet, page.after, 1) };
  }
  if (sheet.row + rows.length > sheetRows)
    throw new CrmError('VALIDATION_ERROR', `A sheet has at most ${sheetRows - 1} records; export this as CSV`);
  const made = sheetPiece(sheet, rows, { last: !page.after });
  await putFile(piecePlace(id, piece), made.body, contentType);
  if (!page.after) {
    const { before, after: end } = workbookAround(made.state);
    await putFile(piecePlace(id, 0), before, contentType);
    await putFile(piecePlace(id, piece + 1), end, contentType);
  }
  return { ...done, done: false, cursor: next(piece, made.state, page.after, 2) };
}

const next = (piece: number, sheet: SheetState, after: ListedAfter | undefined, last: number) =>
  after
    ? { phase: 'COLLECT' as const, piece: piece + 1, sheet, after }
    : { phase: 'JOIN' as const, pieces: piece + last };

function csvOf({ encoding }: ExportRequest, rows: readonly (readonly Cell[])[], first: boolean): Buffer {
  const text = rows.map((cells) => csvLine(cells.map((cell) => cell.text))).join('');
  if (encoding === 'SHIFT_JIS') return toShiftJis(text);
  return Buffer.from(first && encoding === 'UTF-8-BOM' ? byteOrderMark + text : text, 'utf8');
}

async function join({ id, request }: StoredExport, { pieces, at }: z.output<typeof Joining>) {
  const first = isWorkbook(request) ? 0 : 1;
  const order = {
    key: resultPlace(id, request),
    contentType: contentTypeOf(request),
    pieceKey: (piece: number) => piecePlace(id, piece + first),
    pieces: pieces - first,
  };
  const left = await assemble(order, at);
  if (left) return { done: false, processed: 0, cursor: { phase: 'JOIN' as const, pieces, at: left } };
  return { done: true, processed: 0 };
}
