import type { PropertyDefinition } from '../../objects/definition.ts';
import { type FilterOperation, kindOf, type OperationKind } from './operation.ts';
import { momentOfValue } from './time-point.ts';

const ofTime: readonly (OperationKind | undefined)[] = [
  'POINT',
  'TIME_RANGE',
  'TIMESTAMP',
  'TIMESTAMP_RANGE',
  'TIME_COMPARISON',
  'DAY',
  'ROLLING',
  'CALENDAR',
];

/** What is wrong with an operation on this property; undefined when it can be evaluated. */
export function operationProblem(
  operation: FilterOperation,
  { name, type, fieldType }: Pick<PropertyDefinition, 'name' | 'type' | 'fieldType'>,
): string | undefined {
  const { operator, operationType = '' } = operation;
  const kind = kindOf(operation);
  const cannot = `${operationType || operator} cannot be used with ${name}, which is a ${type} property`;
  const isTime = type === 'date' || type === 'datetime';
  if (ofTime.includes(kind) && operation.propertyParser !== 'UPDATED_AT' && !isTime) {
    // Text may hold dates, and then it is compared as such.
    return type === 'string' && kind !== 'TIMESTAMP' ? undefined : cannot;
  }
  const isNumber = kind === 'ORDER' || kind === 'NUMBER_RANGE' || /^NUMBER$/i.test(operationType);
  if (isNumber && isTime) return cannot;
  if (isNumber && (type === 'bool' || (type === 'enumeration' && fieldType === 'checkbox'))) return cannot;
  return numberProblem(operation, kind);
}

function numberProblem(operation: FilterOperation, kind: OperationKind | undefined): string | undefined {
  const { lowerBound, upperBound, lowerBoundTimestamp, upperBoundTimestamp, timestamp } = operation;
  const given = [lowerBound, upperBound, lowerBoundTimestamp, upperBoundTimestamp, timestamp].filter(
    (each) => each !== undefined,
  );
  const bad = given.find((each) =>
    kind === 'NUMBER_RANGE' ? Number.isNaN(Number(each)) : Number.isNaN(momentOfValue(String(each))),
  );
  return bad === undefined ? undefined : `${bad} is no number`;
}
