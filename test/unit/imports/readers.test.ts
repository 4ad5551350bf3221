import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { csvLine, originalCell, safeCell } from '../../../lib/files/csv-text.ts';
import { toShiftJis } from '../../../lib/files/shift-jis.ts';
import { cellValue } from '../../../lib/imports/cell-value.ts';
import { csvRows, delimiterOf } from '../../../lib/imports/read/csv.ts';
import type { SourceRow } from '../../../lib/imports/read/unreadable.ts';
import { unpacked } from '../../../lib/imports/read/unzip.ts';
import { xlsxRows } from '../../../lib/imports/read/xlsx.ts';
import type { PropertyDefinition } from '../../../lib/objects/definition.ts';

const start = { encoding: 'UTF-8' as const, delimiter: ',', offset: 0, line: 0 };

/** As it comes from the network: a few bytes at a time. */
async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readCsv(
  bytes: Uint8Array,
  given: Partial<Parameters<typeof csvRows>[1]> = {},
  size = 7,
): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of csvRows(inPieces(bytes, size), { ...start, ...given })) rows.push(row);
  return rows;
}

describe('CSV', () => {
  const table = fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 }), {
    minLength: 1,
    maxLength: 8,
  });

  test('what is written is what is read', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (given, size) => {
        const rows = given.map((cells) => ['x', ...cells.map((cell) => cell.toWellFormed())]);
        const read = await readCsv(Buffer.from(rows.map(csvLine).join('')), {}, size);
        expect(read.map(({ cells }) => cells.map(originalCell))).toEqual(
          rows.map((cells) => cells.map((cell) => originalCell(safeCell(cell)))),
        );
      }),
    );
  });

  test('reading goes on at the end of any row', async () => {
    const bytes = Buffer.from('名,値\r\n一,"a\r\nb"\r\n\r\n二,2\n三,"3""3"\n');
    const all = await readCsv(bytes);
    expect(all.map(({ cells }) => cells)).toEqual([
      ['名', '値'],
      ['一', 'a\r\nb'],
      ['二', '2'],
      ['三', '3"3'],
    ]);
    for (const [position, { end, line }] of all.entries()) {
      const rest = await readCsv(bytes.subarray(end), { offset: end, line });
      expect(rest).toEqual(all.slice(position + 1));
    }
  });

  test('Shift_JIS is cut into cells at separators only, and has the letters of NEC and IBM', async () => {
    const text = 'ソース,表示,①㈱髙﨑\r\n';
    const [row] = await readCsv(toShiftJis(text), { encoding: 'SHIFT_JIS' });
    expect(row?.cells).toEqual(['ソース', '表示', '①㈱髙﨑']);
  });

  test.each([
    ['a,b\n1,"2\n3,4', 'not closed'],
    ['a,b\n1,2"3\n', 'in the middle'],
    ['a,b\n1,"2"3\n', 'closing quote'],
    [`a,b\n1,"${'x'.repeat(1_100_000)}`, 'left open'],
    [','.repeat(2_000_000), '1000 columns'],
  ])('a corrupt file is said in words (%#)', async (text, words) => {
    await expect(readCsv(Buffer.from(text), {}, 65_536)).rejects.toThrow(words);
  });

  test.each([
    ['a,b;c\n1;2;3', ','],
    ['a;b;c\n', ';'],
    ['a\tb,c\td', '\t'],
    ['"a;b;c",d', ','],
  ])('the separator of %j is found', (head, delimiter) => {
    expect(delimiterOf(Buffer.from(head))).toBe(delimiter);
  });
});

describe('safe cells', () => {
  test.each([
    '=1+1',
    '+81-3-1234-5678',
    '-cmd',
    '@SUM(A1)',
    '\t=1',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff20A1',
  ])('%j is not calculated', (value) => {
    expect(safeCell(value)).toBe(`'${value}`);
    expect(originalCell(safeCell(value))).toBe(value);
  });
  const plain = ['-1', '+5', '-1,234.5', '+819012345678', '佐藤', "'quoted", ''];
  const digits = ['2026-11-25', '2026-11-25 10:00:00', '03-1234-5678', '10時', '123;456', '/a', '?', '<b>'];
  test.each([...plain, ...digits])('%j stays as it is', (value) => {
    expect(safeCell(value)).toBe(value);
  });
});

describe('Shift_JIS', () => {
  const decode = (bytes: Uint8Array) => new TextDecoder('shift_jis', { fatal: true }).decode(bytes);
  test.each(['アイウ', '①②㈱№', '髙﨑', '〜−', 'ｱｲｳ', 'ソ表能'])('%s survives', (text) => {
    expect(decode(toShiftJis(text)).normalize('NFKC').replace('~', '〜').replace('-', '−')).toBe(
      text.normalize('NFKC'),
    );
  });
  test('what it does not have is written in its nearest form, or as a question mark', () => {
    expect(decode(toShiftJis('café 😀 葛\u{e0100}'))).toBe('cafe ? 葛');
  });
});

