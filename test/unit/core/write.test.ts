import { expect, test } from 'vitest';
import { absent, attributes } from '../../../lib/table/conditions.ts';
import { toTransactItem } from '../../../lib/table/write.ts';

const key = { pk: 'a', sk: 'b' };

test('a put under a free key carries the condition and asks for the item that is in its way', () => {
  expect(toTransactItem('table', { put: { ...key, name: 'x' }, when: absent })).toEqual({
    Put: {
      TableName: 'table',
      Item: { pk: 'a', sk: 'b', name: 'x' },
      ConditionExpression: 'attribute_not_exists(#c_pk)',
      ExpressionAttributeNames: { '#c_pk': 'pk' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  });
});

test('an update sets, adds and removes in one expression beside its condition', () => {
  const write = {
    update: { ...key, extra: 1 },
    set: { name: 'x' },
    add: { count: 2 },
    unset: ['old'],
    when: attributes({ version: 3, gone: undefined }),
  };
  expect(toTransactItem('table', write)).toEqual({
    Update: {
      TableName: 'table',
      Key: key,
      UpdateExpression: 'SET #u0 = :u0 REMOVE #u1 ADD #u2 :u1',
      ConditionExpression: '#c0 = :c0 AND attribute_not_exists(#c1)',
      ExpressionAttributeNames: { '#u0': 'name', '#u1': 'old', '#u2': 'count', '#c0': 'version', '#c1': 'gone' },
      ExpressionAttributeValues: { ':u0': 'x', ':u1': 2, ':c0': 3 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  });
});

test('an update without values sends none: DynamoDB refuses an empty map', () => {
  expect(toTransactItem('table', { update: key, unset: ['old'] })).toMatchObject({
    Update: { UpdateExpression: 'REMOVE #u0' },
  });
  expect(JSON.stringify(toTransactItem('table', { update: key, unset: ['old'] }))).not.toContain(
    'ExpressionAttributeValues',
  );
});
