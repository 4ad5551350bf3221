import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { decoderOf, type Encoding } from './encoding.ts';
import { importLimits, type SourceRow, unreadable } from './unreadable.ts';

export type CsvStart = {
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** Where the bytes begin in the file, and on which line. */
  readonly offset: number;
  readonly line: number;
};

type Parsed = { readonly record: readonly Buffer[]; readonly info: { readonly lines: number; readonly bytes: number } };

/**
 * The rows of a CSV file from a row's begin on, as they come. Quotes, separators and line ends are found in the bytes, which is sound for
 * UTF-8 and Shift_JIS alike (no second byte of a letter is one of them), so that a position in bytes is one in rows.
 * @throws CrmError 400 in words; WrongEncoding
 */
export async function* csvRows(bytes: AsyncIterable<Uint8Array>, start: CsvStart): AsyncGenerator<SourceRow> {
  const decode = decoderOf(start.encoding);
  const parser = parse({
    encoding: null,
    info: true,
    delimiter: start.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: importLimits.rowBytes,
  });
  const source = Readable.from(guarded(bytes, start.delimiter), { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      const line = start.line + info.lines;
      if (record.length > importLimits.columns) throw tooManyColumns(record.length, line);
      yield { line, cells: record.map((cell) => decode(cell, line)), end: start.offset + info.bytes };
    }
  } catch (error) {
    throw error instanceof CsvError ? inWords(error, start.line) : error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** So many separators in one line are no row, whatever stands in quotes: it is not read to its end. */
async function* guarded(bytes: AsyncIterable<Uint8Array>, delimiter: string): AsyncGenerator<Uint8Array> {
  const sign = delimiter.charCodeAt(0);
  const most = importLimits.rowBytes + importLimits.columns;
  let seen = 0;
  for await (const piece of bytes) {
    for (const byte of piece) {
      if (byte === 10 || byte === 13) seen = 0;
      else if (byte === sign) seen += 1;
    }
    if (seen > most)
      throw unreadable(`A line has more than ${importLimits.columns} columns`, 'INVALID_COLUMN_CONFIGURATION');
    yield piece;
  }
}

const tooManyColumns = (columns: number, line: number) =>
  unreadable(
    `Line ${line} has ${columns} columns; the most is ${importLimits.columns}`,
    'INVALID_COLUMN_CONFIGURATION',
    line,
  );

function inWords(error: CsvError, before: number): Error {
  const found = Number(/at line (\d+)/.exec(error.message)?.[1] ?? 1);
  const line = before + found;
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return unreadable(
        `A quote that opens on line ${line} or before is not closed by the end of the file`,
        undefined,
        line,
      );
    case 'CSV_MAX_RECORD_SIZE':
      return unreadable(
        `The row that begins at line ${line} or before is longer than ${importLimits.rowBytes} bytes: a quote was left open, or it has too many columns`,
        'ROW_DATA_TOO_LARGE',
        line,
      );
    case 'INVALID_OPENING_QUOTE':
      return unreadable(
        `Line ${line} has a quote in the middle of a value; a value with quotes must stand in quotes, with each of its own doubled`,
        undefined,
        line,
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
      return unreadable(`Line ${line} has letters between a closing quote and the next separator`, undefined, line);
    default:
      return unreadable(`Line ${line} cannot be read as CSV`, undefined, line);
  }
}

/** The separator of a file, from the part before its first line ends: the one of `,` tab `;` that stands there most often outside of quotes. */
export function delimiterOf(head: Uint8Array): string {
  const counts = new Map([',', '\t', ';'].map((sign) => [sign, 0]));
  let quoted = false;
  for (const byte of head) {
    const sign = String.fromCharCode(byte);
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '\n' || sign === '\r') break;
    else if (counts.has(sign)) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  const [best = ','] = [...counts].toSorted(([, one], [, other]) => other - one)[0] ?? [];
  return best;
}
