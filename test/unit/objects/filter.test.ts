import { describe, expect, test } from 'vitest';
import type { Compared } from '../../../lib/objects/filter.ts';
import {
  FilterGroups,
  filteredProperties,
  filterProblem,
  passesFilters,
  SearchFilter,
} from '../../../lib/objects/filter.ts';

const types: Readonly<Record<string, Compared>> = {
  subject: { type: 'string', fieldType: 'text' },
  amount: { type: 'number', fieldType: 'number' },
  due: { type: 'date', fieldType: 'date' },
  createdate: { type: 'datetime', fieldType: 'date' },
  stage: { type: 'enumeration', fieldType: 'select' },
  category: { type: 'enumeration', fieldType: 'checkbox' },
  closed: { type: 'bool', fieldType: 'booleancheckbox' },
};
const passes = (filter: Record<string, unknown>, properties: Record<string, string>) =>
  passesFilters(FilterGroups.parse([{ filters: [filter] }]), (name) => types[name], properties);

describe('one condition', () => {
  test.each<[string, Record<string, unknown>, Record<string, string>, boolean]>([
    [
      'text without regard to case and width',
      { propertyName: 'subject', operator: 'EQ', value: 'ＡＢＣ株式会社' },
      { subject: 'abc株式会社' },
      true,
    ],
    ['options by letter case', { propertyName: 'stage', operator: 'EQ', value: 'OPEN' }, { stage: 'open' }, false],
    ['numbers as numbers', { propertyName: 'amount', operator: 'GT', value: '9' }, { amount: '10' }, true],
    ['numbers given as numbers', { propertyName: 'amount', operator: 'LTE', value: 10 }, { amount: '10' }, true],
    [
      'both bounds belong to BETWEEN',
      { propertyName: 'amount', operator: 'BETWEEN', value: '1', highValue: '10' },
      { amount: '10' },
      true,
    ],
    [
      'below the range',
      { propertyName: 'amount', operator: 'BETWEEN', value: '1', highValue: '10' },
      { amount: '0.5' },
      false,
    ],
    [
      'moments by ISO text',
      { propertyName: 'createdate', operator: 'GTE', value: '2026-11-22' },
      { createdate: '2026-11-22T00:00:00.000Z' },
      true,
    ],
    [
      'moments by milliseconds',
      { propertyName: 'createdate', operator: 'LT', value: '1795305600001' },
      { createdate: '2026-11-22T00:00:00.000Z' },
      true,
    ],
    ['days', { propertyName: 'due', operator: 'LT', value: '2026-11-23' }, { due: '2026-11-22' }, true],
    ['one of several', { propertyName: 'stage', operator: 'IN', values: ['1', '2'] }, { stage: '2' }, true],
    ['none of several', { propertyName: 'stage', operator: 'NOT_IN', values: ['1', '2'] }, { stage: '2' }, false],
    ['one tick of several', { propertyName: 'category', operator: 'IN', values: ['B'] }, { category: 'A;B' }, true],
    ['not the value', { propertyName: 'stage', operator: 'NEQ', value: '1' }, { stage: '2' }, true],
    ['negations are met without a value', { propertyName: 'stage', operator: 'NEQ', value: '1' }, {}, true],
    ['others are not', { propertyName: 'amount', operator: 'LT', value: '1' }, {}, false],
    ['set', { propertyName: 'stage', operator: 'HAS_PROPERTY' }, { stage: '1' }, true],
    ['not set', { propertyName: 'stage', operator: 'NOT_HAS_PROPERTY' }, { stage: '' }, true],
    ['yes and no', { propertyName: 'closed', operator: 'EQ', value: true }, { closed: 'true' }, true],
    [
      'a whole word',
      { propertyName: 'subject', operator: 'CONTAINS_TOKEN', value: 'tag' },
      { subject: 'Tag の設置' },
      true,
    ],
    [
      'not a part of a word',
      { propertyName: 'subject', operator: 'CONTAINS_TOKEN', value: 'ta' },
      { subject: 'Tag の設置' },
      false,
    ],
    [
      'Japanese without spaces',
      { propertyName: 'subject', operator: 'CONTAINS_TOKEN', value: '設置' },
      { subject: 'タグの設置方法' },
      true,
    ],
    [
      'anything before',
      { propertyName: 'subject', operator: 'CONTAINS_TOKEN', value: '*@hubspot.com' },
      { subject: 'from info@hubspot.com' },
      true,
    ],
    [
      'anything between',
      { propertyName: 'subject', operator: 'CONTAINS_TOKEN', value: 'a*c*e' },
      { subject: 'abcde' },
      true,
    ],
    [
      'the end must fit',
      { propertyName: 'subject', operator: 'CONTAINS_TOKEN', value: 'ab*b' },
      { subject: 'ab' },
      false,
    ],
    [
      'the negation',
      { propertyName: 'subject', operator: 'NOT_CONTAINS_TOKEN', value: '設置' },
      { subject: 'タグ' },
      true,
    ],
  ])('%s', (_, filter, properties, expected) => {
    expect(passes(filter, properties)).toBe(expected);
  });
});

test('filters of a group must all hold, one group is enough, and no group lets everything pass', () => {
  const groups = FilterGroups.parse([
    {
      filters: [
        { propertyName: 'stage', operator: 'EQ', value: '1' },
        { propertyName: 'amount', operator: 'GT', value: 5 },
      ],
    },
    { filters: [{ propertyName: 'subject', operator: 'EQ', value: 'vip' }] },
  ]);
  const check = (properties: Record<string, string>) => passesFilters(groups, (name) => types[name], properties);
  expect(check({ stage: '1', amount: '6' })).toBe(true);
  expect(check({ stage: '1', amount: '5' })).toBe(false);
  expect(check({ subject: 'VIP' })).toBe(true);
  expect(passesFilters([], () => undefined, {})).toBe(true);
  expect(filteredProperties(groups)).toEqual(['stage', 'amount', 'subject']);
});

test.each<[Record<string, unknown>, RegExp | undefined]>([
  [{ propertyName: 'stage', operator: 'EQ', value: '1' }, undefined],
  [{ propertyName: 'nothing', operator: 'HAS_PROPERTY' }, /no property nothing/],
  [{ propertyName: 'stage', operator: 'EQ' }, /needs value/],
  [{ propertyName: 'stage', operator: 'IN', value: '1' }, /needs values/],
  [{ propertyName: 'amount', operator: 'BETWEEN', value: '1' }, /needs value and highValue/],
  [{ propertyName: 'stage', operator: 'EQ', value: '1', values: ['2'] }, /does not take/],
  [{ propertyName: 'amount', operator: 'GT', value: 'many' }, /cannot be compared/],
  [{ propertyName: 'createdate', operator: 'GT', value: 'yesterday' }, /cannot be compared/],
])('%j is checked before it is used', (filter, problem) => {
  const found = filterProblem(SearchFilter.parse(filter), types[String(filter.propertyName)]);
  if (problem) expect(found).toMatch(problem);
  else expect(found).toBeUndefined();
});
