/** A cell of a report by the values of its groups: the date's bucket first, then the other groups in the report's order. */
export type Keys = readonly string[];

/** Longer texts are cut: a cell's name is part of keys, of which the shortest may have 1,024 bytes. */
const longestBytes = 200;

/** A value as a group is called by it. Two texts that begin with the same 200 bytes are one group. */
export function groupValue(value: string | undefined): string {
  const text = (value ?? '').toWellFormed();
  if (Buffer.byteLength(text) <= longestBytes) return text;
  let kept = '';
  let bytes = 0;
  for (const char of text) {
    bytes += Buffer.byteLength(char);
    if (bytes > longestBytes) break;
    kept += char;
  }
  return kept;
}

/** The name of a cell in keys. `#` parts its values, so that all cells of a range of dates are one range of names. */
export const cellOf = (keys: Keys): string =>
  keys.map((key) => key.replaceAll('%', '%25').replaceAll('#', '%23')).join('#');

/** The values in a cell's name. */
export const keysOf = (cell: string): string[] =>
  cell.split('#').map((key) => key.replaceAll('%23', '#').replaceAll('%25', '%'));
