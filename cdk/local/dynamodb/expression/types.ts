import { type AttributeValue, compareValues, typeOf, type ValueType, valueTypes } from '../value.ts';
import { type Condition, type Operand, samePath, showPath, type UpdateAction } from './syntax.ts';

/** The values of an expression's placeholders. */
export type Values = ReadonlyMap<string, AttributeValue>;
type Refuse = (message: string) => Error;

const ORDERED: ReadonlySet<string> = new Set(['S', 'N', 'B']);
const SIZELESS: ReadonlySet<string> = new Set(['N', 'BOOL', 'NULL']);
const LONG_NAMES: Readonly<Record<ValueType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  M: 'MAP',
  L: 'LIST',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
};
const ADDABLE: ReadonlySet<string> = new Set(['N', 'SS', 'NS', 'BS']);
const DELETABLE: ReadonlySet<string> = new Set(['SS', 'NS', 'BS']);

/** The type that an operand has whatever the item holds; undefined for what only the item tells. */
function staticType(operand: Operand, values: Values): ValueType | undefined {
  if (operand.kind === 'value') {
    const value = values.get(operand.name);
    return value && typeOf(value);
  }
  if (operand.kind === 'arithmetic') return 'N';
  if (operand.kind === 'path') return undefined;
  if (operand.name === 'size') return 'N';
  return operand.name === 'list_append' ? 'L' : undefined;
}

function wrongType(operator: string, type: string): string {
  return `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`;
}

/** Checks what DynamoDB checks before it looks at any item. */
export function checkConditionTypes(condition: Condition, values: Values, refuse: Refuse): void {
  switch (condition.kind) {
    case 'and':
    case 'or':
      checkConditionTypes(condition.left, values, refuse);
      checkConditionTypes(condition.right, values, refuse);
      return;
    case 'not':
      checkConditionTypes(condition.inner, values, refuse);
      return;
    case 'compare':
      checkDistinct(condition.operator, [condition.left, condition.right], refuse);
      checkOperands([condition.left, condition.right], values, refuse);
      if (condition.operator !== '=' && condition.operator !== '<>') {
        checkOrdered(condition.operator, [condition.left, condition.right], values, refuse);
      }
      return;
    case 'between':
      checkDistinct('BETWEEN', [condition.subject, condition.low, condition.high], refuse);
      checkOperands([condition.subject, condition.low, condition.high], values, refuse);
      checkOrdered('BETWEEN', [condition.subject, condition.low, condition.high], values, refuse);
      checkBounds(condition.low, condition.high, values, refuse);
      return;
    case 'in':
      checkDistinct('IN', [condition.subject, ...condition.options], refuse);
      checkOperands([condition.subject, ...condition.options], values, refuse);
      return;
    case 'call':
      checkCall(condition.name, condition.operands, values, refuse);
  }
}

/** A path is never compared with itself. */
function checkDistinct(operator: string, [first, ...rest]: readonly Operand[], refuse: Refuse): void {
  if (first?.kind !== 'path') return;
  if (rest.some((operand) => operand.kind === 'path' && samePath(operand.path, first.path))) {
    throw refuse(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${showPath(first.path)}`,
    );
  }
}

function checkOperands(operands: readonly Operand[], values: Values, refuse: Refuse): void {
  for (const operand of operands) {
    if (operand.kind === 'call') checkCall(operand.name, operand.operands, values, refuse);
  }
}

function checkOrdered(operator: string, operands: readonly Operand[], values: Values, refuse: Refuse): void {
  for (const operand of operands) {
    const type = staticType(operand, values);
    if (type !== undefined && !ORDERED.has(type)) throw refuse(wrongType(operator, type));
  }
}

function shown(value: AttributeValue): string {
  const type = typeOf(value);
  return `AttributeValue: {${type}:${String(Object.values(value)[0])}}`;
}

function checkBounds(low: Operand, high: Operand, values: Values, refuse: Refuse): void {
  const from = low.kind === 'value' ? values.get(low.name) : undefined;
  const to = high.kind === 'value' ? values.get(high.name) : undefined;
  if (!from || !to) return;
  const bounds = `lower bound operand: ${shown(from)}, upper bound operand: ${shown(to)}`;
  const order = compareValues(from, to);
  if (order === undefined) {
    throw refuse(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  }
  if (order > 0) {
    throw refuse(`The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`);
  }
}

function checkCall(name: string, operands: readonly Operand[], values: Values, refuse: Refuse): void {
  checkDistinct(name, operands, refuse);
  checkOperands(operands, values, refuse);
  const types = operands.map((operand) => staticType(operand, values));
  if (name === 'attribute_exists' || name === 'attribute_not_exists') {
    if (operands[0]?.kind !== 'path') {
      throw refuse(`Operator or function requires a document path; operator or function: ${name}`);
    }
  } else if (name === 'begins_with') {
    const wrong = types.find((type) => type !== undefined && type !== 'S' && type !== 'B');
    if (wrong) throw refuse(wrongType(name, wrong));
  } else if (name === 'size') {
    const [type] = types;
    if (type && SIZELESS.has(type)) throw refuse(wrongType(name, type));
  } else if (name === 'attribute_type') checkTypeName(operands[1], values, refuse);
}

function checkTypeName(operand: Operand | undefined, values: Values, refuse: Refuse): void {
  const value = operand?.kind === 'value' ? values.get(operand.name) : undefined;
  const valid = `{${valueTypes.join(',')}}`;
  if (!value || !('S' in value)) throw refuse(wrongType('attribute_type', value ? typeOf(value) : valid));
  if (!valueTypes.some((type) => type === value.S)) {
    throw refuse(`Invalid attribute type name found; type: ${value.S}, valid types: ${valid}`);
  }
}

/** The same for an update expression. */
export function checkUpdateTypes(actions: readonly UpdateAction[], values: Values, refuse: Refuse): void {
  for (const action of actions) {
    if (action.kind === 'SET') checkAssigned(action.operand, values, refuse);
    else if (action.kind !== 'REMOVE') {
      const value = values.get(action.value);
      const allowed = action.kind === 'ADD' ? ADDABLE : DELETABLE;
      if (value && !allowed.has(typeOf(value))) {
        throw refuse(
          `Incorrect operand type for operator or function; operator: ${action.kind}, operand type: ${LONG_NAMES[typeOf(value)]}, typeSet: ALLOWED_FOR_${action.kind}_OPERAND`,
        );
      }
    }
  }
}

function checkAssigned(operand: Operand, values: Values, refuse: Refuse): void {
  if (operand.kind === 'arithmetic') {
    for (const side of [operand.left, operand.right]) {
      checkAssigned(side, values, refuse);
      const type = staticType(side, values);
      if (type !== undefined && type !== 'N') throw refuse(wrongType(operand.operator, type));
    }
  } else if (operand.kind === 'call') {
    for (const inner of operand.operands) checkAssigned(inner, values, refuse);
    if (operand.name === 'if_not_exists' && operand.operands[0]?.kind !== 'path') {
      throw refuse('Operator or function requires a document path; operator or function: if_not_exists');
    }
    if (operand.name === 'list_append') {
      const wrong = operand.operands.map((inner) => staticType(inner, values)).find((type) => type && type !== 'L');
      if (wrong) throw refuse(wrongType('list_append', wrong));
    }
  }
}
