import * as z from 'zod/mini';
import { fileSize, openFile, putFile, readFile } from '../aws/files.ts';
import type { App } from '../core/app.ts';
import { readHeader, rememberMapping } from './header.ts';
import type { FilePlan } from './mapping.ts';
import { json, places } from './places.ts';
import { csvRows, delimiterOf } from './read/csv.ts';
import { type Encoding, markBytes, WrongEncoding } from './read/encoding.ts';
import { importLimits, type SourceRow, unreadable } from './read/unreadable.ts';
import { isArchive } from './read/unzip.ts';
import { xlsxRows } from './read/xlsx.ts';
import type { Chunk, ImportFile, StoredImport } from './schema.ts';

/** Where the reading of the files stands. */
export const Reading = z.object({
  phase: z.literal('READ'),
  file: z.number(),
  encoding: z.enum(['UTF-8', 'SHIFT_JIS']),
  /** Bytes and lines of this file that are in chunks; 0 = its header is still to be read. */
  offset: z.number(),
  line: z.number(),
  chunks: z.number(),
  rows: z.number(),
  /** Chunks and rows of the files before. */
  before: z.object({ chunks: z.number(), rows: z.number() }),
});
export type Reading = z.output<typeof Reading>;

const none = { chunks: 0, rows: 0 };
export const firstFile: Reading = {
  phase: 'READ',
  file: 0,
  encoding: 'UTF-8',
  offset: 0,
  line: 0,
  ...none,
  before: none,
};

const rowsPerChunk = 500;
const bytesPerChunk = 2 * 1024 * 1024;
/** Reading goes on in the next slice after this time. */
const sliceMs = 8000;

type At = { readonly app: App; readonly stored: StoredImport; readonly plan: FilePlan; readonly at: Reading };

/** Reads a part of a file into chunks. Returns where to go on: in this file, in the next one, or nowhere. @throws CrmError 400 in words */
export async function readSlice(
  app: App,
  stored: StoredImport,
  plans: readonly FilePlan[],
  at: Reading,
): Promise<Reading> {
  const file = stored.request.files[at.file] as ImportFile;
  const head = await headOf(stored.files[at.file]?.key ?? '', file);
  const given = { app, stored, at, plan: plans[at.file] as FilePlan };
  if (isArchive(head)) return readSheet(given, file);
  if (file.fileFormat === 'SPREADSHEET') throw noSpreadsheet(file, head);
  const mark = markBytes(head);
  if (mark === undefined) {
    throw unreadable(`${file.fileName} is UTF-16, which is not read: save it as CSV UTF-8`, 'INVALID_FILE_TYPE');
  }
  const encoding: Encoding = mark > 0 ? 'UTF-8' : (file.encoding ?? at.encoding);
  const start = { encoding, delimiter: delimiterOf(head.subarray(mark)), mark };
  try {
    return await readCsv(given, file, start);
  } catch (error) {
    if (!(error instanceof WrongEncoding)) throw error;
    // Nobody said which one it is: it may be the other.
    if (mark === 0 && file.encoding === undefined && encoding === 'UTF-8')
      return { ...at, encoding: 'SHIFT_JIS', offset: 0, line: 0, ...at.before };
    const either = mark > 0 || file.encoding !== undefined ? `is not ${encoding}` : 'is neither UTF-8 nor Shift_JIS';
    throw unreadable(`${file.fileName}: line ${error.line} ${either}`, 'COULD_NOT_PARSE_ROW', error.line);
  }
}

async function headOf(key: string, { fileName }: ImportFile): Promise<Uint8Array> {
  const size = await fileSize(key);
  if (size === undefined) throw unreadable(`${fileName} was not uploaded`, 'FILE_NOT_FOUND');
  if (size === 0) throw unreadable(`${fileName} is empty`, 'INVALID_FILE_TYPE');
  if (size > importLimits.csvBytes) throw tooLarge(fileName, importLimits.csvBytes);
  for await (const piece of (await openFile(key)) ?? []) return piece;
  throw unreadable(`${fileName} is empty`, 'INVALID_FILE_TYPE');
}

const tooLarge = (fileName: string, bytes: number) =>
  unreadable(`${fileName} is larger than ${bytes / 1024 / 1024} MB, which is the most`, 'LIMIT_EXCEEDED');

const noSpreadsheet = ({ fileName }: ImportFile, head: Uint8Array) =>
  unreadable(
    head[0] === 0xd0 && head[1] === 0xcf
      ? `${fileName} is an old .xls workbook, or has a password: save it as .xlsx without one`
      : `${fileName} is no .xlsx workbook`,
    'INVALID_SPREADSHEET',
  );

