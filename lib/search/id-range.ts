import { comparedValue } from '../objects/filter.ts';
import { isRecordId } from '../objects/not-found.ts';
import type { Condition } from './compile.ts';

/** Both ends inclusive. Ids have 16 digits and are below 2^53: the order of their texts is that of the numbers. */
export type IdRange = { readonly from: number; readonly to: number };

const all: IdRange = { from: 0, to: Number.MAX_SAFE_INTEGER };
const operators = ['GT', 'GTE', 'LT', 'LTE', 'BETWEEN'];

/** Whether the condition is a range of the record's id, which the id alone decides: how clients go through all records. */
export const isIdRange = (condition: Condition): boolean =>
  'property' in condition && isRecordId(condition.property.name) && operators.includes(condition.filter.operator);

function rangeOfCondition(condition: Condition): IdRange {
  if (!('property' in condition) || !isIdRange(condition)) return all;
  const { filter, property } = condition;
  const bound = (value: unknown) => Number(comparedValue(property, String(value ?? '')));
  const value = bound(filter.value);
  switch (filter.operator) {
    case 'GT':
      return { ...all, from: Math.floor(value) + 1 };
    case 'GTE':
      return { ...all, from: Math.ceil(value) };
    case 'LT':
      return { ...all, to: Math.ceil(value) - 1 };
    case 'LTE':
      return { ...all, to: Math.floor(value) };
    default:
      return { from: Math.ceil(value), to: Math.floor(bound(filter.highValue)) };
  }
}

/** The ids that a group of filters leaves over. */
export function idRangeOf(group: readonly Condition[]): IdRange {
  const ranges = group.map(rangeOfCondition);
  return {
    from: Math.max(all.from, ...ranges.map(({ from }) => from)),
    to: Math.min(all.to, ...ranges.map(({ to }) => to)),
  };
}

/** A range that holds those of all groups; of no group every id. */
export function idRangeOfAll(groups: readonly (readonly Condition[])[]): IdRange {
  if (groups.length === 0) return all;
  const ranges = groups.map(idRangeOf);
  return { from: Math.min(...ranges.map(({ from }) => from)), to: Math.max(...ranges.map(({ to }) => to)) };
}

export const isWithin = ({ from, to }: IdRange, id: string): boolean => Number(id) >= from && Number(id) <= to;

const idDigits = 16;

/** The place right before a range, as a text like an id. */
export const startOfRange = ({ from }: IdRange): string =>
  from === 0 ? '' : String(Math.min(from - 1, all.to)).padStart(idDigits, '0');

/** The place right after a range. */
export const endOfRange = ({ to }: IdRange): string =>
  to === all.to ? '' : String(Math.max(to + 1, 0)).padStart(idDigits, '0');
