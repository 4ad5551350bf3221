import type { Body, Call } from '../../../support/dynamodb-client.ts';
import { key, N, S } from '../../../support/dynamodb-values.ts';
import { type Case, invalid, outcome, typeOnly } from '../case.ts';

const main = { TableName: 'main' };
const sorts = ['a', 'a1', 'b', 'b2', 'c', 'd', 'é', '\uffee', '😀'];

async function seed(call: Call): Promise<void> {
  for (const [position, sk] of sorts.entries()) {
    await call('PutItem', {
      ...main,
      Item: { ...key('queries', sk), place: N(position), gsi1pk: S('queries'), gsi1sk: S(`z${9 - position}`) },
    });
  }
}

const names = (answer: unknown): unknown => {
  const { Items: items } = answer as { Items?: { sk: { S: string } }[] };
  return items ? items.map((item) => item.sk.S) : answer;
};

type Range = readonly [condition: string, values: Body, expected: readonly string[] | string];
const ranges: readonly Range[] = [
  ['pk = :p', {}, sorts],
  ['pk = :p AND sk = :a', { ':a': S('b') }, ['b']],
  ['pk = :p AND sk < :a', { ':a': S('b') }, ['a', 'a1']],
  ['pk = :p AND sk <= :a', { ':a': S('b') }, ['a', 'a1', 'b']],
  ['pk = :p AND sk > :a', { ':a': S('d') }, ['é', '\uffee', '😀']],
  ['sk >= :a AND pk = :p', { ':a': S('d') }, ['d', 'é', '\uffee', '😀']],
  ['pk = :p AND :a < sk', { ':a': S('é') }, ['\uffee', '😀']],
  ['pk = :p AND sk BETWEEN :a AND :b', { ':a': S('a1'), ':b': S('c') }, ['a1', 'b', 'b2', 'c']],
  ['pk = :p AND begins_with(sk, :a)', { ':a': S('b') }, ['b', 'b2']],
  ['(pk = :p) AND begins_with(sk, :a)', { ':a': S('😀') }, ['😀']],
  ['(pk = :p AND begins_with(sk, :a))', { ':a': S('\uffee') }, ['\uffee']],
  ['pk = :p AND begins_with(sk, :a)', { ':a': S('q') }, []],
  ['pk > :p', {}, 'Query key condition not supported'],
  ['pk = :p AND sk <> :a', { ':a': S('b') }, 'Invalid operator used in KeyConditionExpression: <>'],
  ['pk = :p OR sk = :a', { ':a': S('b') }, 'Invalid operator used in KeyConditionExpression: OR'],
  ['NOT pk = :p', {}, 'Invalid operator used in KeyConditionExpression: NOT'],
  ['pk IN (:p)', {}, 'Invalid operator used in KeyConditionExpression: IN'],
  ['pk = :p AND contains(sk, :a)', { ':a': S('b') }, 'Invalid operator used in KeyConditionExpression: contains'],
  ['pk = :p AND size(sk) = :a', { ':a': N(1) }, 'KeyConditionExpressions cannot contain nested operations'],
  [
    'pk = :p AND sk > :a AND sk < :b',
    { ':a': S('a'), ':b': S('b') },
    'KeyConditionExpressions must only contain one condition per key',
  ],
  ['pk = :p AND sk = :a AND y = :b', { ':a': S('a'), ':b': S('b') }, 'Conditions can be of length 1 or 2 only'],
  ['begins_with(pk, :p)', {}, 'Query key condition not supported'],
  [
    'pk.a = :p',
    {},
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
  ],
  [
    'pk = :p AND sk = :a',
    { ':a': N(1) },
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  ],
  [
    'pk = :p AND sk BETWEEN :b AND :a',
    { ':a': S('a'), ':b': S('b') },
    'Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
  ],
];

const rangeCases = ranges.map(
  ([condition, values, expected]): Case => ({
    name: `query ${condition} ${JSON.stringify(values)}`,
    run: async (call) => {
      await seed(call);
      const answer = await call('Query', {
        ...main,
        KeyConditionExpression: condition,
        ExpressionAttributeValues: { ':p': S('queries'), ...values },
        ProjectionExpression: 'sk',
      });
      return names(outcome(answer));
    },
    expected: typeof expected === 'string' ? invalid(expected) : expected,
  }),
);

