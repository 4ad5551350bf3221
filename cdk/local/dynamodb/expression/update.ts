import { addNumbers, compareNumbers } from '../decimal.ts';
import { validation } from '../errors.ts';
import { type AttributeValue, attributeOf, compareBinary, compareStrings, type Item } from '../value.ts';
import { step, valueAt } from './evaluate.ts';
import type { Operand, Path, UpdateAction } from './syntax.ts';
import type { Values } from './types.ts';

/** A container in the item and what its element gets; undefined removes it. */
type Write = {
  readonly container: Item | AttributeValue[];
  readonly element: string | number;
  readonly value: AttributeValue | undefined;
};

const badType = (): Error => validation('An operand in the update expression has an incorrect data type');
const badPath = (): Error => validation('The document path provided in the update expression is invalid for update');

/** Changes `item` in place. Every path and every operand is read from the item as it was before. */
export function applyUpdate(item: Item, actions: readonly UpdateAction[], values: Values): void {
  const containers = new Map(actions.map((action) => [action, containerOf(item, action.path)]));
  // Where several operands are wrong, DynamoDB names one of the SET section first.
  const ordered = [...actions].sort((a, b) => Number(b.kind === 'SET') - Number(a.kind === 'SET'));
  const writes = ordered.map(
    (action): Write => ({
      container: containers.get(action) ?? item,
      element: action.path.at(-1) ?? '',
      value: newValue(action, item, values),
    }),
  );
  // Elements behind the end are appended in the order of their indexes; removals go last and from the back, so that indexes stay true.
  const assigned = writes.filter(({ value }) => value !== undefined).sort((a, b) => position(a) - position(b));
  const removed = writes.filter(({ value }) => value === undefined).sort((a, b) => position(b) - position(a));
  for (const write of [...assigned, ...removed]) put(write);
}

function position({ element }: Write): number {
  return typeof element === 'number' ? element : -1;
}

/** The value that the path gets; undefined removes it. */
function newValue(action: UpdateAction, item: Item, values: Values): AttributeValue | undefined {
  if (action.kind === 'REMOVE') return undefined;
  if (action.kind === 'SET') return evaluate(action.operand, item, values);
  const given = values.get(action.value) as AttributeValue;
  const current = valueAt(item, action.path);
  return action.kind === 'ADD' ? added(current, given) : without(current, given);
}

function evaluate(operand: Operand, item: Item, values: Values): AttributeValue {
  if (operand.kind === 'value') return structuredValue(values.get(operand.name) as AttributeValue);
  if (operand.kind === 'path') {
    const value = valueAt(item, operand.path);
    if (value) return structuredValue(value);
    throw validation('The provided expression refers to an attribute that does not exist in the item');
  }
  if (operand.kind === 'arithmetic') {
    const left = evaluate(operand.left, item, values);
    const right = evaluate(operand.right, item, values);
    if (!('N' in left && 'N' in right)) throw badType();
    return { N: addNumbers(left.N, right.N, operand.operator) };
  }
  const [first, second] = operand.operands as [Operand, Operand];
  if (operand.name === 'if_not_exists') {
    const exists = first.kind === 'path' && valueAt(item, first.path) !== undefined;
    return evaluate(exists ? first : second, item, values);
  }
  const head = evaluate(first, item, values);
  const tail = evaluate(second, item, values);
  if (!('L' in head && 'L' in tail)) throw badType();
  return { L: [...head.L, ...tail.L] };
}

/** A copy where later actions could otherwise write into a value that stands in two places. */
function structuredValue(value: AttributeValue): AttributeValue {
  return 'M' in value || 'L' in value ? structuredClone(value) : value;
}

function added(current: AttributeValue | undefined, given: AttributeValue): AttributeValue {
  if (!current) return given;
  if ('N' in given && 'N' in current) return { N: addNumbers(current.N, given.N, '+') };
  if ('SS' in given && 'SS' in current) return { SS: union(current.SS, given.SS).sort(compareStrings) };
  if ('NS' in given && 'NS' in current) return { NS: union(current.NS, given.NS).sort(compareNumbers) };
  if ('BS' in given && 'BS' in current) return { BS: union(current.BS, given.BS).sort(compareBinary) };
  throw badType();
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])];
}

function without(current: AttributeValue | undefined, given: AttributeValue): AttributeValue | undefined {
  if (!current) return undefined;
  const rest = (left: readonly string[], right: readonly string[]): string[] =>
    left.filter((element) => !right.includes(element));
  if ('SS' in given && 'SS' in current) return nonEmpty({ SS: rest(current.SS, given.SS) });
  if ('NS' in given && 'NS' in current) return nonEmpty({ NS: rest(current.NS, given.NS) });
  if ('BS' in given && 'BS' in current) return nonEmpty({ BS: rest(current.BS, given.BS) });
  throw badType();
}

/** A set that lost its last element is no attribute any more. */
function nonEmpty(set: { SS: string[] } | { NS: string[] } | { BS: string[] }): AttributeValue | undefined {
  return Object.values(set)[0]?.length === 0 ? undefined : set;
}

/** What holds the last element of a path: it must be there and be of the kind that the element asks for. */
function containerOf(item: Item, path: Path): Item | AttributeValue[] {
  if (path.length === 1) return item;
  let value = attributeOf(item, path[0] as string);
  for (const element of path.slice(1, -1)) value = value && step(value, element);
  if (value && 'L' in value && typeof path.at(-1) === 'number') return value.L;
  if (value && 'M' in value && typeof path.at(-1) === 'string') return value.M;
  throw badPath();
}

function put({ container, element, value }: Write): void {
  if (!Array.isArray(container)) {
    if (value) container[element] = value;
    else delete container[element];
  } else if (value) container[Math.min(Number(element), container.length)] = value;
  else container.splice(Number(element), 1);
}
