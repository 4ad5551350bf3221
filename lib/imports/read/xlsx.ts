import { importLimits, type SourceRow, unreadable } from './unreadable.ts';
import { unpacked } from './unzip.ts';
import { bare, readWorkbook, type Workbook, xmlParser } from './workbook.ts';

type Tag = { readonly name: string; readonly attributes: Record<string, string> };

const dayMs = 86_400_000;

/**
 * The rows of the first sheet, as they come; empty ones are left out. Texts stay as they are (leading zeros too), days become
 * `2026-11-25`, moments are those of Japan. @throws CrmError 400 in words
 */
export function* xlsxRows(archive: Uint8Array): Generator<SourceRow> {
  const book = readWorkbook(archive);
  const reader = new SheetReader(book);
  const decoder = new TextDecoder();
  for (const { data, final } of unpacked(archive, (name) => name === book.sheet)) {
    reader.parser.write(decoder.decode(data, { stream: !final }));
    yield* reader.take();
    if (final) return;
  }
  throw unreadable('The spreadsheet is damaged: it ends in the middle of its sheet', 'INVALID_SPREADSHEET');
}

class SheetReader {
  readonly parser = xmlParser();
  private readonly book: Workbook;
  private rows: SourceRow[] = [];
  private line = 0;
  private cells: string[] = [];
  private column = 0;
  /** Letters in the cells of the row so far. */
  private length = 0;
  private type = '';
  private style = 0;
  private text = '';
  private collecting = false;
  private phonetic = false;

  constructor(book: Workbook) {
    this.book = book;
    this.parser.on('opentag', (tag) => this.open(tag as Tag));
    this.parser.on('text', (text) => {
      if (!this.collecting) return;
      this.text += text;
      this.refuseLong();
    });
    this.parser.on('closetag', (tag) => this.close(bare((tag as Tag).name)));
  }

  take(): SourceRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  private open({ name, attributes }: Tag): void {
    switch (bare(name)) {
      case 'row':
        this.line = this.lineOf(attributes.r);
        this.cells = [];
        this.length = 0;
        this.column = -1;
        break;
      case 'c':
        this.column = attributes.r === undefined ? this.column + 1 : columnOf(attributes.r);
        this.type = attributes.t ?? 'n';
        this.style = Number(attributes.s ?? 0);
        this.text = '';
        break;
      case 'rPh':
        this.phonetic = true;
        break;
      case 'v':
      case 't':
        this.collecting = !this.phonetic;
        break;
    }
  }

  private close(name: string): void {
    if (name === 'v' || name === 't') this.collecting = false;
    if (name === 'rPh') this.phonetic = false;
    if (name === 'c') this.place();
    if (name === 'row' && this.cells.some((cell) => cell !== ''))
      this.rows.push({ line: this.line, cells: Array.from(this.cells, (cell) => cell ?? ''), end: 0 });
  }

  /** By its line a row is known: two of one line would be one. */
  private lineOf(told: string | undefined): number {
    const line = told === undefined ? this.line + 1 : Number(told);
    if (Number.isSafeInteger(line) && line > this.line) return line;
    throw unreadable(`The spreadsheet is damaged: row ${told} follows row ${this.line}`, 'INVALID_SPREADSHEET');
  }

  /** Cells refer to texts, so that a small sheet may stand for very much: one text in every cell. */
  private refuseLong(): void {
    if (this.length + this.text.length <= importLimits.rowBytes) return;
    throw unreadable(
      `Line ${this.line} is longer than ${importLimits.rowBytes} letters, which is the most of a row`,
      'ROW_DATA_TOO_LARGE',
      this.line,
    );
  }

  private place(): void {
    this.text = this.valueOf();
    this.refuseLong();
    const value = this.text;
    this.length += value.length;
    // A style alone does not make a column.
    if (value === '') return;
    if (this.column < 0) throw unreadable('The spreadsheet is damaged: a cell has no column', 'INVALID_SPREADSHEET');
    if (this.column >= importLimits.columns) {
      throw unreadable(
        `Line ${this.line} has a value in column ${this.column + 1}; the most is ${importLimits.columns} columns`,
        'INVALID_COLUMN_CONFIGURATION',
        this.line,
      );
    }
    this.cells[this.column] = value;
  }

  private valueOf(): string {
    switch (this.type) {
      case 's':
        return this.book.texts[Number(this.text)] ?? '';
      case 'b':
        return this.text === '1' ? 'true' : 'false';
      case 'n':
        return this.text !== '' && Number.isFinite(Number(this.text)) ? this.numberOf(Number(this.text)) : this.text;
      default:
        return this.text;
    }
  }

  private numberOf(number: number): string {
    const style = this.book.styles[this.style];
    if (style?.moment) return momentOf(number, this.book.since1904);
    const digits = style?.digits ?? 0;
    return digits > 0 && Number.isInteger(number) ? String(number).padStart(digits, '0') : plain(number);
  }
}

/** Excel calculates with 15 digits; what is written behind them is noise (0.1 + 0.2). */
const plain = (number: number): string => {
  const rounded = Number(number.toPrecision(15));
  return Math.abs(rounded) >= 1e15 ? BigInt(Math.round(number)).toString() : String(rounded);
};

/** Days since 1899-12-30 (so that Excel's 1900-02-29, which never was, does no harm after it), or since 1904 on old Macs. */
function momentOf(serial: number, since1904: boolean): string {
  const epoch = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const at = new Date(epoch + Math.round(serial * 86_400) * 1000);
  if (Number.isNaN(at.getTime())) return String(serial);
  const text = at.toISOString();
  return at.getTime() % dayMs === 0 ? text.slice(0, 10) : `${text.slice(0, 19)}+09:00`;
}

/** `C7` is the third column: 2. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.toUpperCase()) {
    const place = letter.charCodeAt(0) - 64;
    if (place < 1 || place > 26) break;
    column = column * 26 + place;
  }
  return column - 1;
}
