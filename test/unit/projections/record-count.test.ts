import { expect, test } from 'vitest';
import { recordCount } from '../../../lib/projections/record-count.ts';
import { archived, created } from '../../support/given.ts';

test('a created record counts one more of its type, an archived one less', () => {
  expect(recordCount(created('1', { objectType: '0-5' }))).toEqual([
    { key: { pk: 'count', sk: '0-5' }, attribute: 'records', by: 1 },
  ]);
  expect(recordCount(archived('1', '0-5'))).toEqual([
    { key: { pk: 'count', sk: '0-5' }, attribute: 'records', by: -1 },
  ]);
});

test('other events change no count', () => {
  expect(recordCount({ ...created('1'), type: 'record.updated' })).toEqual([]);
});
