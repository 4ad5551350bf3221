import { expect, test } from 'vitest';
import { isMet } from '../../../lib/forms/condition.ts';
import type { DependentCondition } from '../../../lib/forms/schema.ts';

const condition = (
  operator: DependentCondition['operator'],
  more: Partial<DependentCondition> = {},
): DependentCondition => ({
  operator,
  value: '',
  values: [],
  rangeStart: '',
  rangeEnd: '',
  ...more,
});

test.each([
  ['eq', { value: '代理店' }, '代理店', '広告主'],
  ['neq', { value: '代理店' }, '広告主', '代理店'],
  ['contains', { value: 'Agency' }, 'an agency', 'a shop'],
  ['doesnt_contain', { value: 'agency' }, 'a shop', 'an Agency'],
  ['str_starts_with', { value: 's0' }, 'S0001', '1s0'],
  ['str_ends_with', { value: '.jp' }, 'example.JP', 'example.com'],
  ['lt', { value: '10' }, '9', '10'],
  ['lte', { value: '10' }, '10', '11'],
  ['gt', { value: '9' }, '10', '9'],
  ['gte', { value: '2026-11-22' }, '2026-11-22', '2026-11-21'],
  ['between', { rangeStart: '5', rangeEnd: '10' }, '10', '11'],
  ['not_between', { rangeStart: '5', rangeEnd: '10' }, '4', '5'],
  ['set_any', { values: ['a', 'b'] }, 'c;b', 'c;d'],
  ['set_not_any', { values: ['a', 'b'] }, 'c', 'a'],
  ['set_all', { values: ['a', 'b'] }, 'b;c;a', 'a'],
  ['set_not_all', { values: ['a', 'b'] }, 'a', 'a;b'],
  ['set_eq', { values: ['a', 'b'] }, 'b;a', 'a;b;c'],
  ['set_neq', { values: ['a', 'b'] }, 'a', 'b;a'],
  ['is_not_empty', {}, 'x', ''],
] as const)('%s %o holds for "%s" and not for "%s"', (operator, more, met, unmet) => {
  const given = condition(operator, more as Partial<DependentCondition>);
  expect(isMet(given, met)).toBe(true);
  expect(isMet(given, unmet)).toBe(false);
});

test('an answer that was not given meets no comparison', () => {
  for (const operator of ['lt', 'lte', 'gt', 'gte', 'between', 'not_between'] as const)
    expect(isMet(condition(operator, { value: '5', rangeStart: '1', rangeEnd: '9' }), '')).toBe(false);
});
