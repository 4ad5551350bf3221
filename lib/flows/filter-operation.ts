import * as z from 'zod/mini';
import { momentAt, momentOfValue, TimePoint } from './time-point.ts';

const common = { operationType: z.optional(z.string()), includeObjectsWithNoValueSet: z.optional(z.boolean()) };
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const scalars = z.array(scalar).check(z.minLength(1));

const known = z.object({ ...common, operator: z.enum(['IS_KNOWN', 'IS_UNKNOWN']) });
const anyOf = z.object({
  ...common,
  operator: z.enum(['IS_ANY_OF', 'IS_NONE_OF', 'CONTAINS_ALL', 'IS_EXACTLY', 'IS_NOT_EXACTLY']),
  values: scalars,
});
const text = z.object({
  ...common,
  operator: z.enum(['IS_EQUAL_TO', 'IS_NOT_EQUAL_TO', 'CONTAINS', 'DOES_NOT_CONTAIN', 'STARTS_WITH', 'ENDS_WITH']),
  value: z.optional(scalar),
  values: z.optional(scalars),
});
const order = z.object({
  ...common,
  operator: z.enum(['IS_GREATER_THAN', 'IS_LESS_THAN', 'IS_GREATER_THAN_OR_EQUAL_TO', 'IS_LESS_THAN_OR_EQUAL_TO']),
  value: z.coerce.number(),
});
const range = z.object({
  ...common,
  operator: z.enum(['IS_BETWEEN', 'IS_NOT_BETWEEN']),
  lowerBound: z.optional(z.coerce.number()),
  upperBound: z.optional(z.coerce.number()),
  lowerBoundTimePoint: z.optional(TimePoint),
  upperBoundTimePoint: z.optional(TimePoint),
});
const moment = z.object({ ...common, operator: z.enum(['IS_BEFORE', 'IS_AFTER']), timePoint: TimePoint });

/** The operations of HubSpot's property filters, by operator. */
export const FilterOperation = z
  .discriminatedUnion('operator', [known, anyOf, text, order, range, moment])
  .check(z.refine(isComplete, 'the operation lacks its value'));
export type FilterOperation = z.output<typeof FilterOperation>;

function isComplete(
  operation: z.output<typeof anyOf | typeof known | typeof text | typeof order | typeof range | typeof moment>,
): boolean {
  if (isText(operation)) return operation.value !== undefined || operation.values !== undefined;
  if (operation.operator !== 'IS_BETWEEN' && operation.operator !== 'IS_NOT_BETWEEN') return true;
  const numbers = operation.lowerBound !== undefined && operation.upperBound !== undefined;
  return numbers || (operation.lowerBoundTimePoint !== undefined && operation.upperBoundTimePoint !== undefined);
}

type Text = z.output<typeof text>;
const textOperators: readonly string[] = [
  'IS_EQUAL_TO',
  'IS_NOT_EQUAL_TO',
  'CONTAINS',
  'DOES_NOT_CONTAIN',
  'STARTS_WITH',
  'ENDS_WITH',
];
const isText = (operation: { operator: string }): operation is Text => textOperators.includes(operation.operator);

/** Whether a property's value (undefined = not set) meets the operation. Text is compared without regard to letter case and width. */
export function meets(value: string | undefined, operation: FilterOperation, now: string): boolean {
  if (!isSet(value)) return meetsUnset(operation);
  switch (operation.operator) {
    case 'IS_KNOWN':
      return true;
    case 'IS_UNKNOWN':
      return false;
    case 'IS_ANY_OF':
    case 'IS_NONE_OF':
    case 'CONTAINS_ALL':
    case 'IS_EXACTLY':
    case 'IS_NOT_EXACTLY':
      return meetsOptions(value, operation.operator, operation.values.map(normal));
    case 'IS_GREATER_THAN':
      return Number(value) > operation.value;
    case 'IS_LESS_THAN':
      return Number(value) < operation.value;
    case 'IS_GREATER_THAN_OR_EQUAL_TO':
      return Number(value) >= operation.value;
    case 'IS_LESS_THAN_OR_EQUAL_TO':
      return Number(value) <= operation.value;
    case 'IS_BETWEEN':
      return isBetween(value, operation, now);
    case 'IS_NOT_BETWEEN':
      return !isBetween(value, operation, now);
    case 'IS_BEFORE':
      return (momentOfValue(value) ?? Number.NaN) < momentAt(operation.timePoint, now);
    case 'IS_AFTER':
      return (momentOfValue(value) ?? Number.NaN) > momentAt(operation.timePoint, now);
    default:
      return meetsText(value, operation);
  }
}

function meetsUnset({ operator, includeObjectsWithNoValueSet }: FilterOperation): boolean {
  if (operator === 'IS_KNOWN') return false;
  return operator === 'IS_UNKNOWN' || (includeObjectsWithNoValueSet ?? false);
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

const normal = (value: string | number | boolean) => String(value).normalize('NFKC').trim().toLowerCase();

function meetsOptions(value: string, operator: z.output<typeof anyOf>['operator'], wanted: readonly string[]): boolean {
  const chosen = value.split(';').map(normal);
  switch (operator) {
    case 'IS_ANY_OF':
      return wanted.some((option) => chosen.includes(option));
    case 'IS_NONE_OF':
      return !wanted.some((option) => chosen.includes(option));
    case 'CONTAINS_ALL':
      return wanted.every((option) => chosen.includes(option));
    case 'IS_EXACTLY':
      return isSame(chosen, wanted);
    case 'IS_NOT_EXACTLY':
      return !isSame(chosen, wanted);
  }
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.every((each) => other.includes(each)) && other.every((each) => one.includes(each));

function meetsText(stored: string, { operator, operationType, value, values }: Text): boolean {
  const wanted = values ?? (value === undefined ? [] : [value]);
  const equals =
    operationType === 'NUMBER'
      ? (one: unknown) => Number(stored) === Number(one)
      : (one: unknown) => normal(stored) === normal(String(one));
  const found = (test: (text: string, part: string) => boolean) =>
    wanted.some((part) => test(normal(stored), normal(part)));
  switch (operator) {
    case 'IS_EQUAL_TO':
      return wanted.some(equals);
    case 'IS_NOT_EQUAL_TO':
      return !wanted.some(equals);
    case 'CONTAINS':
      return found((whole, part) => whole.includes(part));
    case 'DOES_NOT_CONTAIN':
      return !found((whole, part) => whole.includes(part));
    case 'STARTS_WITH':
      return found((whole, part) => whole.startsWith(part));
    case 'ENDS_WITH':
      return found((whole, part) => whole.endsWith(part));
  }
}

function isBetween(value: string, operation: z.output<typeof range>, now: string): boolean {
  const { lowerBound, upperBound, lowerBoundTimePoint, upperBoundTimePoint } = operation;
  if (lowerBoundTimePoint && upperBoundTimePoint) {
    const at = momentOfValue(value);
    return at !== undefined && at >= momentAt(lowerBoundTimePoint, now) && at <= momentAt(upperBoundTimePoint, now);
  }
  return Number(value) >= (lowerBound ?? Number.NaN) && Number(value) <= (upperBound ?? Number.NaN);
}