type Page = readonly [name: string, body: Body, expected: unknown];
const page = (count: number, scanned: number, last?: unknown): unknown => ({
  Count: count,
  ScannedCount: scanned,
  ...(last !== undefined && { LastEvaluatedKey: last }),
});
const indexKey = (sk: string, sort: string): Body => ({ ...key('queries', sk), gsi1pk: S('queries'), gsi1sk: S(sort) });
const onIndex = { IndexName: 'gsi1', KeyConditionExpression: 'gsi1pk = :p' };
const count = { Select: 'COUNT' };
const outside = invalid('The provided starting key does not match the range key predicate');
const pages: readonly Page[] = [
  ['a limit ends the page with a key to go on from', { ...count, Limit: 3 }, page(3, 3, key('queries', 'b'))],
  ['even where it is the last item', { ...count, Limit: 9 }, page(9, 9, key('queries', '😀'))],
  ['a limit above it does not', { ...count, Limit: 10 }, page(9, 9)],
  ['the next page follows the key', { ...count, ExclusiveStartKey: key('queries', 'b') }, page(6, 6)],
  ['which need not exist', { ...count, ExclusiveStartKey: key('queries', 'b1') }, page(6, 6)],
  [
    'backwards',
    { ...count, ScanIndexForward: false, ExclusiveStartKey: key('queries', 'b'), Limit: 1 },
    page(1, 1, key('queries', 'a1')),
  ],
  ['from the end', { ...count, ExclusiveStartKey: key('queries', '😀') }, page(0, 0)],
  ['a key of another partition', { ExclusiveStartKey: key('other', 'b') }, outside],
  [
    'a filter works on the page',
    {
      ...count,
      Limit: 3,
      FilterExpression: 'place = :q',
      ExpressionAttributeValues: { ':p': S('queries'), ':q': N(1) },
    },
    page(1, 3, key('queries', 'b')),
  ],
  [
    'a filter on a key',
    { FilterExpression: 'sk = :p' },
    invalid('Filter Expression can only contain non-primary key attributes: Primary key attribute: sk'),
  ],
  ['an index orders by its own key', { ...onIndex, ...count, Limit: 2 }, page(2, 2, indexKey('\uffee', 'z2'))],
  ['and goes on from all keys', { ...onIndex, ...count, ExclusiveStartKey: indexKey('\uffee', 'z2') }, page(7, 7)],
  [
    'backwards too',
    { ...onIndex, ...count, ScanIndexForward: false, ExclusiveStartKey: indexKey('\uffee', 'z2') },
    page(1, 1),
  ],
  [
    'an index start key of another partition',
    { ...onIndex, ExclusiveStartKey: { ...indexKey('b', 'z7'), gsi1pk: S('x') } },
    outside,
  ],
  [
    'a consistent read of an index',
    { ...onIndex, ConsistentRead: true },
    invalid('Consistent reads are not supported on global secondary indexes'),
  ],
  ['an unknown index', { IndexName: 'absent' }, invalid('The table does not have the specified index: absent')],
  [
    'all projected attributes of the table',
    { Select: 'ALL_PROJECTED_ATTRIBUTES' },
    invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName'),
  ],
  [
    'a count with a projection',
    { ...count, ProjectionExpression: 'sk' },
    invalid('Cannot specify the ProjectionExpression when choosing to get only the Count'),
  ],
  [
    'specific attributes without naming them',
    { Select: 'SPECIFIC_ATTRIBUTES' },
    invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES'),
  ],
];

const pageCases = pages.map(
  ([name, body, expected]): Case => ({
    name: `query: ${name}`,
    run: async (call) => {
      await seed(call);
      const answer = await call('Query', {
        ...main,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': S('queries') },
        ...body,
      });
      return outcome(answer);
    },
    expected,
  }),
);

const badStarts: readonly Case[] = [
  { pk: S('queries') },
  { ...key('queries'), x: S('a') },
  { pk: S('queries'), sk: N(1) },
].map(
  (start): Case => ({
    name: `query refuses to start at ${JSON.stringify(start)}`,
    run: async (call) =>
      typeOnly(
        await call('Query', {
          ...main,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': S('queries') },
          ExclusiveStartKey: start,
        }),
      ),
    expected: invalid(),
  }),
);

