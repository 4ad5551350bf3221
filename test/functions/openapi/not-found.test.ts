import '../../support/environment.ts';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { handler } from '../../../functions/openapi/not-found.ts';
import { call } from '../../support/call.ts';
import { givenToken, tableClient } from '../core/given-token.ts';

const dynamo = tableClient();
beforeEach(() => {
  dynamo.reset();
  dynamo.on(GetCommand).resolves({});
});

test('a path that no row has is a 404 in the words of HubSpot', async () => {
  const answer = await call(handler, { method: 'GET', url: '/crm/v9/owls', headers: givenToken(dynamo) });
  expect(answer).toMatchObject({
    status: 404,
    body: { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'Unable to find the path /crm/v9/owls' },
  });
});

test('a path with a slash at its end is sent on to the one without, with its query and its method', async () => {
  const query = { limit: '5' };
  const answer = await call(handler, { method: 'POST', url: '/crm/v3/owners/', query, headers: givenToken(dynamo) });
  expect([answer.status, answer.headers.location]).toEqual([308, 'https://api.test/crm/v3/owners?limit=5']);
});

test('without a token neither says what there is', async () => {
  for (const url of ['/crm/v9/owls', '/crm/v3/owners/'])
    expect(await call(handler, { method: 'GET', url })).toMatchObject({ status: 401 });
});
