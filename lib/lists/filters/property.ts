import { fiscalMonth } from '../../flows/zoned-time.ts';
import { type Answer, always, fixed, isAfter, isBefore, isWithin, type Moving, not } from './answer.ts';
import { everOf, type FilterOperation, kindOf, monthOf, months } from './operation.ts';
import { momentOfValue, movingPoint, unitStart } from './time-point.ts';
import { meetsValue } from './value.ts';

/** A value that a property had from a moment on. */
export type Version = { readonly value: string; readonly at: number };

/** What operations look at. Versions are asked for by operations on history alone. */
export type Subject = {
  readonly properties: Readonly<Record<string, string | undefined>>;
  /** Newest first; the first one is the present value. */
  readonly versions?: ((property: string) => readonly Version[]) | undefined;
};

const dayMs = 86_400_000;

/**
 * Whether a record's property meets the operation. Text is compared without regard to letter case and width; times without a zone
 * are those of Japan. Without a value only what says so is met (`IS_UNKNOWN`, `includeObjectsWithNoValueSet`).
 */
export function propertyAnswer(property: string, operation: FilterOperation, subject: Subject, now: number): Answer {
  const ever = everOf(operation.operator);
  if (ever) return everAnswer(property, operation, ever, subject);
  const kind = kindOf(operation);
  const value = subject.properties[property];
  if (kind === 'KNOWN') return always(isSet(value) === /^IS_(KNOWN|NOT_BLANK)$/.test(operation.operator));
  if (kind === 'ROLLING_UPDATED') return updatedAnswer(property, operation, subject, now);
  if (kind === 'UPDATED_COMPARISON') return updatedComparison(property, operation, subject, now);
  if (!isSet(value)) return always(operation.includeObjectsWithNoValueSet ?? false);
  const time = operation.propertyParser === 'UPDATED_AT' ? updatedAt(subject, property) : momentOfValue(value);
  return timeAnswer(time, operation, subject, now) ?? always(meetsValue(value, operation, subject.properties));
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

/** Whether a property's value (undefined = not set) meets an operation that asks for nothing but the value. */
export const meets = (value: string | undefined, operation: FilterOperation, now: string): boolean =>
  propertyAnswer('value', operation, { properties: { value } }, Date.parse(now)).met;

const versionsOf = (subject: Subject, property: string): readonly Version[] => subject.versions?.(property) ?? [];

const updatedAt = (subject: Subject, property: string) => versionsOf(subject, property)[0]?.at ?? Number.NaN;

function everAnswer(
  property: string,
  operation: FilterOperation,
  { operator, never }: { readonly operator: string; readonly never: boolean },
  subject: Subject,
): Answer {
  const current = subject.properties[property];
  const values = [current, ...versionsOf(subject, property).map(({ value }) => value)].filter(isSet);
  if (values.length === 0) return always(operation.includeObjectsWithNoValueSet ?? false);
  return always(values.some((value) => meetsValue(value, { ...operation, operator }, subject.properties)) !== never);
}

function updatedAnswer(property: string, operation: FilterOperation, subject: Subject, now: number): Answer {
  const { numberOfDays = 0, operator, includeObjectsWithNoValueSet = false } = operation;
  const at = updatedAt(subject, property);
  if (Number.isNaN(at)) return always(operator.startsWith('NOT_') || includeObjectsWithNoValueSet);
  const recent = isAfter(at, ago(numberOfDays), now, true);
  return operator.startsWith('NOT_') ? not(recent) : recent;
}

function updatedComparison(property: string, operation: FilterOperation, subject: Subject, now: number): Answer {
  const [one, other] = [updatedAt(subject, property), updatedAt(subject, operation.comparisonPropertyName ?? '')];
  if (Number.isNaN(one) || Number.isNaN(other)) return always(operation.includeObjectsWithNoValueSet ?? false);
  return operation.operator === 'IS_BEFORE' ? isBefore(one, fixed(other), now) : isAfter(one, fixed(other), now);
}

const ago = (days: number): Moving => ({ at: (now) => now - days * dayMs, moves: true });
const present: Moving = { at: (now) => now, moves: true };

/** The answer of an operation on time; undefined for one on anything else. */
function timeAnswer(time: number, operation: FilterOperation, subject: Subject, now: number): Answer | undefined {
  switch (kindOf(operation)) {
    case 'POINT':
      return pointAnswer(time, operation, subject, now);
    case 'TIME_RANGE':
      return timeRangeAnswer(time, operation, subject, now);
    case 'TIME_COMPARISON': {
      const { comparisonPropertyName = '', defaultComparisonValue = '' } = operation;
      const other = fixed(momentOfValue(subject.properties[comparisonPropertyName] || defaultComparisonValue));
      return operation.operator === 'IS_BEFORE' ? isBefore(time, other, now) : isAfter(time, other, now);
    }
    case 'TIMESTAMP':
      return timestampAnswer(time, operation, now);
    case 'TIMESTAMP_RANGE': {
      const lower = fixed(Number(operation.lowerBoundTimestamp ?? operation.lowerBound));
      const upper = fixed(Number(operation.upperBoundTimestamp ?? operation.upperBound));
      return inOrOut(operation, isWithin(time, [lower, upper], now));
    }
    case 'DAY':
      return dayAnswer(time, operation, now);
    case 'ROLLING':
      return rollingAnswer(time, operation, now);
    case 'CALENDAR':
      return calendarAnswer(time, operation, now);
    default:
      return undefined;
  }
}

const inOrOut = ({ operator }: FilterOperation, within: Answer): Answer =>
  operator === 'IS_NOT_BETWEEN' ? not(within) : within;

const ofProperty = (subject: Subject) => (name: string, reference: 'VALUE' | 'UPDATED_AT') =>
  reference === 'UPDATED_AT' ? updatedAt(subject, name) : momentOfValue(subject.properties[name] ?? '');

function pointAnswer(time: number, operation: FilterOperation, subject: Subject, now: number): Answer {
  const { timePoint, operator, endpointBehavior } = operation;
  if (!timePoint) return always(false);
  const point = movingPoint(timePoint, ofProperty(subject));
  const inclusive = endpointBehavior === 'INCLUSIVE';
  return operator === 'IS_BEFORE' ? isBefore(time, point, now, inclusive) : isAfter(time, point, now, inclusive);
}

function timeRangeAnswer(time: number, operation: FilterOperation, subject: Subject, now: number): Answer {
  const { lowerBoundTimePoint, upperBoundTimePoint } = operation;
  if (!lowerBoundTimePoint || !upperBoundTimePoint) return always(false);
  const ends = [
    movingPoint(lowerBoundTimePoint, ofProperty(subject)),
    movingPoint(upperBoundTimePoint, ofProperty(subject)),
  ] as const;
  const open = {
    lower: operation.lowerBoundEndpointBehavior === 'EXCLUSIVE',
    upper: operation.upperBoundEndpointBehavior === 'EXCLUSIVE',
  };
  return inOrOut(operation, isWithin(time, ends, now, open));
}

/** `IS_BEFORE_DATE` and `IS_AFTER_DATE` are of the whole day in Japan that the timestamp lies in. */
function timestampAnswer(time: number, { operator, timestamp }: FilterOperation, now: number): Answer {
  const stamp = Number(timestamp);
  const dayStart = fixed(unitStart('DAY', 0).at(stamp));
  const dayEnd = fixed(unitStart('DAY', 1).at(stamp));
  switch (operator) {
    case 'IS_BEFORE_DATE':
      return isBefore(time, dayStart, now);
    case 'IS_AFTER_DATE':
      return isAfter(time, dayEnd, now, true);
    case 'IS_BEFORE':
      return isBefore(time, fixed(stamp), now);
    case 'IS_AFTER':
      return isAfter(time, fixed(stamp), now);
    case 'IS_NOT_EQUAL_TO':
      return always(time !== stamp);
    default:
      return always(time === stamp);
  }
}

function dayAnswer(time: number, operation: FilterOperation, now: number): Answer {
  const { year = 0, day = 1, operator } = operation;
  const date = { timeType: 'DATE', year, month: (monthOf(operation) ?? 0) + 1 } as const;
  const start = movingPoint({ ...date, day }, () => Number.NaN);
  const end = movingPoint({ ...date, day: day + 1 }, () => Number.NaN);
  if (operator.endsWith('BEFORE')) return isBefore(time, start, now);
  if (operator.endsWith('AFTER')) return isAfter(time, end, now, true);
  const same = isWithin(time, [start, end], now, { upper: true });
  return operator === 'IS_NOT_EQUAL_TO' ? not(same) : same;
}

function rollingAnswer(time: number, { operator, numberOfDays = 0 }: FilterOperation, now: number): Answer {
  const days = numberOfDays * dayMs;
  const past = ago(numberOfDays);
  const future: Moving = { at: (at) => at + days, moves: true };
  switch (operator) {
    case 'IS_LESS_THAN_X_DAYS_AGO':
      return isWithin(time, [past, present], now, { lower: true });
    case 'IS_MORE_THAN_X_DAYS_AGO':
      return isBefore(time, past, now);
    case 'IS_LESS_THAN_X_DAYS_FROM_NOW':
      return isWithin(time, [present, future], now, { upper: true });
    default:
      return isAfter(time, future, now);
  }
}

function calendarAnswer(time: number, operation: FilterOperation, now: number): Answer {
  const { operator, timeUnit = 'DAY', timeUnitCount = 1, useFiscalYear = false, fiscalYearStart = '' } = operation;
  const named = months.indexOf(fiscalYearStart.slice(0, 3).toUpperCase() as (typeof months)[number]);
  const firstMonth = useFiscalYear ? (named < 0 ? fiscalMonth : named) : 0;
  const start = (by: number) => unitStart(timeUnit, by, firstMonth);
  switch (operator) {
    case 'IN_THIS_TIME_UNIT_SO_FAR':
      return isWithin(time, [start(0), present], now);
    case 'IN_NEXT_TIME_UNIT':
      return isWithin(time, [start(1), start(1 + timeUnitCount)], now, { upper: true });
    case 'IN_LAST_TIME_UNIT':
      return isWithin(time, [start(-timeUnitCount), start(0)], now, { upper: true });
    default:
      return isWithin(time, [start(0), start(1)], now, { upper: true });
  }
}
