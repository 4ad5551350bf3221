import { describe, expect, test } from 'vitest';
import type { PropertyDefinition } from '../../../lib/objects/definition.ts';
import type { SearchFilter } from '../../../lib/objects/filter.ts';
import { indexValueOf } from '../../../lib/objects/index-value.ts';
import { comparePositions } from '../../../lib/search/order.ts';
import { accessOf, isIdOrdered, rankOf } from '../../../lib/search/plan.ts';

const property = (given: Partial<PropertyDefinition>): PropertyDefinition =>
  ({
    name: 'x',
    type: 'string',
    fieldType: 'text',
    indexed: true,
    hasUniqueValue: false,
    ...given,
  }) as PropertyDefinition;
const access = (given: Partial<PropertyDefinition>, filter: Omit<SearchFilter, 'propertyName'>) =>
  accessOf({ filter: { propertyName: given.name ?? 'x', ...filter }, property: property(given) });

describe('the access to a filter', () => {
  test('is the point of an equal value, whatever its width and letter case', () => {
    expect(access({}, { operator: 'EQ', value: 'ＡＢ' })).toEqual({
      kind: 'index',
      property: 'x',
      ranges: [{ from: 'ab#', to: 'ab#~', point: true }],
      exact: true,
    });
  });

  test('is one range for each of several values', () => {
    const found = access({}, { operator: 'IN', values: ['a', 'b', 'A'] });
    expect(found?.kind === 'index' && found.ranges.map(({ from }) => from)).toEqual(['a#', 'b#']);
  });

  test('leaves the bound out where the operator does', () => {
    const five = indexValueOf({ type: 'number' }, '5');
    expect(access({ type: 'number' }, { operator: 'GT', value: 5 })).toMatchObject({ ranges: [{ from: `${five}#~` }] });
    expect(access({ type: 'number' }, { operator: 'LT', value: 5 })).toMatchObject({ ranges: [{ to: `${five}#` }] });
    expect(access({ type: 'number' }, { operator: 'BETWEEN', value: 6, highValue: 5 })).toMatchObject({ ranges: [] });
  });

  test('is not exact for texts that index rows cut', () => {
    expect(access({}, { operator: 'EQ', value: 'a'.repeat(600) })).toMatchObject({ exact: false });
  });

  test('goes by the unique value or the id where it can', () => {
    expect(access({ hasUniqueValue: true }, { operator: 'EQ', value: 'a' })).toMatchObject({ kind: 'unique' });
    expect(access({ name: 'hs_object_id', type: 'number' }, { operator: 'IN', values: ['12'] })).toMatchObject({
      kind: 'ids',
      ids: ['12'],
    });
  });

  test('does not exist for negations and for what has no index', () => {
    expect(access({}, { operator: 'NEQ', value: 'a' })).toBeUndefined();
    expect(access({}, { operator: 'NOT_HAS_PROPERTY' })).toBeUndefined();
    expect(access({ indexed: false }, { operator: 'EQ', value: 'a' })).toBeUndefined();
  });

  test('prefers what names records, then values, then ranges', () => {
    const ranks = [
      access({ hasUniqueValue: true }, { operator: 'EQ', value: 'a' }),
      accessOf({
        filter: { propertyName: 'associations.contact', operator: 'EQ', value: '1' },
        associated: '0-1',
        ids: ['1'],
      }),
      access({}, { operator: 'EQ', value: 'a' }),
      access({}, { operator: 'GT', value: 'a' }),
      access({}, { operator: 'HAS_PROPERTY' }),
    ].map((each) => each && rankOf(each));
    expect(ranks).toEqual([0, 1, 2, 4, 5]);
  });

  test('gives candidates in the order of their ids for single values only', () => {
    const ordered = [
      { operator: 'IN' as const, values: ['a', 'b'] },
      { operator: 'GT' as const, value: 'a' },
    ].map((each) => {
      const found = access({}, each);
      return found && isIdOrdered(found);
    });
    expect(ordered).toEqual([true, false]);
  });
});

test('records without a value come last, upwards and downwards', () => {
  const three = [{ id: '2' }, { id: '1', value: 'b' }, { id: '3', value: 'a' }];
  const ids = (descending: boolean) => three.toSorted((a, b) => comparePositions(a, b, descending)).map(({ id }) => id);
  expect(ids(false)).toEqual(['3', '1', '2']);
  expect(ids(true)).toEqual(['1', '3', '2']);
});
