import * as z from 'zod/mini';
import { TimePoint } from './time-point.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number or a boolean');
const amount = z.optional(z.union([z.number(), z.string()]));

const operators = [
  ...['IS_KNOWN', 'IS_UNKNOWN', 'IS_BLANK', 'IS_NOT_BLANK'],
  ...['IS_EQUAL_TO', 'IS_NOT_EQUAL_TO', 'CONTAINS', 'DOES_NOT_CONTAIN', 'STARTS_WITH', 'ENDS_WITH'],
  ...['CONTAINS_EXACTLY', 'DOES_NOT_CONTAIN_EXACTLY'],
  ...['IS_ANY_OF', 'IS_NONE_OF', 'CONTAINS_ALL', 'DOES_NOT_CONTAIN_ALL', 'IS_EXACTLY', 'IS_NOT_EXACTLY'],
  ...['IS_GREATER_THAN', 'IS_LESS_THAN', 'IS_GREATER_THAN_OR_EQUAL_TO', 'IS_LESS_THAN_OR_EQUAL_TO'],
  ...['IS_BETWEEN', 'IS_NOT_BETWEEN', 'IS_BEFORE', 'IS_AFTER'],
  ...['IS_BEFORE_DATE', 'IS_AFTER_DATE', 'EQUAL', 'BEFORE', 'AFTER'],
  ...['IS_LESS_THAN_X_DAYS_AGO', 'IS_MORE_THAN_X_DAYS_AGO'],
  ...['IS_LESS_THAN_X_DAYS_FROM_NOW', 'IS_MORE_THAN_X_DAYS_FROM_NOW'],
  ...['UPDATED_IN_LAST_X_DAYS', 'NOT_UPDATED_IN_LAST_X_DAYS'],
  ...['IN_THIS_TIME_UNIT', 'IN_THIS_TIME_UNIT_SO_FAR', 'IN_NEXT_TIME_UNIT', 'IN_LAST_TIME_UNIT'],
  ...['HAS_EVER_BEEN_EQUAL_TO', 'HAS_NEVER_BEEN_EQUAL_TO', 'HAS_EVER_CONTAINED', 'HAS_NEVER_CONTAINED'],
  ...['HAS_EVER_BEEN_ANY_OF', 'HAS_NEVER_BEEN_ANY_OF', 'HAS_EVER_BEEN_EXACTLY', 'HAS_NEVER_BEEN_EXACTLY'],
  ...['HAS_EVER_CONTAINED_ALL', 'HAS_NEVER_CONTAINED_ALL'],
];

export const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

