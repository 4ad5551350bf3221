import '../../support/environment.ts';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { handler as batchCreate } from '../../../functions/objects/batch-create.ts';
import { handler as create } from '../../../functions/objects/create.ts';
import { handler as update } from '../../../functions/objects/update.ts';
import { call } from '../../support/call.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const headers = { authorization: 'Bearer pat-objects' };
const path = { objectType: 'contacts' };

beforeEach(() => {
  dynamo.reset();
  const token = { tokenId: '7', name: 'test', scopes: ['*'], createdAt: '2026-11-22T00:00:00.000Z' };
  dynamo
    .on(GetCommand)
    .callsFake(({ Key }: { Key: { pk: string } }) => (Key.pk.startsWith('token#') ? { Item: token } : {}));
  dynamo.on(QueryCommand).resolves({ Items: [] });
  dynamo.on(BatchGetCommand).resolves({});
});

const transactions = () =>
  dynamo.commandCalls(TransactWriteCommand).map(({ args }) => args[0].input.TransactItems ?? []);

test('POST /crm/v3/objects/contacts writes the record, its event, unique and index rows in one transaction', async () => {
  const answer = await call(create, { path, headers, body: { properties: { email: 'A@b.co', lastname: '田中' } } });

  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ archived: false, properties: { email: 'a@b.co', lastname: '田中' } });
  const [items = []] = transactions();
  expect(transactions()).toHaveLength(1);
  const entities = items.map((item) => item.Put?.Item?.entity);
  expect(entities.filter((entity) => entity === 'record')).toHaveLength(1);
  expect(entities.filter((entity) => entity === 'event')).toHaveLength(1);
  expect(entities).toContain('index');
  expect(items.find((item) => item.Put?.Item?.entity === 'unique')?.Put).toMatchObject({
    Item: { pk: 'unique#0-1#email#a@b.co' },
    ConditionExpression: expect.stringContaining('attribute_not_exists'),
  });
});

const refusedBy = (entity: string, id: string) => {
  const [items = []] = transactions();
  const CancellationReasons = items.map((item) =>
    item.Put?.Item?.entity === entity ? { Code: 'ConditionalCheckFailed', Item: { id: { S: id } } } : { Code: 'None' },
  );
  return new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons } as never);
};

test('an e-mail that another contact has is a 409 that names the contact', async () => {
  dynamo.on(TransactWriteCommand).callsFake(() => {
    throw refusedBy('unique', '123');
  });
  const answer = await call(create, { path, headers, body: { properties: { email: 'a@b.co' } } });

  expect(answer).toMatchObject({
    status: 409,
    body: {
      category: 'CONFLICT',
      message: 'Contact already exists. Existing ID: 123',
      context: { existingObjectId: ['123'] },
    },
  });
  expect(transactions()).toHaveLength(1);
});

test('an id that is taken is drawn again', async () => {
  let tries = 0;
  dynamo.on(TransactWriteCommand).callsFake(() => {
    tries += 1;
    if (tries === 1) throw refusedBy('record', 'taken');
    return {};
  });
  const answer = await call(create, { path, headers, body: { properties: {} } });

  expect(answer.status).toBe(201);
  const ids = transactions().map((items) => items.find((item) => item.Put?.Item?.entity === 'record')?.Put?.Item?.id);
  expect(new Set(ids).size).toBe(2);
});

test('every unknown property of a request is listed, and nothing is written', async () => {
  const answer = await call(create, { path, headers, body: { properties: { nope: '1', neither: '2' } } });

  expect(answer).toMatchObject({
    status: 400,
    body: {
      category: 'VALIDATION_ERROR',
      errors: [{ code: 'PROPERTY_DOESNT_EXIST' }, { code: 'PROPERTY_DOESNT_EXIST' }],
    },
  });
  expect(transactions()).toEqual([]);
});

test('a throttled table is a 503 with Retry-After', async () => {
  dynamo.on(TransactWriteCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
  const answer = await call(create, { path, headers, body: { properties: {} } });

  expect(answer).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    body: { category: 'SERVICE_UNAVAILABLE' },
  });
});

test('a batch that the table did not take at all is a 503, not a 207', async () => {
  dynamo.on(TransactWriteCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
  const inputs = [{ properties: {} }, { properties: {} }];
  const answer = await call(batchCreate, { path, headers, body: { inputs } });

  expect(answer).toMatchObject({ status: 503, body: { category: 'SERVICE_UNAVAILABLE' } });
});

test('a record that is not there cannot be changed', async () => {
  dynamo.on(GetCommand, { Key: { pk: '0-1#5', sk: 'record' } }).resolves({});
  const answer = await call(update, {
    method: 'PATCH',
    path: { ...path, objectId: '5' },
    headers,
    body: { properties: { city: '東京' } },
  });

  expect(answer).toMatchObject({ status: 404, body: { category: 'OBJECT_NOT_FOUND', message: 'resource not found' } });
  expect(transactions()).toEqual([]);
});
