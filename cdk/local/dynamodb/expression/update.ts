import { addNumbers, compareNumbers } from '../decimal.ts';
import { validation } from '../errors.ts';
import { type AttributeValue, attributeOf, compareBinary, compareStrings, type Item } from '../value.ts';
import { step, valueAt } from './evaluate.ts';
import type { Operand, Path, UpdateAction } from './syntax.ts';
import type { Values } from './types.ts';

type Write = { readonly path: Path; readonly value: AttributeValue | undefined };

const badType = (): Error => validation('An operand in the update expression has an incorrect data type');
const badPath = (): Error => validation('The document path provided in the update expression is invalid for update');

/** Changes `item` in place. Every operand is read from the item as it was before. */
export function applyUpdate(item: Item, actions: readonly UpdateAction[], values: Values): void {
  const writes = actions.map((action) => ({ path: action.path, value: newValue(action, item, values) }));
  for (const write of writes) checkParent(item, write.path);
  const isRemoval = ({ value }: Write): boolean => value === undefined;
  // Elements behind the end are appended in the order of their indexes; removals go last and from the back, so that indexes stay true.
  const assigned = writes.filter((write) => !isRemoval(write)).sort((a, b) => lastIndex(a.path) - lastIndex(b.path));
  const removed = writes.filter(isRemoval).sort((a, b) => lastIndex(b.path) - lastIndex(a.path));
  for (const write of [...assigned, ...removed]) put(item, write);
}

function lastIndex(path: Path): number {
  const last = path.at(-1);
  return typeof last === 'number' ? last : -1;
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

function parentOf(item: Item, path: Path): AttributeValue | undefined {
  let value = attributeOf(item, path[0] as string);
  for (const element of path.slice(1, -1)) value = value && step(value, element);
  return value;
}

/** Everything above the last element must be there and be of the kind that the element asks for. */
function checkParent(item: Item, path: Path): void {
  if (path.length === 1) return;
  const parent = parentOf(item, path);
  const fits = parent && (typeof path.at(-1) === 'number' ? 'L' in parent : 'M' in parent);
  if (!fits) throw badPath();
}

function put(item: Item, { path, value }: Write): void {
  const last = path.at(-1) as string | number;
  const parent = path.length === 1 ? { M: item } : parentOf(item, path);
  if (parent && 'M' in parent) {
    if (value) parent.M[last] = value;
    else delete parent.M[last];
  } else if (parent && 'L' in parent) {
    const index = Math.min(Number(last), parent.L.length);
    if (value) parent.L[index] = value;
    else parent.L.splice(Number(last), 1);
  }
}
