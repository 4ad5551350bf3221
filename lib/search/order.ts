import { indexValueOf } from '../objects/index-value.ts';
import type { CrmRecord } from '../objects/record.ts';
import type { Sort } from './compile.ts';

/**
 * Where a record stands in a search: by the text of its sort value in index rows, then by id. Records without a value have none and come
 * last, in both directions, by id.
 */
export type Position = { readonly id: string; readonly value?: string };

export const positionOf = ({ id, properties }: CrmRecord, sort: Sort | undefined): Position => {
  const value = sort && indexValueOf(sort.property, properties[sort.property.name] ?? '');
  return { id, ...(value !== undefined && { value }) };
};

/** DynamoDB's order of keys: by UTF-8 bytes. */
const byBytes = (one: string, other: string): number =>
  one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other));

/** The order of a search's results. Downwards the ids fall, too, but for the records without a value. */
export function comparePositions(one: Position, other: Position, descending: boolean): number {
  if (one.value === undefined || other.value === undefined) {
    if (one.value !== undefined) return -1;
    if (other.value !== undefined) return 1;
    return byBytes(one.id, other.id);
  }
  const upwards = byBytes(one.value, other.value) || byBytes(one.id, other.id);
  return descending ? -upwards : upwards;
}
