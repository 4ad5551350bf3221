import { constants, crc32, deflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';

/** What Excel takes at most in one sheet, its header included. */
export const sheetRows = 1_048_576;
const longestCell = 32_767;

/** A sheet that grows piece by piece: each is deflated for itself, and all of them in a row are one deflated stream. */
export const SheetState = z.object({ row: z.number(), crc: z.number(), packed: z.number(), bytes: z.number() });
export type SheetState = z.output<typeof SheetState>;

export const noSheet: SheetState = { row: 0, crc: 0, packed: 0, bytes: 0 };

export type Cell = { readonly text: string; readonly number?: boolean };

const head =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';
const foot = '</sheetData></worksheet>';

/** The next rows of the sheet: the bytes to append, and the state after them. */
export function sheetPiece(
  state: SheetState,
  rows: readonly (readonly Cell[])[],
  { last }: { last: boolean },
): { body: Buffer; state: SheetState } {
  const xml = `${state.row === 0 ? head : ''}${rows.map((cells, position) => rowXml(cells, state.row + position + 1)).join('')}${last ? foot : ''}`;
  const bytes = Buffer.from(xml, 'utf8');
  // A full flush ends at a whole byte, and what follows does not look back.
  const body = deflateRawSync(bytes, { finishFlush: last ? constants.Z_FINISH : constants.Z_FULL_FLUSH });
  return {
    body,
    state: {
      row: state.row + rows.length,
      crc: crc32(bytes, state.crc),
      packed: state.packed + body.length,
      bytes: state.bytes + bytes.length,
    },
  };
}

const rowXml = (cells: readonly Cell[], row: number) => `<row r="${row}">${cells.map(cellXml).join('')}</row>`;

function cellXml({ text, number }: Cell): string {
  if (text === '') return '<c/>';
  if (number && /^-?\d{1,15}(\.\d+)?$/.test(text)) return `<c><v>${text}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text.slice(0, longestCell))}</t></is></c>`;
}

const escaped = (text: string) =>
  text
    .toWellFormed()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '');

type Entry = { readonly name: string; readonly content?: Buffer; readonly state: SheetState };

const part = (name: string, text: string): Entry => {
  const content = Buffer.from(text, 'utf8');
  return { name, content, state: { row: 0, crc: crc32(content), packed: content.length, bytes: content.length } };
};

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const fixedParts = [
  part(
    '[Content_Types].xml',
    `${xmlHead}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${main}.worksheet+xml"/></Types>`,
  ),
  part(
    '_rels/.rels',
    `${xmlHead}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ),
  part(
    'xl/workbook.xml',
    `${xmlHead}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${relations}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ),
  part(
    'xl/_rels/workbook.xml.rels',
    `${xmlHead}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  ),
];

const contentType = `${main}.sheet`;

export { contentType as xlsxType };

/** What stands before and after the pieces of a sheet, so that all together is a workbook. */
export function workbookAround(sheet: SheetState): { before: Buffer; after: Buffer } {
  const entries: readonly Entry[] = [...fixedParts, { name: 'xl/worksheets/sheet1.xml', state: sheet }];
  const offsets: number[] = [];
  const before: Buffer[] = [];
  let at = 0;
  for (const { name, content, state } of entries) {
    offsets.push(at);
    const bytes = [localHeader(name, state, content === undefined), ...(content ? [content] : [])];
    before.push(...bytes);
    at += bytes.reduce((sum, each) => sum + each.length, 0);
  }
  const directory = entries.map(({ name, content, state }, position) =>
    centralHeader(name, state, content === undefined, offsets[position] ?? 0),
  );
  const size = directory.reduce((sum, each) => sum + each.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at + sheet.packed, 16);
  return { before: Buffer.concat(before), after: Buffer.concat([...directory, end]) };
}

/** 1980-01-01, the first day that a zip archive knows: a file is the same whenever it is made. */
const firstDay = 0x21;

function facts(name: string, { crc, packed, bytes }: SheetState, deflated: boolean): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(deflated ? 8 : 0, 4);
  fields.writeUInt16LE(firstDay, 8);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(packed, 14);
  fields.writeUInt32LE(bytes, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
}

const signature = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const localHeader = (name: string, state: SheetState, deflated: boolean): Buffer =>
  Buffer.concat([signature(0x04034b50), facts(name, state, deflated), Buffer.from(name)]);

function centralHeader(name: string, state: SheetState, deflated: boolean, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  const madeBy = Buffer.from([20, 0]);
  return Buffer.concat([signature(0x02014b50), madeBy, facts(name, state, deflated), rest, Buffer.from(name)]);
}