const fields = z.looseObject({
  operationType: z.optional(z.string()),
  operator: z.string().check(
    z.refine((operator) => operators.includes(operator), {
      error: 'is no operator of property filters',
      abort: true,
    }),
  ),
  includeObjectsWithNoValueSet: z.optional(z.boolean()),
  value: z.optional(scalar),
  values: z.optional(z.array(scalar).check(z.minLength(1))),
  lowerBound: amount,
  upperBound: amount,
  lowerBoundTimestamp: amount,
  upperBoundTimestamp: amount,
  timestamp: amount,
  numberOfDays: z.optional(z.number()),
  year: z.optional(z.number()),
  month: z.optional(z.string()),
  day: z.optional(z.number()),
  timeUnit: z.optional(z.enum(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'])),
  timeUnitCount: z.optional(z.number()),
  useFiscalYear: z.optional(z.boolean()),
  fiscalYearStart: z.optional(z.string()),
  comparisonPropertyName: z.optional(z.string()),
  defaultComparisonValue: z.optional(z.string()),
  timePoint: z.optional(TimePoint),
  lowerBoundTimePoint: z.optional(TimePoint),
  upperBoundTimePoint: z.optional(TimePoint),
  propertyParser: z.optional(z.enum(['VALUE', 'UPDATED_AT'])),
  endpointBehavior: z.optional(z.enum(['INCLUSIVE', 'EXCLUSIVE'])),
  lowerBoundEndpointBehavior: z.optional(z.enum(['INCLUSIVE', 'EXCLUSIVE'])),
  upperBoundEndpointBehavior: z.optional(z.enum(['INCLUSIVE', 'EXCLUSIVE'])),
});
type Fields = z.output<typeof fields>;

/** What an operation does with a value: the way to read HubSpot's operation types, whose operators partly have the same names. */
export type OperationKind =
  | 'KNOWN'
  | 'TEXT'
  | 'OPTIONS'
  | 'ORDER'
  | 'NUMBER_RANGE'
  | 'POINT'
  | 'TIME_RANGE'
  | 'TIMESTAMP'
  | 'TIMESTAMP_RANGE'
  | 'DAY'
  | 'ROLLING'
  | 'ROLLING_UPDATED'
  | 'CALENDAR'
  | 'COMPARISON'
  | 'TIME_COMPARISON'
  | 'UPDATED_COMPARISON';

const typeOf = ({ operationType = '' }: Fields) => operationType.toUpperCase().replaceAll('-', '_');

const optionOperators = [
  'IS_ANY_OF',
  'IS_NONE_OF',
  'CONTAINS_ALL',
  'DOES_NOT_CONTAIN_ALL',
  'IS_EXACTLY',
  'IS_NOT_EXACTLY',
];
const orders = ['IS_GREATER_THAN', 'IS_LESS_THAN', 'IS_GREATER_THAN_OR_EQUAL_TO', 'IS_LESS_THAN_OR_EQUAL_TO'];
const ranges = ['IS_BETWEEN', 'IS_NOT_BETWEEN'];
const comparisons = ['IS_BEFORE', 'IS_AFTER'];

/** Undefined: the operation lacks what its operator needs. */
export function kindOf(operation: Fields): OperationKind | undefined {
  const { operator, comparisonPropertyName } = operation;
  const type = typeOf(operation);
  if (/^IS_(KNOWN|UNKNOWN|BLANK|NOT_BLANK)$/.test(operator)) return 'KNOWN';
  if (comparisonPropertyName !== undefined) {
    if (!comparisons.includes(operator)) return 'COMPARISON';
    return type.includes('UPDATED') ? 'UPDATED_COMPARISON' : 'TIME_COMPARISON';
  }
  if (operator.endsWith('TIME_UNIT') || operator.endsWith('SO_FAR')) return operation.timeUnit && 'CALENDAR';
  if (operator.endsWith('UPDATED_IN_LAST_X_DAYS')) return present(operation.numberOfDays, 'ROLLING_UPDATED');
  if (operator.includes('_X_DAYS_')) return present(operation.numberOfDays, 'ROLLING');
  if (/^(EQUAL|BEFORE|AFTER)$/.test(operator) || type === 'DATE') return present(monthOf(operation), 'DAY');
  if (ranges.includes(operator)) return rangeKind(operation, type);
  if (operation.timestamp !== undefined) return 'TIMESTAMP';
  if (comparisons.includes(operator)) return operation.timePoint && 'POINT';
  if (orders.includes(operator)) return Number.isNaN(Number(operation.value ?? Number.NaN)) ? undefined : 'ORDER';
  if (isOption(operator)) return operation.values && 'OPTIONS';
  return operation.value === undefined && operation.values === undefined ? undefined : 'TEXT';
}

const present = <K>(value: unknown, kind: K): K | undefined => (value === undefined ? undefined : kind);

function rangeKind(operation: Fields, type: string): OperationKind | undefined {
  const { lowerBound, upperBound, lowerBoundTimestamp, upperBoundTimestamp } = operation;
  if (operation.lowerBoundTimePoint && operation.upperBoundTimePoint) return 'TIME_RANGE';
  if (lowerBoundTimestamp !== undefined && upperBoundTimestamp !== undefined) return 'TIMESTAMP_RANGE';
  if (lowerBound === undefined || upperBound === undefined) return undefined;
  return /DATE/.test(type) ? 'TIMESTAMP_RANGE' : 'NUMBER_RANGE';
}

/** The operator that asks the same of one value, for those that ask it of every value that the property ever had. */
const ofEver: Readonly<Record<string, string>> = {
  HAS_EVER_BEEN_EQUAL_TO: 'IS_EQUAL_TO',
  HAS_EVER_CONTAINED: 'CONTAINS',
  HAS_EVER_BEEN_ANY_OF: 'IS_ANY_OF',
  HAS_EVER_BEEN_EXACTLY: 'IS_EXACTLY',
  HAS_EVER_CONTAINED_ALL: 'CONTAINS_ALL',
};

/** What an operator asks of each value that the property ever had, and whether one that fits is wanted or forbidden. */
export function everOf(operator: string): { readonly operator: string; readonly never: boolean } | undefined {
  const one = ofEver[operator.replace('HAS_NEVER_', 'HAS_EVER_')];
  return one === undefined ? undefined : { operator: one, never: operator.startsWith('HAS_NEVER_') };
}

const isOption = (operator: string) => optionOperators.includes(everOf(operator)?.operator ?? operator);

export const monthOf = ({ year, month = '', day }: Fields): number | undefined => {
  const found = months.indexOf(month.slice(0, 3).toUpperCase() as (typeof months)[number]);
  return year === undefined || day === undefined || found < 0 ? undefined : found;
};

/** The operations of HubSpot's property filters, by operator. What they carry besides is kept as it came. */
export const FilterOperation = fields.check(
  z.refine((operation) => kindOf(operation) !== undefined, 'the operation lacks its value'),
);
export type FilterOperation = Fields;

const points = ({ timePoint, lowerBoundTimePoint, upperBoundTimePoint }: FilterOperation) =>
  [timePoint, lowerBoundTimePoint, upperBoundTimePoint].filter((point) => point !== undefined);

/** The other properties of the record that an operation looks at. */
export const comparedProperties = (operation: FilterOperation): string[] => [
  ...(operation.comparisonPropertyName === undefined ? [] : [operation.comparisonPropertyName]),
  ...points(operation).flatMap((point) => (point.timeType === 'PROPERTY_REFERENCED' ? [point.property] : [])),
];

/** Whether the operation asks for earlier values of a property, or for when it was changed. */
export const asksHistory = (operation: FilterOperation): boolean =>
  everOf(operation.operator) !== undefined ||
  operation.propertyParser === 'UPDATED_AT' ||
  ['ROLLING_UPDATED', 'UPDATED_COMPARISON'].includes(kindOf(operation) ?? '') ||
  points(operation).some((point) => point.timeType === 'PROPERTY_REFERENCED' && point.referenceType === 'UPDATED_AT');
