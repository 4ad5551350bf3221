import type { Call } from '../../../support/dynamodb-client.ts';
import { key, L, M, N, S } from '../../../support/dynamodb-values.ts';
import { type Case, outcome } from '../case.ts';

const main = { TableName: 'main' };

async function consumed(
  call: Call,
  action: 'PutItem' | 'GetItem' | 'DeleteItem' | 'UpdateItem',
  body: Record<string, unknown>,
) {
  const answer = await call(action, { ReturnConsumedCapacity: 'INDEXES', ...main, ...body });
  return 'ok' in answer ? answer.ok.ConsumedCapacity : answer;
}

const tableOnly = (units: number): unknown => ({ ...main, CapacityUnits: units, Table: { CapacityUnits: units } });
const withIndex = (table: number, index: number): unknown => ({
  ...main,
  CapacityUnits: table + index,
  Table: { CapacityUnits: table },
  GlobalSecondaryIndexes: { gsi1: { CapacityUnits: index } },
});

const filler = (bytes: number): unknown => S('x'.repeat(bytes));
/** `pk`, `capacity`, `sk`, `s` and the filler's name: what an item of these cases weighs without its filler. */
const OVERHEAD = 14;

const readCases: readonly Case[] = [
  {
    name: 'a read costs a unit for each 4 KB, half of it when it may be stale, and something even for nothing',
    run: async (call) => {
      await call('PutItem', { ...main, Item: { ...key('capacity'), f: filler(4096 - OVERHEAD) } });
      const stale = await consumed(call, 'GetItem', { Key: key('capacity') });
      await call('PutItem', { ...main, Item: { ...key('capacity'), f: filler(4097 - OVERHEAD) } });
      const strong = await consumed(call, 'GetItem', { Key: key('capacity'), ConsistentRead: true });
      const absent = await consumed(call, 'GetItem', { Key: key('capacity', 'absent') });
      return [stale, strong, absent];
    },
    expected: [tableOnly(0.5), tableOnly(2), tableOnly(0.5)],
  },
  {
    name: 'a query costs by the sum of what it read, filtered out or not',
    run: async (call) => {
      for (const sk of ['a', 'b', 'c']) {
        await call('PutItem', { ...main, Item: { ...key('capacity-query', sk), f: filler(3000) } });
      }
      const answer = await call('Query', {
        ...main,
        KeyConditionExpression: 'pk = :p',
        FilterExpression: 'attribute_not_exists(f)',
        ExpressionAttributeValues: { ':p': S('capacity-query') },
        ReturnConsumedCapacity: 'TOTAL',
      });
      return outcome(answer);
    },
    expected: { Items: [], Count: 0, ScannedCount: 3, ConsumedCapacity: { ...main, CapacityUnits: 1.5 } },
  },
  {
    name: 'a query that finds nothing costs the least there is',
    localDiffers: 'DynamoDB Local counts nothing for an empty page, AWS the minimum',
    run: async (call) => {
      const answer = await call('Query', {
        ...main,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': S('capacity-nothing') },
        ReturnConsumedCapacity: 'TOTAL',
      });
      return 'ok' in answer ? answer.ok.ConsumedCapacity : answer;
    },
    expected: { ...main, CapacityUnits: 0.5 },
  },
];

const index = { gsi1pk: S('capacity-index'), gsi1sk: S('a') };
const steps: readonly (readonly [name: string, item: Record<string, unknown> | undefined, expected: unknown])[] = [
  ['a new item outside of the index', {}, tableOnly(1)],
  ['an item that enters the index', { ...index }, withIndex(1, 1)],
  ['the same item again', { ...index }, tableOnly(1)],
  ['a changed attribute that the index holds', { ...index, v: N(1) }, withIndex(1, 1)],
  ['a changed index key', { ...index, gsi1sk: S('b'), v: N(1) }, withIndex(1, 2)],
  ['an item that grows', { ...index, gsi1sk: S('b'), f: filler(1500) }, withIndex(2, 2)],
  ['an item that shrinks', { ...index, gsi1sk: S('b') }, withIndex(2, 2)],
  ['an item that leaves the index', {}, withIndex(1, 1)],
  ['a deletion', undefined, tableOnly(1)],
  ['a deletion of nothing', undefined, tableOnly(1)],
];

const writeCase: Case = {
  name: `a write costs the larger size, and each index entry apart: ${steps.map(([name]) => name).join(', ')}`,
  run: async (call) => {
    await call('DeleteItem', { ...main, Key: key('capacity-steps') });
    const units: unknown[] = [];
    for (const [, item] of steps) {
      units.push(
        item === undefined
          ? await consumed(call, 'DeleteItem', { Key: key('capacity-steps') })
          : await consumed(call, 'PutItem', { Item: { ...key('capacity-steps'), ...item } }),
      );
    }
    return units;
  },
  expected: steps.map(([, , expected]) => expected),
};

type Size = readonly [value: unknown, bytes: number];
const sizes: readonly Size[] = [
  [S('é'), 2],
  [N(0), 1],
  [N(1), 2],
  [N(12), 2],
  [N(123), 3],
  [N(-12), 3],
  [N('1.5'), 3],
  [N('12.5'), 3],
  [N('0.05'), 2],
  [N('1E100'), 2],
  [N('12E101'), 3],
  [N('1234567890123456789012345678901234567.8'), 21],
  [{ BOOL: true }, 1],
  [{ NULL: true }, 1],
  [L(), 3],
  [L(N(1)), 6],
  [L(L()), 7],
  [M({ ab: S('b'), c: N(1) }), 11],
  [{ SS: ['a', 'bc'] }, 3],
  [{ NS: ['1', '22'] }, 4],
  [{ BS: ['AQ=='] }, 1],
  [{ B: 'AQID' }, 3],
];

/** An item of exactly one kilobyte costs one unit, and with one byte more two: so the size of a value shows. */
const sizeCases = sizes.map(
  ([value, bytes]): Case => ({
    name: `${JSON.stringify(value)} weighs ${bytes}`,
    run: async (call) => {
      const units: unknown[] = [];
      for (const extra of [0, 1]) {
        await call('DeleteItem', { ...main, Key: key('capacity') });
        const f = filler(1024 - OVERHEAD - 'v'.length - bytes + extra);
        units.push(await consumed(call, 'PutItem', { Item: { ...key('capacity'), f, v: value } }));
      }
      return units;
    },
    expected: [tableOnly(1), tableOnly(2)],
  }),
);

export const capacityCases: readonly Case[] = [...readCases, writeCase, ...sizeCases];
