import { describe, expect, test } from 'vitest';
import { FilterOperation } from '../../../lib/lists/filters/operation.ts';
import { meets } from '../../../lib/lists/filters/property.ts';

const now = '2026-11-22T03:00:00.000Z';
const met = (value: string | undefined, operation: Record<string, unknown>) =>
  meets(value, FilterOperation.parse(operation), now);
const today = { timeType: 'INDEXED', zoneId: 'Asia/Tokyo', indexReference: { referenceType: 'TODAY' } };

test.each([
  ['a', { operator: 'IS_KNOWN' }, true],
  ['', { operator: 'IS_KNOWN' }, false],
  [undefined, { operator: 'IS_UNKNOWN' }, true],
  ['a', { operator: 'IS_UNKNOWN' }, false],
  ['ＡＢＣ', { operator: 'IS_EQUAL_TO', value: 'abc' }, true],
  ['abc', { operator: 'IS_NOT_EQUAL_TO', value: 'abc' }, false],
  ['10.0', { operator: 'IS_EQUAL_TO', operationType: 'NUMBER', value: 10 }, true],
  ['true', { operator: 'IS_EQUAL_TO', operationType: 'BOOL', value: true }, true],
  ['a;b', { operator: 'IS_ANY_OF', values: ['b', 'c'] }, true],
  ['a;b', { operator: 'IS_NONE_OF', values: ['b', 'c'] }, false],
  ['a;b', { operator: 'CONTAINS_ALL', values: ['b', 'a'] }, true],
  ['a;b', { operator: 'IS_EXACTLY', values: ['a'] }, false],
  ['a;b', { operator: 'IS_NOT_EXACTLY', values: ['a'] }, true],
  ['お問い合わせ', { operator: 'CONTAINS', value: '問い' }, true],
  ['abc', { operator: 'CONTAINS', values: ['x', 'bc'] }, true],
  ['abc', { operator: 'DOES_NOT_CONTAIN', value: 'b' }, false],
  ['abc', { operator: 'STARTS_WITH', value: 'AB' }, true],
  ['abc', { operator: 'ENDS_WITH', value: 'b' }, false],
  ['9', { operator: 'IS_GREATER_THAN', value: '10' }, false],
  ['10', { operator: 'IS_GREATER_THAN_OR_EQUAL_TO', value: 10 }, true],
  ['9', { operator: 'IS_LESS_THAN', value: 10 }, true],
  ['11', { operator: 'IS_LESS_THAN_OR_EQUAL_TO', value: 10 }, false],
  ['5', { operator: 'IS_BETWEEN', lowerBound: 1, upperBound: 5 }, true],
  ['5', { operator: 'IS_NOT_BETWEEN', lowerBound: 1, upperBound: 5 }, false],
  ['2026-11-22', { operator: 'IS_BETWEEN', lowerBoundTimePoint: today, upperBoundTimePoint: today }, true],
  ['2026-11-23', { operator: 'IS_AFTER', timePoint: today }, true],
  ['2026-11-23', { operator: 'IS_BEFORE', timePoint: { ...today, offset: { days: 1 } } }, false],
  ['2026-11-21', { operator: 'IS_BEFORE', timePoint: { timeType: 'DATE', year: 2026, month: 11, day: 22 } }, true],
  ['no date', { operator: 'IS_BEFORE', timePoint: today }, false],
])('%s, %o: %s', (value, operation, expected) => {
  expect(met(value, operation)).toBe(expected);
});

test('a property without a value meets only what says that it should', () => {
  expect(met(undefined, { operator: 'IS_NOT_EQUAL_TO', value: 'a' })).toBe(false);
  expect(met(undefined, { operator: 'IS_NOT_EQUAL_TO', value: 'a', includeObjectsWithNoValueSet: true })).toBe(true);
  expect(met(undefined, { operator: 'IS_KNOWN', includeObjectsWithNoValueSet: true })).toBe(false);
});

describe('years of account are those from April', () => {
  const since = (referenceType: string, month = 1, offset = {}) => ({
    operator: 'IS_AFTER',
    timePoint: { timeType: 'INDEXED', indexReference: { referenceType, month, day: 1 }, offset },
  });
  const at = (value: string, operation: Record<string, unknown>, day: string) =>
    meets(value, FilterOperation.parse(operation), `${day}T03:00:00.000Z`);

  test.each([
    // 2026年度 begins on 1 April 2026.
    ['2026-04-02', since('FISCAL_YEAR'), '2026-11-22', true],
    ['2026-03-31', since('FISCAL_YEAR'), '2026-11-22', false],
    // In February it is still 2025年度.
    ['2025-04-02', since('FISCAL_YEAR'), '2026-02-10', true],
    ['2025-03-31', since('FISCAL_YEAR'), '2026-02-10', false],
    ['2026-03-31', since('FISCAL_YEAR'), '2026-04-01', false],
    // The tenth month of account is January of the year after.
    ['2026-12-31', since('FISCAL_YEAR', 10), '2026-11-22', false],
    ['2027-01-02', since('FISCAL_YEAR', 10), '2026-11-22', true],
    ['2025-04-02', since('FISCAL_YEAR', 1, { years: -1 }), '2026-11-22', true],
    // The third quarter is October to December, the fourth January to March.
    ['2026-10-02', since('FISCAL_QUARTER'), '2026-11-22', true],
    ['2026-09-30', since('FISCAL_QUARTER'), '2026-11-22', false],
    ['2025-12-31', since('FISCAL_QUARTER'), '2026-02-10', false],
    ['2026-01-02', since('FISCAL_QUARTER'), '2026-02-10', true],
    // The calendar's year stays the calendar's.
    ['2026-01-02', since('YEAR'), '2026-02-10', true],
    ['2025-12-31', since('YEAR'), '2026-02-10', false],
  ])('%s, %o on %s: %s', (value, operation, day, expected) => {
    expect(at(value, operation, day)).toBe(expected);
  });

  const thisYear = { operationType: 'CALENDAR_DATE', operator: 'IN_THIS_TIME_UNIT', timeUnit: 'YEAR' };

  test.each([
    ['2026-02-10', { ...thisYear, useFiscalYear: true }, '2025-04-01', true],
    ['2026-02-10', { ...thisYear, useFiscalYear: true }, '2025-03-31', false],
    ['2026-02-10', { ...thisYear, useFiscalYear: true, fiscalYearStart: 'JANUARY' }, '2025-04-01', false],
    ['2026-02-10', { ...thisYear, useFiscalYear: true, fiscalYearStart: 'JULY' }, '2025-07-01', true],
    ['2026-02-10', thisYear, '2025-12-31', false],
  ])('on %s, %o takes %s: %s', (day, operation, value, expected) => {
    expect(at(value, operation, day)).toBe(expected);
  });
});
