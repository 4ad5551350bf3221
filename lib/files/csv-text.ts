/** A byte order mark: without it Excel takes a CSV file for one in the computer's own encoding. */
export const byteOrderMark = '\ufeff';

/** What a spreadsheet would calculate: a formula's first sign, in the width of ASCII or of Japanese text, or a tab that hides one. */
const begins = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
/** Numbers are no formulas, and neither is a telephone number of digits alone: a spreadsheet shows it, whatever it makes of the plus. */
const isNumber = /^[+-]?(\d+(\.\d+)?|\d{1,3}(,\d{3})+(\.\d+)?)$/;

/** A value that a spreadsheet shows and does not calculate: `'` in front of what begins like a formula. */
export const safeCell = (value: string): string => (begins.test(value) && !isNumber.test(value) ? `'${value}` : value);

/** The value that `safeCell` was given. */
export const originalCell = (cell: string): string =>
  cell.startsWith("'") && begins.test(cell.slice(1)) ? cell.slice(1) : cell;

const quoted = (cell: string) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A line of a CSV file (RFC 4180). */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => quoted(safeCell(cell))).join(',')}\r\n`;
