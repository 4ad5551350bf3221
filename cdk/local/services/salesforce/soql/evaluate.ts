import type { FieldType, Value } from '../field.ts';
import type { Records, Stored } from '../records.ts';
import type { Bound } from './bind.ts';
import { type Path, valueAt } from './path.ts';

/** Whether a record meets a condition. Text is compared without case, ids with it; an empty field is unequal to any value. */
export function meets(condition: Bound, record: Stored, records: Records): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => meets(part, record, records));
    case 'or':
      return condition.parts.some((part) => meets(part, record, records));
    case 'not':
      return !meets(condition.part, record, records);
    case 'like': {
      const value = valueAt(record, condition.path, records);
      return typeof value === 'string' && condition.pattern.test(value);
    }
    case 'in': {
      const value = key(valueAt(record, condition.path, records), condition.path.field.type);
      return condition.values.some((each) => key(each, condition.path.field.type) === value) !== condition.negated;
    }
    case 'compare':
      return compares(condition, valueAt(record, condition.path, records));
  }
}

function compares({ operator, path, value }: Extract<Bound, { kind: 'compare' }>, found: Value): boolean {
  const { type } = path.field;
  if (operator === '=') return key(found, type) === key(value, type);
  if (operator === '!=') return key(found, type) !== key(value, type);
  if (found === null || value === null) return false;
  const order = inOrder(found, value, type);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

const isId = (type: FieldType) => type === 'id' || type === 'reference';
const key = (value: Value, type: FieldType): Value =>
  typeof value === 'string' && !isId(type) ? value.toLowerCase() : value;

function inOrder(a: Value, b: Value, type: FieldType): number {
  const [left, right] = [key(a, type), key(b, type)];
  if (left === right) return 0;
  return left !== null && right !== null && left < right ? -1 : 1;
}

export type BoundOrder = { readonly path: Path; readonly descending: boolean; readonly nullsLast: boolean };

/** Sorts by each in turn. Empty fields come first, in both directions, unless the query says NULLS LAST. */
export function sorted(list: readonly Stored[], orders: readonly BoundOrder[], records: Records): Stored[] {
  if (orders.length === 0) return [...list];
  const keyed = list.map((record) => ({ record, keys: orders.map(({ path }) => valueAt(record, path, records)) }));
  keyed.sort((a, b) => {
    for (const [index, order] of orders.entries()) {
      const result = compareBy(order, a.keys[index] ?? null, b.keys[index] ?? null);
      if (result !== 0) return result;
    }
    return 0;
  });
  return keyed.map(({ record }) => record);
}

function compareBy({ path, descending, nullsLast }: BoundOrder, a: Value, b: Value): number {
  if (a === null || b === null) {
    if (a === b) return 0;
    return (a === null) === nullsLast ? 1 : -1;
  }
  const order = inOrder(a, b, path.field.type);
  return descending ? -order : order;
}