const book = (parts: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
const parts = (sheet: string, more: Record<string, string> = {}) => ({
  'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
  'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
  ...more,
});

const manyRows = Array.from({ length: 2000 }, (_, n) => `<row r="${n + 1}"><c><v>${Math.sqrt(n)}</v></c></row>`).join(
  '',
);
const halfOf = (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2);

describe('spreadsheets', () => {
  test('an archive that unpacks to more than it may is not unpacked to its end', () => {
    const bomb = zipSync({ 'xl/workbook.xml': new Uint8Array(8 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(20_000);
    expect(() => [...unpacked(bomb, () => true, 2 * 1024 * 1024)].length).toThrow('more than 2 MB');
  });

  const styles =
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy/mm/dd"/><numFmt numFmtId="165" formatCode="00000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/></cellXfs></styleSheet>';
  test('texts of all kinds, days, moments, leading zeros and gaps are read', () => {
    const shared = '<sst><si><t>佐藤</t><rPh><t>サトウ</t></rPh></si><si><r><t>山</t></r><r><t>田</t></r></si></sst>';
    const sheet = [
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>',
      '<row r="3"><c r="A3" t="inlineStr"><is><t>0901234</t></is></c><c r="B3" s="1"><v>46351</v></c><c r="C3" s="2"><v>46351.5</v></c><c r="D3" s="3"><v>123</v></c><c r="E3"><v>0.30000000000000004</v></c><c r="F3" t="b"><v>1</v></c></row>',
    ].join('');
    const file = book(parts(sheet, { 'xl/sharedStrings.xml': shared, 'xl/styles.xml': styles }));
    expect([...xlsxRows(file)].map(({ line, cells }) => ({ line, cells }))).toEqual([
      { line: 1, cells: ['佐藤', '', '山田'] },
      { line: 3, cells: ['0901234', '2026-11-25', '2026-11-25T12:00:00+09:00', '00123', '0.3', 'true'] },
    ]);
  });

  test('what claims to be a number and is none comes as it stands there', () => {
    const file = book(parts('<row r="1"><c><v>1e999</v></c><c><v>x</v></c></row>'));
    expect([...xlsxRows(file)].map(({ cells }) => cells)).toEqual([['1e999', 'x']]);
  });

  test.each([
    ['a file that is cut off', halfOf(book(parts(manyRows))), /damaged|no spreadsheet/],
    ['an archive without a sheet', book({ 'a.txt': 'x' }), 'has no sheet'],
    ['a sheet that is no XML', book(parts('<row><c></row>')), 'not XML'],
    ['entities', book({ ...parts(''), 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>' }), 'entities'],
    ['a column too far to the right', book(parts('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')), 'the most is 1000'],
    [
      'a row of one long text again and again',
      book(
        parts(`<row r="1">${'<c t="s"><v>0</v></c>'.repeat(900)}</row>`, {
          'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(40_000)}</t></si></sst>`,
        }),
      ),
      'Line 1 is longer than 1048576',
    ],
    [
      'a cell that does not end',
      book(parts(`<row r="1"><c t="inlineStr"><is><t>${'x'.repeat(1_100_000)}</t></is></c></row>`)),
      'Line 1 is longer than 1048576',
    ],
    ['a row twice', book(parts('<row r="2"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row>')), 'row 2 follows'],
    ['a row of no number', book(parts('<row r="x"><c><v>1</v></c></row>')), 'row x follows'],
    ['a cell of no column', book(parts('<row r="1"><c r="1"><v>1</v></c></row>')), 'no column'],
    [
      'much text',
      book(parts('', { 'xl/sharedStrings.xml': `<sst>${`<si><t>${'x'.repeat(1000)}</t></si>`.repeat(34_000)}</sst>` })),
      '64 MB of text',
    ],
  ])(
    '%s is said in words',
    (_, file, words) => {
      expect(() => [...xlsxRows(file)]).toThrow(words);
    },
    20_000,
  );
});

describe('cells', () => {
  const reading = { dateFormat: 'MONTH_DAY_YEAR' as const, owners: new Map([['tanaka@example.co.jp', '7']]) };
  const definition = (facts: Partial<PropertyDefinition>) =>
    ({ options: [], fieldType: 'text', ...facts }) as unknown as PropertyDefinition;
  const option = (value: string, label: string) => ({ value, label, hidden: false });
  test.each([
    ['date', '11/25/2026', '2026-11-25'],
    ['date', '2026年11月5日', '2026-11-05'],
    ['datetime', '2026/11/25 9:30', '2026-11-25T09:30:00+09:00'],
    ['number', '¥1,234', '1234'],
    ['bool', 'はい', 'true'],
    ['string', ' 佐藤 ', '佐藤'],
  ] as const)('%s %s', (type, text, value) => {
    expect(cellValue(definition({ type }), text, reading)).toEqual({ value });
  });
  test('options go by their labels, several of them too, and owners by their addresses', () => {
    const options = [option('a', '東京'), option('b', '大阪')];
    expect(
      cellValue(definition({ type: 'enumeration', fieldType: 'checkbox', options }), '大阪; 東京', reading),
    ).toEqual({ value: 'b;a' });
    expect(
      cellValue(definition({ type: 'enumeration', fieldType: 'checkbox', options }), '\uff1b大阪\uff1b東京', reading),
    ).toEqual({ value: ';b;a' });
    expect(
      cellValue(definition({ type: 'enumeration', referencedObjectType: 'OWNER' }), 'Tanaka@example.co.jp', reading),
    ).toEqual({ value: '7' });
    expect(
      cellValue(definition({ type: 'enumeration', referencedObjectType: 'OWNER' }), 'who@example.co.jp', reading),
    ).toMatchObject({ problem: { errorType: 'COULD_NOT_FIND_OWNER' } });
    expect(
      cellValue(definition({ type: 'enumeration', options: [option('a', '同'), option('b', '同')] }), '同', reading),
    ).toMatchObject({ problem: { errorType: 'AMBIGUOUS_ENUMERATION_OPTION' } });
  });
  test('a day that is none is told', () => {
    expect(cellValue(definition({ type: 'date' }), '13/25/2026', reading)).toMatchObject({
      problem: { errorType: 'COULD_NOT_PARSE_DATE' },
    });
  });
});
