/** A cell of a report by the values of its groups: the date's bucket first, then the other groups in the report's order. */
export type Keys = readonly string[];

/** Longer texts are cut: three of them are part of a sort key, which may have 1,024 bytes. */
const longestBytes = 300;

/** A value as a group is called by it. Two texts that begin with the same 300 bytes are one group. */
export function groupValue(value: string | undefined): string {
  const text = (value ?? '').toWellFormed();
  let kept = '';
  let bytes = 0;
  for (const char of text) {
    bytes += Buffer.byteLength(escaped(char));
    if (bytes > longestBytes) break;
    kept += char;
  }
  return kept;
}

const escaped = (key: string) => key.replaceAll('%', '%25').replaceAll('#', '%23');

/** The name of a cell in keys. `#` parts its values, so that all cells of a range of dates are one range of names. */
export const cellOf = (keys: Keys): string => keys.map(escaped).join('#');

/** The values in a cell's name. */
export const keysOf = (cell: string): string[] =>
  cell.split('#').map((key) => key.replaceAll('%23', '#').replaceAll('%25', '%'));