async function readCsv(
  given: At,
  file: ImportFile,
  { encoding, delimiter, mark }: { encoding: Encoding; delimiter: string; mark: number },
): Promise<Reading> {
  const { stored, at } = given;
  const offset = at.offset || mark;
  const bytes = await openFile(stored.files[at.file]?.key ?? '', offset);
  const rows = csvRows(bytes ?? noBytes(), { encoding, delimiter, offset, line: at.line });
  const until = performance.now() + sliceMs;
  return takeRows(given, file, rows, () => performance.now() > until);
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

async function readSheet(given: At, file: ImportFile): Promise<Reading> {
  const { stored, at } = given;
  const key = stored.files[at.file]?.key ?? '';
  if (((await fileSize(key)) ?? 0) > importLimits.xlsxBytes) throw tooLarge(file.fileName, importLimits.xlsxBytes);
  const archive = await readFile(key);
  const fresh = { ...given, at: { ...at, offset: 0, line: 0, ...at.before } };
  // An archive cannot be entered in the middle: it is read in one slice.
  return takeRows(fresh, file, xlsxRows(archive ?? new Uint8Array()), () => false);
}

async function takeRows(
  given: At,
  file: ImportFile,
  rows: AsyncIterable<SourceRow> | Iterable<SourceRow>,
  isOver: () => boolean,
): Promise<Reading> {
  const { app, stored, plan, at } = given;
  let header = at.offset > 0 ? await storedHeader(stored.id, at.file) : undefined;
  const writer = new ChunkWriter(stored.id, at);
  for await (const row of rows) {
    if (!header) {
      header = readHeader(row.cells, file);
      await putFile(places.header(stored.id, at.file), JSON.stringify(header), json);
      await rememberMapping(app, header, file, plan);
      continue;
    }
    await writer.add(row, header);
    if (writer.isEmpty && isOver()) return writer.at;
  }
  if (header) await writer.flush(header);
  const { chunks, rows: count } = writer.at;
  if (count === at.before.rows)
    throw unreadable(
      `${file.fileName} has ${header ? 'a header and no rows' : 'no header and no rows'}`,
      'INVALID_FILE_TYPE',
    );
  const before = { chunks, rows: count };
  return { ...firstFile, file: at.file + 1, ...before, before };
}

const storedHeader = async (id: string, file: number): Promise<string[]> =>
  z.array(z.string()).parse(JSON.parse(String((await readFile(places.header(id, file))) ?? '[]')));

/** Stores rows in chunks; `at` says what is stored. A chunk that is written again is the same one. */
class ChunkWriter {
  at: Reading;
  private readonly importId: string;
  private rows: { line: number; cells: string[] }[] = [];
  private bytes = 0;
  private last: SourceRow | undefined;

  constructor(importId: string, at: Reading) {
    this.importId = importId;
    this.at = at;
  }

  get isEmpty(): boolean {
    return this.rows.length === 0;
  }

  async add(row: SourceRow, header: readonly string[]): Promise<void> {
    const { line, end } = row;
    // A sheet leaves empty cells at the end of a row out.
    const padding = end === 0 ? Array<string>(Math.max(0, header.length - row.cells.length)).fill('') : [];
    this.rows.push({ line, cells: [...row.cells, ...padding] });
    this.bytes += row.cells.reduce((sum, cell) => sum + cell.length, 0);
    this.last = row;
    if (this.at.rows + this.rows.length > importLimits.rows)
      throw unreadable(
        `The files have more than ${importLimits.rows} rows, which is the most of one import`,
        'LIMIT_EXCEEDED',
        line,
      );
    if (this.rows.length === rowsPerChunk || this.bytes > bytesPerChunk) await this.flush(header);
  }

  async flush(header: readonly string[]): Promise<void> {
    if (!this.last || this.isEmpty) return;
    const first = this.at.chunks === this.at.before.chunks;
    const chunk: Chunk = { file: this.at.file, first, header: [...header], rows: this.rows };
    await putFile(places.chunk(this.importId, this.at.chunks), JSON.stringify(chunk), json);
    this.at = {
      ...this.at,
      offset: this.last.end,
      line: this.last.line,
      chunks: this.at.chunks + 1,
      rows: this.at.rows + this.rows.length,
    };
    this.rows = [];
    this.bytes = 0;
  }
}
