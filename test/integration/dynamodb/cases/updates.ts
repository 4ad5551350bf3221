import { key, L, M, N, S } from '../../../support/dynamodb-values.ts';
import { type Case, invalid, outcome } from '../case.ts';
import { richItem } from './conditions.ts';

type Row = readonly [
  expression: string,
  values: Record<string, unknown> | undefined,
  expected: Record<string, unknown> | string,
];

const at = { ...richItem, ...key('updates') };
const badPath = 'The document path provided in the update expression is invalid for update';
const badType = 'An operand in the update expression has an incorrect data type';

/** Each row lists the attributes that differ afterwards; undefined stands for one that is gone. */
const changes: readonly Row[] = [
  ['SET z = :v', { ':v': N('1.50') }, { z: N('1.5') }],
  ['SET n = n + :v', { ':v': N('0.1') }, { n: N('5.1') }],
  ['SET n = :v - n', { ':v': N(1) }, { n: N(-4) }],
  ['SET n = if_not_exists(zz, :v) + :v', { ':v': N(1) }, { n: N(2) }],
  ['SET n = if_not_exists(n, :v)', { ':v': N(1) }, {}],
  ['SET a = (:v + :v)', { ':v': N(1) }, { a: N(2) }],
  ['SET l = list_append(l, :v)', { ':v': L(N(9)) }, { l: L(...at.l.L, N(9)) }],
  ['SET l = list_append(:v, l)', { ':v': L(N(9)) }, { l: L(N(9), ...at.l.L) }],
  ['SET z = list_append(if_not_exists(zz, :e), :v)', { ':e': L(), ':v': L(N(9)) }, { z: L(N(9)) }],
  ['SET l[1] = :v', { ':v': N(9) }, { l: L(N(1), N(9), M({ q: N(3) }), N(4)) }],
  ['SET l[9] = :v, l[7] = :w', { ':v': N(9), ':w': N(7) }, { l: L(...at.l.L, N(7), N(9)) }],
  ['SET l[2].q = :v', { ':v': N(9) }, { l: L(N(1), S('x'), M({ q: N(9) }), N(4)) }],
  ['SET m.x = :v, m.nw = :v', { ':v': N(9) }, { m: M({ ...at.m.M, x: N(9), nw: N(9) }) }],
  ['SET a = n, n = a', undefined, { a: N(5), n: S('hello') }],
  ['SET q = a, a = :v REMOVE m', { ':v': N(1) }, { q: S('hello'), a: N(1), m: undefined }],
  ['REMOVE l[0], l[1]', undefined, { l: L(M({ q: N(3) }), N(4)) }],
  ['REMOVE l[0] SET l[1] = :v', { ':v': N(9) }, { l: L(N(9), M({ q: N(3) }), N(4)) }],
  ['REMOVE l[0], l[2].q', undefined, { l: L(S('x'), M({}), N(4)) }],
  ['REMOVE l[10], m.zz, zz', undefined, {}],
  ['ADD n :v', { ':v': N('-2') }, { n: N(3) }],
  ['ADD zz :v', { ':v': N(2) }, { zz: N(2) }],
  ['ADD ss :v', { ':v': { SS: ['c', 'a'] } }, { ss: { SS: ['a', 'b', 'c'] } }],
  ['ADD ns :v', { ':v': { NS: ['10', '1.0'] } }, { ns: { NS: ['1', '2', '10'] } }],
  ['ADD m.x :v', { ':v': N(2) }, { m: M({ ...at.m.M, x: N(3) }) }],
  ['DELETE ss :v', { ':v': { SS: ['a', 'zz'] } }, { ss: { SS: ['b'] } }],
  ['DELETE ss :v', { ':v': { SS: ['a', 'b'] } }, { ss: undefined }],
  ['DELETE zz :v', { ':v': { SS: ['a'] } }, {}],
  [
    'set a = :v remove n add q :v delete ss :s',
    { ':v': N(1), ':s': { SS: ['a'] } },
    { a: N(1), n: undefined, q: N(1), ss: { SS: ['b'] } },
  ],
];