const orderedNumbers = ['-1E100', '-20', '-3', '-2.5', '-0.001', '0', '1E-100', '0.5', '3', '20', '100.5', '1E100'];
const plain = (text: string): string =>
  text.includes('E')
    ? text.includes('E-')
      ? `0.${'0'.repeat(99)}1`
      : `${text.startsWith('-') ? '-' : ''}1${'0'.repeat(100)}`
    : text;

const typedCases: readonly Case[] = [
  {
    name: 'number keys are ordered by value',
    run: async (call) => {
      for (const n of [...orderedNumbers].reverse())
        await call('PutItem', { TableName: 'numbers', Item: { pk: S('order'), n: N(n) } });
      const answer = await call('Query', {
        TableName: 'numbers',
        KeyConditionExpression: 'pk = :p AND n BETWEEN :a AND :b',
        ExpressionAttributeValues: { ':p': S('order'), ':a': N('-20.0'), ':b': N('1E99') },
      });
      return 'ok' in answer ? (answer.ok.Items as { n: { N: string } }[]).map((item) => item.n.N) : answer;
    },
    expected: orderedNumbers.slice(1, -1).map(plain),
  },
  {
    name: 'binary keys are ordered by bytes, an index holds only items with its keys and only what it projects',
    run: async (call) => {
      const bytes = ['/w==', 'AA==', 'AAE=', 'fw==', undefined];
      for (const [n, b] of bytes.entries()) {
        await call('PutItem', {
          TableName: 'numbers',
          Item: { pk: S('bytes'), n: N(n), x: S('x'), ...(b && { b: { B: b } }) },
        });
      }
      const query = {
        TableName: 'numbers',
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': S('bytes') },
      };
      const all = await call('Query', { ...query, IndexName: 'by-binary' });
      const prefix = await call('Query', {
        ...query,
        IndexName: 'by-binary',
        KeyConditionExpression: 'pk = :p AND begins_with(b, :b)',
        ExpressionAttributeValues: { ':p': S('bytes'), ':b': { B: 'AA==' } },
        Select: 'COUNT',
      });
      return [outcome(all), outcome(prefix)];
    },
    expected: [
      {
        Items: [
          [1, 'AA=='],
          [2, 'AAE='],
          [3, 'fw=='],
          [0, '/w=='],
        ].map(([n, b]) => ({ pk: S('bytes'), n: N(String(n)), b: { B: b } })),
        Count: 4,
        ScannedCount: 4,
      },
      { Count: 2, ScannedCount: 2 },
    ],
  },
  {
    name: 'an index refuses to show or to filter by what it does not project',
    run: async (call) => {
      const query = {
        TableName: 'numbers',
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': S('bytes') },
      };
      return [
        await call('Query', { ...query, IndexName: 'by-binary', ProjectionExpression: 'x' }),
        await call('Query', { ...query, IndexName: 'by-text', FilterExpression: 'b2 = :p' }),
        await call('Query', { ...query, IndexName: 'by-text', Select: 'ALL_ATTRIBUTES' }),
      ].map(outcome);
    },
    expected: [
      invalid('One or more parameter values were invalid: Global secondary index by-binary does not project [x]'),
      invalid(
        'One or more parameter values were invalid: Secondary index by-text does not project one or more filter attributes: [b2]',
      ),
      invalid(
        'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index by-text because its projection type is not ALL',
      ),
    ],
  },
  {
    name: 'a page ends with the item that passes one megabyte',
    run: async (call) => {
      for (const sk of ['1', '2', '3', '4']) {
        await call('PutItem', { ...main, Item: { ...key('megabyte', sk), v: S('x'.repeat(390_000)) } });
      }
      const query = {
        ...main,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': S('megabyte') },
        Select: 'COUNT',
      };
      const first = await call('Query', query);
      const start = 'ok' in first ? first.ok.LastEvaluatedKey : undefined;
      return [outcome(first), outcome(await call('Query', { ...query, ExclusiveStartKey: start }))];
    },
    expected: [page(3, 3, key('megabyte', '3')), page(1, 1)],
  },
];

export const queryCases: readonly Case[] = [...rangeCases, ...pageCases, ...badStarts, ...typedCases];
