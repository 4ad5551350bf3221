import '../../support/environment.ts';
import { DynamoDBDocumentClient, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { handler as set } from '../../../functions/associations/set.ts';
import { hashToken } from '../../../lib/core/token.ts';
import { tokenKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const secret = 'pat-associations';
const headers = { authorization: `Bearer ${secret}` };
const path = { objectType: 'contacts', objectId: '1', toObjectType: 'companies', toObjectId: '2' };

beforeEach(() => {
  dynamo.reset();
  dynamo.on(GetCommand).resolves({});
  dynamo.on(GetCommand, { Key: tokenKey(hashToken(secret)) }).resolves({
    Item: {
      tokenId: '7',
      name: 'test',
      scopes: ['crm.objects.contacts.write'],
      createdAt: '2026-11-22T00:00:00.000Z',
    },
  });
  dynamo.on(QueryCommand).resolves({ Items: [] });
});

test('a pair is written in both directions with its event, under the condition that both records live', async () => {
  const body = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }];
  const answer = await call(set, { method: 'PUT', path, headers, body });

  expect(answer).toMatchObject({
    status: 201,
    body: { fromObjectTypeId: '0-1', fromObjectId: '1', toObjectTypeId: '0-2', toObjectId: '2', labels: [] },
  });
  const [written] = dynamo.commandCalls(TransactWriteCommand);
  const items = written?.args[0].input.TransactItems ?? [];
  expect(items.flatMap((item) => item.Put?.Item ?? [])).toMatchObject([
    { pk: '0-1#1', sk: 'assoc#0-2#2', typeIds: [279] },
    { pk: '0-2#2', sk: 'assoc#0-1#1', typeIds: [280] },
    { entity: 'event', type: 'association.created' },
  ]);
  expect(items.flatMap((item) => item.ConditionCheck?.Key ?? [])).toEqual([
    { pk: '0-1#1', sk: 'record' },
    { pk: '0-2#2', sk: 'record' },
  ]);
});

test('a pair that has the labels already costs no write', async () => {
  dynamo
    .on(GetCommand, { Key: { pk: '0-1#1', sk: 'assoc#0-2#2' } })
    .resolves({ Item: { objectType: '0-1', id: '1', toObjectType: '0-2', toId: '2', typeIds: [279] } });
  const answer = await call(set, { method: 'PUT', path, headers, body: [] });

  expect(answer.status).toBe(201);
  expect(dynamo.commandCalls(TransactWriteCommand)).toEqual([]);
});
