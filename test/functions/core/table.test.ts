import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { isUnavailable } from '../../../lib/core/errors.ts';
import { absent } from '../../../lib/table/conditions.ts';
import { Meter } from '../../../lib/table/meter.ts';
import { ConditionFailed, Table } from '../../../lib/table/table.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const table = new Table(client, 'table');
beforeEach(() => dynamo.reset());

const Thing = z.object({ sk: z.string() });
const key = (sk: string) => ({ pk: 'things', sk });
const put = (sk: string) => ({ put: { ...key(sk), name: sk }, when: absent });
const cancelled = (...codes: readonly (string | { Code: string; Item: Record<string, unknown> })[]) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: codes.map((code) => (typeof code === 'string' ? { Code: code } : code)) as never,
  });
const inTheFuture = Date.now() / 1000 + 60;
const commits = () => dynamo.commandCalls(TransactWriteCommand).map(({ args }) => args[0].input);

describe('a commit', () => {
  test('is one transaction, sent once', async () => {
    dynamo.on(TransactWriteCommand).resolves({});
    await table.commit([put('a'), put('b')]);
    expect(commits()).toHaveLength(1);
    expect(commits()[0]?.TransactItems).toHaveLength(2);
  });

  test('of nothing is no call at all', async () => {
    await table.commit([]);
    expect(commits()).toEqual([]);
  });

  test('that others were in the way of is tried again with the same token, so that a lost answer does no harm', async () => {
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(cancelled('None', 'TransactionConflict'))
      .rejectsOnce(cancelled('ThrottlingError', 'TransactionConflict'))
      .rejectsOnce(Object.assign(new Error('in progress'), { name: 'TransactionInProgressException' }))
      .resolves({});
    await table.commit([put('a'), put('b')]);
    expect(commits()).toHaveLength(4);
    expect(new Set(commits().map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1);
  });

  test('whose condition failed is not tried again, and says which and what is stored there', async () => {
    const Item = { ...key('b'), owner: '7' };
    dynamo
      .on(TransactWriteCommand)
      .rejects(cancelled('None', { Code: 'ConditionalCheckFailed', Item: marshall(Item) }));
    const error = await table.commit([put('a'), put('b')]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionFailed);
    const { failed } = error as ConditionFailed;
    expect(failed).toEqual([{ position: 1, item: Item }]);
    expect((error as ConditionFailed).at(1)?.item).toEqual(Item);
    expect((error as ConditionFailed).at(0)).toBeUndefined();
    expect(commits()).toHaveLength(1);
  });

  test('with a failed condition and a conflict at the same time is refused: the condition decides', async () => {
    dynamo.on(TransactWriteCommand).rejects(cancelled('ConditionalCheckFailed', 'TransactionConflict'));
    await expect(table.commit([put('a'), put('b')])).rejects.toBeInstanceOf(ConditionFailed);
    expect(commits()).toHaveLength(1);
  });

  test('of more than DynamoDB takes at once is a 400 and no call', async () => {
    const writes = Array.from({ length: 101 }, (_, n) => put(`${n}`));
    await expect(table.commit(writes)).rejects.toMatchObject({
      status: 400,
      options: { subCategory: 'REQUEST_TOO_LARGE' },
    });
    expect(commits()).toEqual([]);
  });

  test.each([
    'Item size has exceeded the maximum allowed size',
    'Transaction request cannot include more than 4 MB: size exceeded',
    'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of 2048 bytes',
  ])('that DynamoDB finds too large (%s) is a 400', async (message) => {
    dynamo.on(TransactWriteCommand).rejects(Object.assign(new Error(message), { name: 'ValidationException' }));
    await expect(table.commit([put('a')])).rejects.toMatchObject({
      status: 400,
      options: { subCategory: 'REQUEST_TOO_LARGE' },
    });
  });

  test('that fails for a reason of our own making is that error', async () => {
    const error = Object.assign(new Error('no such index'), { name: 'ValidationException' });
    dynamo.on(TransactWriteCommand).rejects(error);
    await expect(table.commit([put('a')])).rejects.toBe(error);
  });
});

describe('a read', () => {
  test('is consistent unless told otherwise', async () => {
    dynamo.on(GetCommand).resolves({ Item: key('a') });
    await table.get(key('a'), Thing);
    await table.get(key('a'), Thing, { consistent: false });
    expect(dynamo.commandCalls(GetCommand).map(({ args }) => args[0].input.ConsistentRead)).toEqual([true, false]);
  });

  test('does not see what has expired, though DynamoDB still has it', async () => {
    dynamo
      .on(GetCommand)
      .resolvesOnce({ Item: { ...key('a'), expiresAt: 1 } })
      .resolves({ Item: { ...key('a'), expiresAt: inTheFuture } });
    expect(await table.get(key('a'), Thing)).toBeUndefined();
    expect(await table.get(key('a'), Thing)).toEqual({ sk: 'a' });
  });

  test('of many keys asks for each once, a hundred at a time, and again for what was left', async () => {
    const keys = Array.from({ length: 150 }, (_, n) => key(`${n}`));
    const asked: number[] = [];
    dynamo.on(BatchGetCommand).callsFake(({ RequestItems }) => {
      const Keys = RequestItems.table.Keys as { sk: string }[];
      asked.push(Keys.length);
      const done = Keys.length > 90 ? Keys.slice(0, -10) : Keys;
      const left = Keys.slice(done.length);
      return { Responses: { table: done }, UnprocessedKeys: left.length > 0 ? { table: { Keys: left } } : {} };
    });
    const found = await table.getMany([...keys, ...keys], Thing);
    expect(found.map(({ sk }) => Number(sk)).sort((a, b) => a - b)).toEqual(keys.map((_, n) => n));
    expect(asked).toEqual([100, 10, 50]);
  });

  test.each([
    [{ pk: 'p' }, '#pk = :pk', {}],
    [{ pk: 'p', prefix: 'a#' }, '#pk = :pk AND begins_with(#sk, :prefix)', { ':prefix': 'a#' }],
    [{ pk: 'p', from: 'a', to: 'b' }, '#pk = :pk AND #sk BETWEEN :from AND :to', { ':from': 'a', ':to': 'b' }],
    [{ pk: 'p', from: 'a' }, '#pk = :pk AND #sk >= :from', { ':from': 'a' }],
    [{ pk: 'p', to: 'b' }, '#pk = :pk AND #sk <= :to', { ':to': 'b' }],
  ])('of a partition %o is a query, never a scan', async (query, KeyConditionExpression, values) => {
    dynamo.on(QueryCommand).resolves({ Items: [] });
    await table.query(query, Thing);
    expect(dynamo.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      KeyConditionExpression,
      ExpressionAttributeValues: { ':pk': 'p', ...values },
      ConsistentRead: true,
    });
  });

  test('of the index does not ask for consistency, which an index does not have', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [] });
    await table.query({ pk: 'p', index: 'gsi1' }, Thing);
    const input = dynamo.commandCalls(QueryCommand)[0]?.args[0].input;
    expect(input).toMatchObject({ IndexName: 'gsi1', ExpressionAttributeNames: { '#pk': 'gsi1pk' } });
    expect(input?.ConsistentRead).toBeUndefined();
  });

  test('of all of a partition follows its pages to the end', async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [key('a')], LastEvaluatedKey: key('a') })
      .resolvesOnce({ Items: [], LastEvaluatedKey: key('b') })
      .resolves({ Items: [key('c')] });
    expect(await table.all({ pk: 'things' }, Thing)).toEqual([{ sk: 'a' }, { sk: 'c' }]);
    expect(dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input.ExclusiveStartKey)).toEqual([
      undefined,
      key('a'),
      key('b'),
    ]);
  });
});

