import type { PropertyDefinition } from './definition.ts';

type Typed = Pick<PropertyDefinition, 'type'>;

/** Index keys stay short whatever the value: a longer text is cut, and a filter looks at the record again. */
const longestBytes = 500;

/** Whether records carry an index row for this property. */
export const isIndexed = ({ indexed }: Pick<PropertyDefinition, 'indexed'>): boolean => indexed;

/**
 * The text of a value in its index row. Its UTF-8 order is the order of the values, with the `#` and the record id that
 * follow it in the key too; two values have the same text when HubSpot's filters hold them equal, or when both are very long.
 */
export function indexValueOf({ type }: Typed, value: string): string | undefined {
  if (value === '') return undefined;
  if (type === 'number') return orderedNumber(Number(value));
  if (type === 'date') return value;
  if (type === 'datetime') return orderedTime(value);
  if (type === 'enumeration' || type === 'bool') return orderedText(value);
  return orderedText(foldCase(value));
}

/** Letter case and width do not count when texts are compared. */
export const foldCase = (value: string): string => value.normalize('NFKC').toLowerCase();

/** The 64 bits of the double as hex, with the sign turned so that negative numbers come first and in order. */
function orderedNumber(value: number): string | undefined {
  if (Number.isNaN(value)) return undefined;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigUint64(0);
  const negative = bits >> 63n === 1n;
  const ordered = negative ? ~bits & 0xffff_ffff_ffff_ffffn : bits | (1n << 63n);
  return ordered.toString(16).padStart(16, '0');
}

function orderedTime(value: string): string | undefined {
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/**
 * `#` ends the value in the key, so no character of the text may sort at or below it: all that do, and `$`, become `$` and a letter.
 * `abc` then stands before `abc d`, and never looks like the beginning of another value's key.
 */
function orderedText(value: string): string {
  const escaped = value.replace(/[^%-\u{10ffff}]/gu, (char) => `$${String.fromCharCode(0x30 + char.charCodeAt(0))}`);
  return cut(escaped);
}

function cut(text: string): string {
  if (Buffer.byteLength(text) <= longestBytes) return text;
  let bytes = 0;
  let kept = '';
  for (const char of text) {
    bytes += Buffer.byteLength(char);
    if (bytes > longestBytes) break;
    kept += char;
  }
  return kept;
}
