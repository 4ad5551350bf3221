import { key, L, M, N, S } from '../../../support/dynamodb-values.ts';
import { type Case, failure, invalid, outcome, typeOnly } from '../case.ts';
import { richItem } from './conditions.ts';

const main = { TableName: 'main' };
const nested = (depth: number): unknown => (depth === 0 ? S('x') : L(nested(depth - 1)));
const nestedMap = (depth: number): unknown => (depth === 0 ? S('x') : M({ a: nestedMap(depth - 1) }));

type Stored = readonly [name: string, value: unknown, expected?: unknown];
/** Values that are stored, and how they come back. */
const values: readonly Stored[] = [
  ['an integer', N('007'), N(7)],
  ['an exponent', N('1E2'), N(100)],
  ['superfluous zeros', N('-1.500'), N('-1.5')],
  ['a negative zero', N('-0.0'), N(0)],
  ['a fraction without a leading digit', N('.5'), N('0.5')],
  ['38 digits', N('12345678901234567890123456789012345678')],
  ['the largest exponent', N('1E125'), N(`1${'0'.repeat(125)}`)],
  ['the smallest exponent', N('1E-130'), N(`0.${'0'.repeat(129)}1`)],
  ['an empty string', S('')],
  ['an empty binary', { B: '' }],
  ['an empty list', L()],
  ['an empty map', M({})],
  ['null', { NULL: true }],
  ['a set of numbers', { NS: ['3', '1.0', '20'] }, { NS: ['1', '3', '20'] }],
  ['a set of strings', { SS: ['b', 'a', 'é'] }, { SS: ['a', 'b', 'é'] }],
  ['a set of binary', { BS: ['AQ==', 'AA=='] }, { BS: ['AA==', 'AQ=='] }],
  ['32 levels', nested(31)],
  ['32 levels of maps', nestedMap(31)],
  ['names that objects inherit', M({ constructor: S('a'), __proto_: S('b'), toString: S('c') })],
];