test('a meter adds up what DynamoDB says that calls consumed, and without one nobody asks', async () => {
  dynamo.on(GetCommand).resolves({ ConsumedCapacity: { CapacityUnits: 0.5 } });
  dynamo.on(TransactWriteCommand).resolves({ ConsumedCapacity: [{ CapacityUnits: 4 }, { CapacityUnits: 2 }] });
  const meter = new Meter();
  const metered = new Table(client, 'table', meter);
  await metered.get(key('a'), Thing);
  await metered.commit([put('a')]);
  await table.get(key('a'), Thing);
  expect(String(meter)).toBe('calls=2;rru=0.5;wru=6');
  expect(dynamo.commandCalls(GetCommand).map(({ args }) => args[0].input.ReturnConsumedCapacity)).toEqual([
    'TOTAL',
    undefined,
  ]);
});

describe('what a read may not do', () => {
  test('is to leave out what lies beyond the first thousands of a partition', async () => {
    const pages = 12;
    let page = 0;
    dynamo.on(QueryCommand).callsFake(() => {
      page += 1;
      const Items = Array.from({ length: 1000 }, (_, n) => ({ sk: `${page}-${n}` }));
      return page < pages ? { Items, LastEvaluatedKey: key(`${page}`) } : { Items };
    });
    expect(await table.all({ pk: 'things' }, Thing)).toHaveLength(pages * 1000);
  });

  test('is to ask for ever while DynamoDB leaves keys unread: the caller is told to come again', async () => {
    dynamo.on(BatchGetCommand).callsFake(({ RequestItems }) => ({ UnprocessedKeys: RequestItems }));
    await expect(table.getMany([key('a')], Thing)).rejects.toSatisfy(isUnavailable);
  });
});

describe('an update outside a transaction', () => {
  const update = { update: key('a'), set: { name: 'b' }, when: absent };

  test('returns the item as it is now', async () => {
    dynamo.on(UpdateCommand).resolves({ Attributes: { ...key('a'), name: 'b' } });
    expect(await table.update(update, Thing)).toEqual({ sk: 'a' });
    const [sent] = dynamo.commandCalls(UpdateCommand);
    expect(sent?.args[0].input).toMatchObject({
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  test('that is refused tells what is stored, and another error goes on', async () => {
    const Item = marshall(key('a')) as never;
    dynamo.on(UpdateCommand).rejects(new ConditionalCheckFailedException({ message: 'x', $metadata: {}, Item }));
    await expect(table.update(update, Thing)).rejects.toMatchObject({ failed: [{ position: 0, item: key('a') }] });
    dynamo.on(UpdateCommand).rejects(new Error('down'));
    await expect(table.update(update, Thing)).rejects.toThrow('down');
  });
});
