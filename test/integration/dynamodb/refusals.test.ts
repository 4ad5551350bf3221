import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DynamoEngine } from '../../../cdk/local/dynamodb/engine.ts';
import { DynamoError, transactionConflict } from '../../../cdk/local/dynamodb/errors.ts';
import { startDynamoServer } from '../../../cdk/local/dynamodb/server.ts';
import { key, S } from '../../support/dynamodb-values.ts';
import { tables } from './case.ts';

let engine: DynamoEngine;
let intercept: (action: string) => void;

beforeEach(() => {
  intercept = () => undefined;
  engine = new DynamoEngine({ file: ':memory:', intercept: (action) => intercept(action) });
  for (const table of tables) engine.execute('CreateTable', table);
});

afterEach(() => engine.close());

function errorOf(run: () => unknown): { type: string; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof DynamoError) return { type: error.type, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what the engine does not do', () => {
  test('scans are refused', () => {
    expect(errorOf(() => engine.execute('Scan', { TableName: 'main' }))).toMatchObject({
      type: 'ValidationException',
      message: expect.stringContaining('Scan'),
    });
  });

  test('an unknown action is named', () => {
    expect(errorOf(() => engine.execute('ExecuteStatement', {}))).toEqual({
      type: 'UnknownOperationException',
      message: 'The action ExecuteStatement is not implemented by the embedded DynamoDB',
    });
    expect(errorOf(() => engine.execute('toString', {})).type).toBe('UnknownOperationException');
  });

  test.each([
    ['PutItem', { TableName: 'main', Item: key('a'), Expected: {} }, 'Expected'],
    ['Query', { TableName: 'main', KeyConditions: {} }, 'KeyConditions'],
    ['GetItem', { TableName: 'main', Key: key('a'), AttributesToGet: ['a'] }, 'AttributesToGet'],
    ['CreateTable', { TableName: 'other', LocalSecondaryIndexes: [] }, 'LocalSecondaryIndexes'],
    [
      'TransactWriteItems',
      { TransactItems: [{ Put: { TableName: 'main', Item: key('a'), ReturnValues: 'ALL_OLD' } }] },
      'ReturnValues',
    ],
    ['BatchGetItem', { RequestItems: { main: { Keys: [key('a')], AttributesToGet: ['a'] } } }, 'AttributesToGet'],
  ])('%s names a parameter that it does not know', (action, body, name) => {
    const { type, message } = errorOf(() => engine.execute(action, body));
    expect(type).toBe('ValidationException');
    expect(message).toContain(`The parameter ${name} of ${action}`);
  });

  test.each([
    ['a number for a name', { TableName: 5, Item: key('a') }],
    ['a text for an item', { TableName: 'main', Item: 'a' }],
    ['a number for a string', { TableName: 'main', Item: { ...key('a'), v: { S: 5 } } }],
    ['a text for a boolean', { TableName: 'main', Item: { ...key('a'), v: { BOOL: 'true' } } }],
    ['what is no base64', { TableName: 'main', Item: { ...key('a'), v: { B: 'a' } } }],
  ])('%s cannot be read', (_, body) => {
    expect(errorOf(() => engine.execute('PutItem', body)).type).toBe('SerializationException');
  });

  test('an unknown choice is refused with the ones that there are', () => {
    const body = { TableName: 'main', Key: key('a'), ReturnConsumedCapacity: 'SOME' };
    expect(errorOf(() => engine.execute('GetItem', body)).message).toBe(
      "1 validation error detected: Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    );
  });
});

describe('tables', () => {
  test('are listed page by page', () => {
    expect(engine.execute('ListTables', { Limit: 2 })).toEqual({
      TableNames: ['main', 'numbers'],
      LastEvaluatedTableName: 'numbers',
    });
    expect(engine.execute('ListTables', { ExclusiveStartTableName: 'numbers' })).toEqual({ TableNames: ['simple'] });
  });

  test('describe themselves with their indexes and stream', () => {
    engine.execute('PutItem', { TableName: 'main', Item: { ...key('a'), v: S('x') } });
    expect(engine.execute('DescribeTable', { TableName: 'main' }).Table).toMatchObject({
      TableStatus: 'ACTIVE',
      ItemCount: 1,
      TableSizeBytes: 8,
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/main',
      GlobalSecondaryIndexes: [{ IndexName: 'gsi1', IndexStatus: 'ACTIVE', Projection: { ProjectionType: 'ALL' } }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  test('are empty when they are made again', () => {
    engine.execute('PutItem', { TableName: 'main', Item: key('a') });
    engine.execute('DeleteTable', { TableName: 'main' });
    engine.execute('CreateTable', tables[0] as Record<string, unknown>);
    expect(engine.execute('GetItem', { TableName: 'main', Key: key('a') })).toEqual({});
    expect(engine.latestSequence('main')).toBe('0');
  });

  test('keep themselves when they are protected', () => {
    engine.execute('CreateTable', { ...tables[2], TableName: 'kept', DeletionProtectionEnabled: true });
    expect(errorOf(() => engine.execute('DeleteTable', { TableName: 'kept' })).message).toContain(
      'protected against deletion',
    );
    expect(engine.execute('ListTables', {}).TableNames).toContain('kept');
  });

  test.each([
    ['the same name', { ...tables[2] }, 'ResourceInUseException'],
    ['too short a name', { ...tables[2], TableName: 'ab' }, 'ValidationException'],
    [
      'a key without a definition',
      { ...tables[2], TableName: 'new', AttributeDefinitions: [{ AttributeName: 'x', AttributeType: 'S' }] },
      'ValidationException',
    ],
    [
      'a definition without a use',
      {
        ...tables[2],
        TableName: 'new',
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'x', AttributeType: 'S' },
        ],
      },
      'ValidationException',
    ],
    [
      'a stream without a view',
      { ...tables[2], TableName: 'new', StreamSpecification: { StreamEnabled: true } },
      'ValidationException',
    ],
  ])('are not made with %s', (_, body, type) => {
    expect(errorOf(() => engine.execute('CreateTable', body)).type).toBe(type);
  });
});

describe('the wire', () => {
  test('carries errors in AWS’s form', async () => {
    const server = await startDynamoServer(engine);
    const ask = async (target: string, body: string): Promise<unknown> => {
      const response = await fetch(server.url, { method: 'POST', headers: { 'x-amz-target': target }, body });
      return [response.status, await response.json()];
    };
    expect(await ask('DynamoDB_20120810.GetItem', '{"TableName":"absent","Key":{"pk":{"S":"a"}}}')).toEqual([
      400,
      { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: 'Requested resource not found' },
    ]);
    expect(await ask('DynamoDB_20120810.GetItem', '{')).toEqual([
      400,
      expect.objectContaining({ __type: 'com.amazon.coral.service#SerializationException' }),
    ]);
    expect(await ask('Other.GetItem', '{}')).toEqual([
      400,
      expect.objectContaining({ __type: 'com.amazon.coral.service#UnknownOperationException' }),
    ]);
    await server.close();
  });

  test('an intercepted action fails as it is told and changes nothing', () => {
    intercept = (action) => {
      if (action === 'TransactWriteItems') throw transactionConflict(1);
    };
    const body = { TransactItems: [{ Put: { TableName: 'main', Item: key('a') } }] };
    expect(errorOf(() => engine.execute('TransactWriteItems', body))).toEqual({
      type: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]',
    });
    expect(engine.execute('GetItem', { TableName: 'main', Key: key('a') })).toEqual({});
  });
});
