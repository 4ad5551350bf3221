import { invalidParameter, validation } from './errors.ts';
import type { Condition, Operand, Path } from './expression/syntax.ts';
import type { Values } from './expression/types.ts';
import { checkKeyValue, encodeKeyValue, endOfPrefix, type KeyAttribute, type KeySchema } from './key.ts';
import type { Bound } from './table-store.ts';
import { type AttributeValue, typeOf } from './value.ts';

export type KeyRange = { readonly hash: string; readonly from?: Bound | undefined; readonly to?: Bound | undefined };

type Part = { readonly attribute: string; readonly operator: string; readonly values: readonly AttributeValue[] };
const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function invalidOperator(operator: string): Error {
  return validation(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function attributeOfPath(path: Path): string {
  if (path.length === 1) return String(path[0]);
  throw validation(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${path[0]}`,
  );
}

function readPart(operator: string, operands: readonly Operand[], values: Values): Part {
  if (operands.some((operand) => operand.kind === 'call')) {
    throw validation('KeyConditionExpressions cannot contain nested operations');
  }
  const paths = operands.flatMap((operand) => (operand.kind === 'path' ? [operand.path] : []));
  const [path] = paths;
  if (paths.length > 1) {
    throw validation('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  }
  if (!path) throw validation('Invalid condition in KeyConditionExpression: No key attribute specified');
  const isFirst = operands[0]?.kind === 'path';
  if (!isFirst && (operator === 'begins_with' || operator === 'BETWEEN')) {
    throw validation(
      `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
    );
  }
  return {
    attribute: attributeOfPath(path),
    operator: isFirst ? operator : (MIRRORED[operator] ?? operator),
    values: operands.flatMap((operand) =>
      operand.kind === 'value' ? [values.get(operand.name) as AttributeValue] : [],
    ),
  };
}

/** The conditions that `AND` joins; nothing but simple comparisons is allowed. */
function readParts(condition: Condition, values: Values): Part[] {
  switch (condition.kind) {
    case 'and':
      return [...readParts(condition.left, values), ...readParts(condition.right, values)];
    case 'compare':
      if (condition.operator === '<>') throw invalidOperator('<>');
      return [readPart(condition.operator, [condition.left, condition.right], values)];
    case 'between':
      return [readPart('BETWEEN', [condition.subject, condition.low, condition.high], values)];
    case 'call':
      if (condition.name !== 'begins_with') throw invalidOperator(condition.name);
      return [readPart('begins_with', condition.operands, values)];
    default:
      throw invalidOperator(condition.kind.toUpperCase());
  }
}

function checkValues(attribute: KeyAttribute, part: Part, isRange: boolean): void {
  for (const value of part.values) {
    if (typeOf(value) !== attribute.type) {
      throw invalidParameter('Condition parameter type does not match schema type');
    }
    checkKeyValue(attribute, value, isRange);
  }
}

function bounds({ operator, values }: Part): { from?: Bound; to?: Bound } {
  const [first, second] = values as [AttributeValue, AttributeValue | undefined];
  const value = encodeKeyValue(first);
  const at: Bound = { value, inclusive: true };
  switch (operator) {
    case '=':
      return { from: at, to: at };
    case '<':
      return { to: { value, inclusive: false } };
    case '<=':
      return { to: at };
    case '>':
      return { from: { value, inclusive: false } };
    case '>=':
      return { from: at };
    case 'begins_with': {
      const end = endOfPrefix(first);
      return { from: at, ...(end !== undefined && { to: { value: end, inclusive: false } }) };
    }
    default:
      return { from: at, to: { value: encodeKeyValue(second as AttributeValue), inclusive: true } };
  }
}

/** Turns a key condition into a range of one partition. */
export function readKeyCondition(schema: KeySchema, condition: Condition, values: Values): KeyRange {
  const parts = readParts(condition, values);
  const names = parts.map((part) => part.attribute);
  if (new Set(names).size < names.length) {
    throw validation('KeyConditionExpressions must only contain one condition per key');
  }
  if (parts.length > 2) throw validation('Conditions can be of length 1 or 2 only');
  const hash = parts.find((part) => part.attribute === schema.hash.name);
  if (!hash) throw validation(`Query condition missed key schema element: ${schema.hash.name}`);
  const range = parts.find((part) => part !== hash);
  if (range && range.attribute !== schema.range?.name) {
    throw schema.range
      ? validation(`Query condition missed key schema element: ${schema.range.name}`)
      : validation('Query key condition not supported');
  }
  if (hash.operator !== '=') throw validation('Query key condition not supported');
  checkValues(schema.hash, hash, false);
  if (range && schema.range) checkValues(schema.range, range, true);
  return { hash: encodeKeyValue(hash.values[0] as AttributeValue), ...(range && bounds(range)) };
}
