import { type FilterOperation, kindOf } from './operation.ts';

type Properties = Readonly<Record<string, string | undefined>>;

/** Whether a value meets an operation that looks at values alone, letter case and width aside. */
export function meetsValue(value: string, operation: FilterOperation, properties: Properties): boolean {
  const { operator } = operation;
  switch (kindOf(operation)) {
    case 'OPTIONS':
      return meetsOptions(value, operator, (operation.values ?? []).map(normal));
    case 'ORDER':
      return meetsOrder(Number(value), operator, Number(operation.value));
    case 'NUMBER_RANGE': {
      const within = Number(value) >= Number(operation.lowerBound) && Number(value) <= Number(operation.upperBound);
      return within === (operator === 'IS_BETWEEN');
    }
    case 'COMPARISON':
      return meetsComparison(value, operation, properties);
    default:
      return meetsText(value, operation);
  }
}

function meetsComparison(value: string, operation: FilterOperation, properties: Properties): boolean {
  const { operator, comparisonPropertyName = '', defaultComparisonValue } = operation;
  const other = properties[comparisonPropertyName] || defaultComparisonValue;
  if (!other) return operation.includeObjectsWithNoValueSet ?? false;
  if (operator.includes('THAN')) return meetsOrder(Number(value), operator, Number(other));
  const same = meetsText(value, { ...operation, operator: 'IS_EQUAL_TO', value: other, values: undefined });
  return operator === 'IS_NOT_EQUAL_TO' ? !same : same;
}

const normal = (value: string | number | boolean) => String(value).normalize('NFKC').trim().toLowerCase();

function meetsOrder(value: number, operator: string, wanted: number): boolean {
  switch (operator) {
    case 'IS_GREATER_THAN':
      return value > wanted;
    case 'IS_LESS_THAN':
      return value < wanted;
    case 'IS_GREATER_THAN_OR_EQUAL_TO':
      return value >= wanted;
    default:
      return value <= wanted;
  }
}

function meetsOptions(value: string, operator: string, wanted: readonly string[]): boolean {
  const chosen = value.split(';').map(normal);
  const every = wanted.every((option) => chosen.includes(option));
  switch (operator) {
    case 'IS_ANY_OF':
      return wanted.some((option) => chosen.includes(option));
    case 'IS_NONE_OF':
      return !wanted.some((option) => chosen.includes(option));
    case 'CONTAINS_ALL':
      return every;
    case 'DOES_NOT_CONTAIN_ALL':
      return !every;
    case 'IS_EXACTLY':
      return every && chosen.every((each) => wanted.includes(each));
    default:
      return !(every && chosen.every((each) => wanted.includes(each)));
  }
}

function meetsText(stored: string, { operator, operationType = '', value, values }: FilterOperation): boolean {
  const wanted = values ?? (value === undefined ? [] : [value]);
  const equals = operationType.toUpperCase().startsWith('NUMBER')
    ? (one: unknown) => Number(stored) === Number(one)
    : (one: unknown) => normal(stored) === normal(String(one));
  const whole = normal(stored);
  const found = (test: (part: string) => boolean) => wanted.some((part) => test(normal(part)));
  const word = (part: string) => ` ${whole} `.includes(` ${part} `);
  switch (operator) {
    case 'IS_NOT_EQUAL_TO':
      return !wanted.some(equals);
    case 'CONTAINS':
      return found((part) => whole.includes(part));
    case 'DOES_NOT_CONTAIN':
      return !found((part) => whole.includes(part));
    case 'CONTAINS_EXACTLY':
      return found(word);
    case 'DOES_NOT_CONTAIN_EXACTLY':
      return !found(word);
    case 'STARTS_WITH':
      return found((part) => whole.startsWith(part));
    case 'ENDS_WITH':
      return found((part) => whole.endsWith(part));
    default:
      return wanted.some(equals);
  }
}
