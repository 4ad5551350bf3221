import { type AttributeValue, attributeOf, compareValues, equalValues, type Item, typeOf } from '../value.ts';
import type { Comparator, Condition, Operand, Path } from './syntax.ts';
import type { Values } from './types.ts';

/** The value that a document path leads to. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = attributeOf(item, path[0] as string);
  for (let index = 1; index < path.length && value; index += 1) value = step(value, path[index] as string | number);
  return value;
}

/** One element further down: a map's attribute or a list's element. */
export function step(value: AttributeValue, element: string | number): AttributeValue | undefined {
  if (typeof element === 'number') return 'L' in value ? value.L[element] : undefined;
  return 'M' in value ? attributeOf(value.M, element) : undefined;
}

function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('M' in value) return Object.keys(value.M).length;
  if ('L' in value) return value.L.length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  return 'BS' in value ? value.BS.length : undefined;
}

function resolve(operand: Operand, item: Item, values: Values): AttributeValue | undefined {
  if (operand.kind === 'path') return valueAt(item, operand.path);
  if (operand.kind === 'value') return values.get(operand.name);
  if (operand.kind !== 'call') return undefined;
  const subject = resolve(operand.operands[0] as Operand, item, values);
  const size = subject && sizeOf(subject);
  return size === undefined ? undefined : { N: String(size) };
}

/** Whether an item meets a condition. `item` is empty where there is none. */
export function matches(condition: Condition, item: Item, values: Values): boolean {
  switch (condition.kind) {
    case 'and':
      return matches(condition.left, item, values) && matches(condition.right, item, values);
    case 'or':
      return matches(condition.left, item, values) || matches(condition.right, item, values);
    case 'not':
      return !matches(condition.inner, item, values);
    case 'compare': {
      const left = resolve(condition.left, item, values);
      return compare(condition.operator, left, resolve(condition.right, item, values));
    }
    case 'between': {
      const subject = resolve(condition.subject, item, values);
      return (
        compare('>=', subject, resolve(condition.low, item, values)) &&
        compare('<=', subject, resolve(condition.high, item, values))
      );
    }
    case 'in': {
      const subject = resolve(condition.subject, item, values);
      return condition.options.some((option) => compare('=', subject, resolve(option, item, values)));
    }
    case 'call':
      return call(condition.name, condition.operands, item, values);
  }
}

function compare(operator: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (operator === '<>') return !(left && right && equalValues(left, right));
  if (!left || !right) return false;
  if (operator === '=') return equalValues(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function call(name: string, operands: readonly Operand[], item: Item, values: Values): boolean {
  const first = resolve(operands[0] as Operand, item, values);
  if (name === 'attribute_exists') return first !== undefined;
  if (name === 'attribute_not_exists') return first === undefined;
  const second = operands[1] && resolve(operands[1], item, values);
  if (!first || !second) return false;
  if (name === 'attribute_type') return 'S' in second && typeOf(first) === second.S;
  return name === 'begins_with' ? beginsWith(first, second) : contains(first, second);
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value && 'S' in prefix) return value.S.startsWith(prefix.S);
  if (!('B' in value && 'B' in prefix)) return false;
  const start = bytes(prefix.B);
  return bytes(value.B).subarray(0, start.length).equals(start);
}

function contains(value: AttributeValue, part: AttributeValue): boolean {
  if ('S' in value) return 'S' in part && value.S.includes(part.S);
  if ('B' in value) return 'B' in part && bytes(value.B).includes(bytes(part.B));
  if ('SS' in value) return 'S' in part && value.SS.includes(part.S);
  if ('NS' in value) return 'N' in part && value.NS.includes(part.N);
  if ('BS' in value) return 'B' in part && value.BS.includes(part.B);
  return 'L' in value && value.L.some((element) => equalValues(element, part));
}
