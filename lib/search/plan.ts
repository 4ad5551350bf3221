import { comparedValue } from '../objects/filter.ts';
import { indexValueOf, isIndexed } from '../objects/index-value.ts';
import { isRecordId } from '../objects/not-found.ts';
import type { Condition } from './compile.ts';

/** A range of an index's sort keys (`{value}#{id}`), both ends inclusive; a point holds one value, so its rows stand in order of their ids. */
export type Range = { readonly from?: string; readonly to?: string; readonly point: boolean };

/** How the records that may meet a condition are found without looking at others. `exact`: no others are among them. */
export type Access =
  | { readonly kind: 'ids'; readonly ids: readonly string[]; readonly exact: false }
  | { readonly kind: 'unique'; readonly property: string; readonly value: string; readonly exact: false }
  | { readonly kind: 'associated'; readonly objectType: string; readonly ids: readonly string[]; readonly exact: false }
  | { readonly kind: 'text'; readonly query: string; readonly exact: false }
  | { readonly kind: 'index'; readonly property: string; readonly ranges: readonly Range[]; readonly exact: boolean };

/** Above `#` and the digits of ids. */
const end = '~';
/** Longer texts are cut in index rows: what stands there may be another value with the same beginning. */
const surelyWhole = 490;

/**
 * The access to a condition, if there is one: negations and what no index row tells have none. CONTAINS_TOKEN looks into every word of a
 * value, so the order of values does not help it, `abc*` neither: it goes through the rows of those that have a value.
 */
export function accessOf(condition: Condition): Access | undefined {
  const { filter } = condition;
  if ('associated' in condition) {
    const { associated: objectType, ids } = condition;
    const named = filter.operator === 'EQ' || filter.operator === 'IN';
    return named ? { kind: 'associated', objectType, ids, exact: false } : undefined;
  }
  const { property } = condition;
  const wanted =
    filter.operator === 'IN' ? (filter.values ?? []) : filter.operator === 'EQ' ? [filter.value ?? ''] : [];
  const values = [...new Set(wanted.map(String))];
  if (isRecordId(property.name) && values.length > 0) {
    return { kind: 'ids', ids: values.map((value) => comparedValue(property, value) ?? value), exact: false };
  }
  const [only] = values;
  if (property.hasUniqueValue && property.type === 'string' && values.length === 1 && only) {
    return { kind: 'unique', property: property.name, value: only, exact: false };
  }
  return isIndexed(property) ? indexAccess(condition, values) : undefined;
}

function indexAccess(
  { filter, property }: Extract<Condition, { property: object }>,
  values: readonly string[],
): Access | undefined {
  const { operator } = filter;
  const found = (ranges: readonly Range[], bounds: readonly string[]): Access => ({
    kind: 'index',
    property: property.name,
    ranges,
    exact: bounds.every((bound) => Buffer.byteLength(bound) < surelyWhole),
  });
  const ordered = (value: unknown) => indexValueOf(property, comparedValue(property, String(value ?? '')) ?? '');
  const all: Range = { point: false };
  switch (operator) {
    case 'EQ':
    case 'IN': {
      // Of several ticks one is enough, and the index holds them as one text.
      if (property.fieldType === 'checkbox') return { ...found([all], []), exact: false } as Access;
      const points = [...new Set(values.flatMap((value) => ordered(value) ?? []))];
      return found(points.map(pointOf), points);
    }
    case 'LT':
    case 'LTE':
    case 'GT':
    case 'GTE':
    case 'BETWEEN': {
      const [low, high] = [ordered(filter.value), operator === 'BETWEEN' ? ordered(filter.highValue) : undefined];
      if (low === undefined) return undefined;
      if (operator !== 'BETWEEN') return found([halfOpen(operator, low)], [low]);
      if (high === undefined) return undefined;
      const range: Range = { from: `${low}#`, to: `${high}#${end}`, point: false };
      return found(Buffer.compare(Buffer.from(low), Buffer.from(high)) > 0 ? [] : [range], [low, high]);
    }
    case 'HAS_PROPERTY':
      return found([all], []);
    case 'CONTAINS_TOKEN':
      return { ...found([all], []), exact: false } as Access;
    default:
      return undefined;
  }
}

const pointOf = (value: string): Range => ({ from: `${value}#`, to: `${value}#${end}`, point: true });

/** A value that was cut may stand for a greater one: then the bound itself is looked at, too. */
function halfOpen(operator: 'LT' | 'LTE' | 'GT' | 'GTE', bound: string): Range {
  const inclusive = operator.endsWith('E') || Buffer.byteLength(bound) >= surelyWhole;
  if (operator.startsWith('L')) return { to: inclusive ? `${bound}#${end}` : `${bound}#`, point: false };
  return { from: inclusive ? `${bound}#` : `${bound}#${end}`, point: false };
}

/** Smaller is likelier to be selective. */
export function rankOf(access: Access): number {
  switch (access.kind) {
    case 'ids':
    case 'unique':
      return 0;
    case 'associated':
      return 1;
    case 'text':
      return 3;
    case 'index':
      if (access.ranges.every(({ point }) => point)) return 2;
      return access.ranges.every(({ from, to }) => from !== undefined || to !== undefined) ? 4 : 5;
  }
}

/** Whether its candidates can be had in the order of their ids, page by page. */
export const isIdOrdered = (access: Access): boolean =>
  access.kind !== 'index' || access.ranges.every(({ point }) => point);