/** Values that are refused; a text only where AWS and DynamoDB Local agree on it. */
const refusedValues: readonly (readonly [name: string, value: unknown, message?: string])[] = [
  ['39 digits', N('123456789012345678901234567890123456789')],
  ['no number', N('abc')],
  ['an empty number', N('')],
  [
    'too large a number',
    N('1E126'),
    'Number overflow. Attempting to store a number with magnitude larger than supported range',
  ],
  [
    'too small a number',
    N('1E-131'),
    'Number underflow. Attempting to store a number with magnitude smaller than supported range',
  ],
  ['an empty set of strings', { SS: [] }, 'One or more parameter values were invalid: An string set  may not be empty'],
  ['an empty set of numbers', { NS: [] }, 'One or more parameter values were invalid: An number set  may not be empty'],
  ['equal strings in a set', { SS: ['a', 'a'] }],
  ['equal numbers in a set', { NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
  ['33 levels', nested(32)],
];

const valueCases: readonly Case[] = [
  ...values.map(
    ([name, value, expected]): Case => ({
      name: `stores ${name}`,
      run: async (call) => {
        await call('PutItem', { ...main, Item: { ...key('values'), v: value } });
        return outcome(await call('GetItem', { ...main, Key: key('values'), ConsistentRead: true }));
      },
      expected: { Item: { ...key('values'), v: expected ?? value } },
    }),
  ),
  ...refusedValues.map(
    ([name, value, message]): Case => ({
      name: `refuses ${name}`,
      run: async (call) => {
        const answer = await call('PutItem', { ...main, Item: { ...key('values'), v: value } });
        return message === undefined ? typeOnly(answer) : outcome(answer);
      },
      expected: invalid(message),
    }),
  ),
];

const emptyKey = (name: string): string =>
  `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`;

/** Puts with wrong keys. */
const putKeys: readonly (readonly [name: string, item: Record<string, unknown>, message?: string])[] = [
  ['a missing sort key', { pk: S('a') }],
  ['a key of another type', { pk: S('a'), sk: N(1) }],
  ['an empty partition key', { pk: S(''), sk: S('a') }, emptyKey('pk')],
  ['an empty sort key', { pk: S('a'), sk: S('') }, emptyKey('sk')],
  ['a partition key over 2048 bytes', key('é'.repeat(1025))],
  ['a sort key over 1024 bytes', key('a', 'é'.repeat(513))],
  ['an index key of another type', { ...key('a'), gsi1pk: N(1) }],
  [
    'an empty index key',
    { ...key('a'), gsi1pk: S(''), gsi1sk: S('x') },
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi1, IndexKey: gsi1pk',
  ],
  ['an index key over 2048 bytes', { ...key('a'), gsi1pk: S('a'.repeat(2049)), gsi1sk: S('x') }],
  [
    'an item over 400 KB',
    { ...key('a'), v: S('a'.repeat(409_600)) },
    'Item size has exceeded the maximum allowed size',
  ],
];

const getKeys: readonly (readonly [name: string, key: Record<string, unknown>])[] = [
  ['without its sort key', { pk: S('a') }],
  ['with an attribute too many', { ...key('a'), x: S('a') }],
  ['of another type', { pk: N(1), sk: S('a') }],
  ['with another name', { pk: S('a'), zz: S('a') }],
];

const keyCases: readonly Case[] = [
  ...putKeys.map(
    ([name, item, message]): Case => ({
      name: `refuses to put ${name}`,
      run: async (call) => {
        const answer = await call('PutItem', { ...main, Item: item });
        return message === undefined ? typeOnly(answer) : outcome(answer);
      },
      expected: invalid(message),
    }),
  ),
  ...getKeys.map(
    ([name, parameter]): Case => ({
      name: `refuses to get by a key ${name}`,
      run: async (call) => typeOnly(await call('GetItem', { ...main, Key: parameter })),
      expected: invalid(),
    }),
  ),
  {
    name: 'accepts keys of exactly the longest length',
    run: async (call) => {
      const longest = key('k'.repeat(2048), 's'.repeat(1024));
      await call('PutItem', { ...main, Item: longest });
      return outcome(await call('GetItem', { ...main, Key: longest, ProjectionExpression: 'zz' }));
    },
    expected: { Item: {} },
  },
  {
    name: 'refuses a table that does not exist',
    run: async (call) => typeOnly(await call('PutItem', { TableName: 'absent', Item: key('a') })),
    expected: failure('ResourceNotFoundException'),
  },
];

const projections: readonly (readonly [expression: string, expected: unknown])[] = [
  ['a, n', { a: S('hello'), n: N(5) }],
  ['m.x, m.deep.z', { m: M({ x: N(1), deep: M({ z: N(9) }) }) }],
  ['l[3], l[1]', { l: L(S('x'), N(4)) }],
  ['l[2].q', { l: L(M({ q: N(3) })) }],
  ['zz, m.zz, l[9], a.b', {}],
  [
    'a, a',
    'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
  ],
  [
    'm.x, m[0]',
    'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m, [0]]',
  ],
  ['name', 'Attribute name is a reserved keyword; reserved keyword: name'],
  ['a,', 'Syntax error; token: "<EOF>", near: ","'],
  ['size(a)', 'Syntax error; token: "(", near: "size(a"'],
];

const projectionCases = projections.map(
  ([expression, expected]): Case => ({
    name: `projects ${expression}`,
    run: async (call) => {
      await call('PutItem', { ...main, Item: richItem });
      return outcome(await call('GetItem', { ...main, Key: key('conditions'), ProjectionExpression: expression }));
    },
    expected: typeof expected === 'string' ? invalid(`Invalid ProjectionExpression: ${expected}`) : { Item: expected },
  }),
);

const failed = failure('ConditionalCheckFailedException', 'The conditional request failed');

const writeCases: readonly Case[] = [
  {
    name: 'put and delete return the former item on request',
    run: async (call) => {
      await call('PutItem', { ...main, Item: { ...key('former'), v: N(1) } });
      const put = await call('PutItem', { ...main, Item: { ...key('former'), v: N(2) }, ReturnValues: 'ALL_OLD' });
      const remove = await call('DeleteItem', { ...main, Key: key('former'), ReturnValues: 'ALL_OLD' });
      const again = await call('DeleteItem', { ...main, Key: key('former'), ReturnValues: 'ALL_OLD' });
      return [put, remove, again].map(outcome);
    },
    expected: [{ Attributes: { ...key('former'), v: N(1) } }, { Attributes: { ...key('former'), v: N(2) } }, {}],
  },
  {
    name: 'put refuses to return the new item',
    run: async (call) => outcome(await call('PutItem', { ...main, Item: key('a'), ReturnValues: 'ALL_NEW' })),
    expected: invalid('Return values set to invalid value'),
  },
  {
    name: 'a failed condition returns the stored item on request',
    run: async (call) => {
      await call('PutItem', { ...main, Item: { ...key('failed'), v: N(1) } });
      const conditional = { ConditionExpression: 'v = :v', ExpressionAttributeValues: { ':v': N(2) } };
      const silent = await call('DeleteItem', { ...main, Key: key('failed'), ...conditional });
      const telling = await call('PutItem', {
        ...main,
        Item: key('failed'),
        ...conditional,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return [silent, telling];
    },
    expected: [failed, { ...failed, item: { ...key('failed'), v: N(1) } }],
  },
  {
    name: 'a failed condition on an absent item has nothing to return',
    run: (call) =>
      call('DeleteItem', {
        ...main,
        Key: key('absent'),
        ConditionExpression: 'attribute_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    expected: failed,
  },
  {
    name: 'names and values without an expression are refused',
    run: async (call) => [
      outcome(await call('GetItem', { ...main, Key: key('a'), ExpressionAttributeNames: { '#a': 'a' } })),
      outcome(await call('PutItem', { ...main, Item: key('a'), ExpressionAttributeValues: { ':a': N(1) } })),
    ],
    expected: [
      invalid('ExpressionAttributeNames can only be specified when using expressions'),
      invalid('ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null'),
    ],
  },
];

export const itemCases: readonly Case[] = [...valueCases, ...keyCases, ...projectionCases, ...writeCases];