const refused: readonly Row[] = [
  ['SET n = zz', undefined, 'The provided expression refers to an attribute that does not exist in the item'],
  ['SET n = n + zz', undefined, 'The provided expression refers to an attribute that does not exist in the item'],
  ['SET n = a + n', undefined, badType],
  ['SET l = list_append(n, l)', undefined, badType],
  ['ADD a :v', { ':v': N(2) }, badType],
  ['ADD ss :v', { ':v': { NS: ['1'] } }, badType],
  ['DELETE ss :v', { ':v': { NS: ['1'] } }, badType],
  ['SET zz.x = :v', { ':v': N(9) }, badPath],
  ['SET a[0] = :v', { ':v': N(9) }, badPath],
  ['SET m[0] = :v', { ':v': N(9) }, badPath],
  ['SET l.x = :v', { ':v': N(9) }, badPath],
  ['REMOVE zz.x', undefined, badPath],
  ['REMOVE ss[0]', undefined, badPath],
  [
    'SET n = n + :v',
    { ':v': S('x') },
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S',
  ],
  [
    'ADD l :v',
    { ':v': L(N(2)) },
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: LIST, typeSet: ALLOWED_FOR_ADD_OPERAND',
  ],
  [
    'DELETE ss :v',
    { ':v': S('a') },
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: STRING, typeSet: ALLOWED_FOR_DELETE_OPERAND',
  ],
  [
    'SET l = list_append(l, :v)',
    { ':v': N(9) },
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: N',
  ],
  [
    'SET pk = :v',
    { ':v': S('a') },
    'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
  ],
  [
    'SET m.x = :v, m = :v',
    { ':v': S('a') },
    'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m]',
  ],
  [
    'SET m.x = :v, m[0] = :v',
    { ':v': S('a') },
    'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m, [0]]',
  ],
  [
    'SET a = :v SET n = :v',
    { ':v': S('a') },
    'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
  ],
  ['FOO a', undefined, 'Invalid UpdateExpression: Syntax error; token: "FOO", near: "FOO a"'],
  ['SET a = :v + :v + :v', { ':v': N(1) }, 'Invalid UpdateExpression: Syntax error; token: "+", near: ":v + :v"'],
  [
    'SET a = size(n)',
    undefined,
    'Invalid UpdateExpression: The function is not allowed in an update expression; function: size',
  ],
  [
    'SET a = if_not_exists(:v, n)',
    { ':v': N(1) },
    'Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists',
  ],
  [
    'SET gsi1pk = :v',
    { ':v': S('') },
    'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
  ],
  ['SET a = :v', { ':v': S('x'.repeat(409_600)) }, 'Item size to update has exceeded the maximum allowed size'],
];

function changed(difference: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...at, ...difference }).filter(([, value]) => value !== undefined));
}

function toCase([expression, values, expected]: Row): Case {
  return {
    name: `update ${expression} ${JSON.stringify(values ?? {}).slice(0, 60)}`,
    run: async (call) => {
      await call('PutItem', { TableName: 'main', Item: at });
      const answer = await call('UpdateItem', {
        TableName: 'main',
        Key: key('updates'),
        UpdateExpression: expression,
        ExpressionAttributeValues: values,
        ReturnValues: 'ALL_NEW',
      });
      return outcome(answer);
    },
    expected: typeof expected === 'string' ? invalid(expected) : { Attributes: changed(expected) },
  };
}

type Returned = readonly [mode: string, expression: string, expected: unknown, localDiffers?: string];
const nested = 'DynamoDB Local returns the whole attribute where a nested path was updated, AWS the updated part';
const returned: readonly Returned[] = [
  ['NONE', 'SET a = :v', undefined],
  ['ALL_OLD', 'SET a = :v', at],
  ['UPDATED_OLD', 'SET a = :v, zz = :v', { a: S('hello') }],
  ['UPDATED_NEW', 'SET a = :v, zz = :v', { a: N(7), zz: N(7) }],
  ['UPDATED_NEW', 'SET m.x = :v', { m: M({ x: N(7) }) }, nested],
  ['UPDATED_OLD', 'SET l[2].q = :v', { l: L(M({ q: N(3) })) }, nested],
  ['UPDATED_NEW', 'ADD n :v', { n: N(12) }],
];

const returnedCases = returned.map(
  ([mode, expression, expected, localDiffers]): Case => ({
    name: `update returns ${mode} of ${expression}`,
    run: async (call) => {
      await call('PutItem', { TableName: 'main', Item: at });
      const answer = await call('UpdateItem', {
        TableName: 'main',
        Key: key('updates'),
        UpdateExpression: expression,
        ExpressionAttributeValues: { ':v': N(7) },
        ReturnValues: mode,
      });
      return 'ok' in answer ? answer.ok.Attributes : answer;
    },
    expected,
    ...(localDiffers && { localDiffers }),
  }),
);

const creation: Case = {
  name: 'an update creates the item with its key, even when it removes something',
  run: async (call) => {
    await call('DeleteItem', { TableName: 'main', Key: key('updates', 'new') });
    await call('UpdateItem', { TableName: 'main', Key: key('updates', 'new'), UpdateExpression: 'REMOVE a' });
    return outcome(await call('GetItem', { TableName: 'main', Key: key('updates', 'new') }));
  },
  expected: { Item: key('updates', 'new') },
};

export const updateCases: readonly Case[] = [...[...changes, ...refused].map(toCase), ...returnedCases, creation];
