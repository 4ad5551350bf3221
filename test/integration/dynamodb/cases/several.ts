import type { Body } from '../../../support/dynamodb-client.ts';
import { key, N, S } from '../../../support/dynamodb-values.ts';
import { type Case, failure, invalid, outcome, typeOnly } from '../case.ts';

const main = { TableName: 'main' };
const put = (Item: Body, more: Body = {}): Body => ({ Put: { ...main, Item, ...more } });
const update = (sk: string, UpdateExpression: string, values?: Body, more: Body = {}): Body => ({
  Update: { ...main, Key: key('several', sk), UpdateExpression, ExpressionAttributeValues: values, ...more },
});
const sorts = (length: number): string[] => Array.from({ length }, (_, index) => String(index));

const writeCases: readonly Case[] = [
  {
    name: 'a transaction applies every kind of action',
    run: async (call) => {
      await call('PutItem', { ...main, Item: { ...key('several', 'gone'), v: N(1) } });
      await call('DeleteItem', { ...main, Key: key('several', 'put') });
      await call('DeleteItem', { ...main, Key: key('several', 'updated') });
      const answer = await call('TransactWriteItems', {
        TransactItems: [
          put({ ...key('several', 'put'), v: N(1) }, { ConditionExpression: 'attribute_not_exists(pk)' }),
          update('updated', 'SET v = :v', { ':v': N(2) }),
          { Delete: { ...main, Key: key('several', 'gone'), ConditionExpression: 'attribute_exists(pk)' } },
          {
            ConditionCheck: { ...main, Key: key('several', 'absent'), ConditionExpression: 'attribute_not_exists(pk)' },
          },
        ],
      });
      const read = await call('TransactGetItems', {
        TransactItems: ['put', 'updated', 'gone'].map((sk) => ({ Get: { ...main, Key: key('several', sk) } })),
      });
      return [outcome(answer), outcome(read)];
    },
    expected: [
      {},
      {
        Responses: [
          { Item: { ...key('several', 'put'), v: N(1) } },
          { Item: { ...key('several', 'updated'), v: N(2) } },
          {},
        ],
      },
    ],
  },
  {
    name: 'a failed condition cancels all of it, with the reasons in the order of the actions',
    run: async (call) => {
      await call('PutItem', { ...main, Item: { ...key('several', 'there'), v: N(1) } });
      await call('DeleteItem', { ...main, Key: key('several', 'new') });
      const answer = await call('TransactWriteItems', {
        TransactItems: [
          put(key('several', 'new')),
          put(key('several', 'there'), { ConditionExpression: 'attribute_not_exists(pk)' }),
          update('other', 'SET v = :v', { ':v': N(2) }),
          {
            ConditionCheck: {
              ...main,
              Key: key('several', 'there2'),
              ConditionExpression: 'attribute_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ],
      });
      const untouched = await call('GetItem', { ...main, Key: key('several', 'new') });
      return [
        'reasons' in answer ? (answer.reasons as { Code: string }[]).map(({ Code }) => Code) : answer,
        outcome(untouched),
      ];
    },
    expected: [['None', 'ConditionalCheckFailed', 'None', 'ConditionalCheckFailed'], {}],
  },
  {
    name: 'a reason carries the stored item on request',
    run: async (call) => {
      await call('PutItem', { ...main, Item: { ...key('several', 'there'), v: N(1) } });
      const answer = await call('TransactWriteItems', {
        TransactItems: [
          update(
            'there',
            'SET v = :w',
            { ':v': N(2), ':w': N(3) },
            { ConditionExpression: 'v = :v', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
          ),
        ],
      });
      return answer;
    },
    expected: {
      error: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed]',
      reasons: [
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { ...key('several', 'there'), v: N(1) },
        },
      ],
    },
  },
  {
    name: 'an update that does not fit its item cancels the transaction',
    localDiffers:
      'DynamoDB Local answers a ValidationException for the whole request, AWS documents a cancellation reason',
    run: async (call) => {
      await call('PutItem', { ...main, Item: { ...key('several', 'text'), v: S('a') } });
      return call('TransactWriteItems', { TransactItems: [update('text', 'SET v = v + :v', { ':v': N(1) })] });
    },
    expected: {
      error: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]',
      reasons: [{ Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' }],
    },
  },
  {
    name: 'a key attribute that is updated is named in the reason',
    run: (call) => call('TransactWriteItems', { TransactItems: [update('there', 'SET pk = :v', { ':v': S('a') })] }),
    expected: {
      error: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]',
      reasons: [
        {
          Code: 'ValidationError',
          Message:
            'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
        },
      ],
    },
  },
];

const sameItem = 'Transaction request cannot include multiple operations on one item';
const duplicates = 'Provided list of item keys contains duplicates';
type Limit = readonly [
  name: string,
  action: 'TransactWriteItems' | 'TransactGetItems' | 'BatchWriteItem' | 'BatchGetItem',
  body: Body,
  message?: string,
];
const putRequest = (Item: Body): Body => ({ PutRequest: { Item } });
const limits: readonly Limit[] = [
  ['an empty transaction', 'TransactWriteItems', { TransactItems: [] }],
  [
    'two actions on one item',
    'TransactWriteItems',
    { TransactItems: [put(key('a')), { Delete: { ...main, Key: key('a') } }] },
    sameItem,
  ],
  ['101 actions', 'TransactWriteItems', { TransactItems: sorts(101).map((sk) => put(key('several', sk))) }],
  [
    'two actions in one entry',
    'TransactWriteItems',
    { TransactItems: [{ ...put(key('a')), Delete: { ...main, Key: key('b') } }] },
    'TransactItems can only contain one of Check, Put, Update or Delete',
  ],
  [
    'a transaction over 4 MB',
    'TransactWriteItems',
    { TransactItems: sorts(12).map((sk) => put({ ...key('several', sk), v: S('x'.repeat(390_000)) })) },
  ],
  [
    'an item of a transaction over 400 KB',
    'TransactWriteItems',
    { TransactItems: [put({ ...key('a'), v: S('x'.repeat(409_600)) })] },
    'Item size has exceeded the maximum allowed size',
  ],
  [
    'a condition with a syntax error',
    'TransactWriteItems',
    { TransactItems: [put(key('a'), { ConditionExpression: 'a =' })] },
    'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
  ],
  [
    'two gets of one item',
    'TransactGetItems',
    { TransactItems: [{ Get: { ...main, Key: key('a') } }, { Get: { ...main, Key: key('a') } }] },
    sameItem,
  ],
  [
    '101 gets',
    'TransactGetItems',
    { TransactItems: sorts(101).map((sk) => ({ Get: { ...main, Key: key('several', sk) } })) },
  ],
  [
    '26 writes',
    'BatchWriteItem',
    { RequestItems: { main: sorts(26).map((sk) => putRequest(key('several', sk))) } },
    'Too many items requested for the BatchWriteItem call',
  ],
  [
    'two writes of one item',
    'BatchWriteItem',
    { RequestItems: { main: [putRequest(key('a')), { DeleteRequest: { Key: key('a') } }] } },
    duplicates,
  ],
  ['an empty batch', 'BatchWriteItem', { RequestItems: {} }, 'BatchWriteItem cannot have a null or no requests set'],
  [
    'a batch with a wrong key',
    'BatchWriteItem',
    { RequestItems: { main: [putRequest(key('several', 'good')), putRequest({ pk: S('a') })] } },
  ],
  [
    '101 keys',
    'BatchGetItem',
    { RequestItems: { main: { Keys: sorts(101).map((sk) => key('several', sk)) } } },
    'Too many items requested for the BatchGetItem call',
  ],
  ['a key twice', 'BatchGetItem', { RequestItems: { main: { Keys: [key('a'), key('a')] } } }, duplicates],
];

const limitCases = limits.map(
  ([name, action, body, message]): Case => ({
    name: `${action} refuses ${name}`,
    run: async (call) => {
      const answer = await call(action, body);
      return message === undefined ? typeOnly(answer) : outcome(answer);
    },
    expected: invalid(message),
  }),
);

const tokenCase: Case = {
  name: 'a token makes a transaction happen once; with another transaction it is refused',
  run: async (call) => {
    const ClientRequestToken = `token-${Math.random()}`;
    await call('PutItem', { ...main, Item: { ...key('several', 'count'), v: N(0) } });
    const increment = (by: number): Body => ({
      ClientRequestToken,
      TransactItems: [update('count', 'ADD v :v', { ':v': N(by) })],
    });
    const answers = [
      await call('TransactWriteItems', increment(1)),
      await call('TransactWriteItems', increment(1)),
      await call('TransactWriteItems', increment(2)),
    ];
    const read = await call('GetItem', { ...main, Key: key('several', 'count') });
    return [...answers.map(typeOnly), outcome(read)];
  },
  expected: [
    { ok: {} },
    { ok: {} },
    failure('IdempotentParameterMismatchException'),
    { Item: { ...key('several', 'count'), v: N(1) } },
  ],
};

const batchCases: readonly Case[] = [
  {
    name: 'a batch writes and deletes in several tables, and reads them again',
    run: async (call) => {
      await call('PutItem', { ...main, Item: key('several', 'old') });
      const written = await call('BatchWriteItem', {
        RequestItems: {
          main: [
            putRequest({ ...key('several', 'batch'), v: N(1) }),
            { DeleteRequest: { Key: key('several', 'old') } },
          ],
          simple: [putRequest({ id: S('batch'), v: N(2) })],
        },
      });
      const read = await call('BatchGetItem', {
        RequestItems: {
          main: {
            Keys: [key('several', 'batch'), key('several', 'old')],
            ProjectionExpression: '#v',
            ExpressionAttributeNames: { '#v': 'v' },
          },
          simple: { Keys: [{ id: S('batch') }], ConsistentRead: true },
        },
      });
      return [outcome(written), outcome(read)];
    },
    expected: [
      { UnprocessedItems: {} },
      { Responses: { main: [{ v: N(1) }], simple: [{ id: S('batch'), v: N(2) }] }, UnprocessedKeys: {} },
    ],
  },
  {
    name: 'a batch read stops at 16 MB and names the rest',
    localDiffers: 'DynamoDB Local reads the keys of a batch in an order of its own, so that other ones are left',
    run: async (call) => {
      const keys = sorts(45).map((sk) => key('sixteen', sk.padStart(2, '0')));
      for (const Item of keys) await call('PutItem', { ...main, Item: { ...Item, v: S('x'.repeat(390_000)) } });
      const answer = await call('BatchGetItem', { RequestItems: { main: { Keys: keys } } });
      for (const Key of keys) await call('DeleteItem', { ...main, Key });
      if (!('ok' in answer)) return answer;
      const { Responses: found, UnprocessedKeys: rest } = answer.ok as {
        Responses: { main: unknown[] };
        UnprocessedKeys: { main: { Keys: unknown[] } };
      };
      return [found.main.length, rest.main.Keys.length];
    },
    expected: [43, 2],
  },
];

export const severalCases: readonly Case[] = [...writeCases, ...limitCases, tokenCase, ...batchCases];
