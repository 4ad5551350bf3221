import '../../support/environment.ts';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import type { Actor } from '../../../events/define.ts';
import { handle } from '../../../lib/core/handle.ts';
import { operations, type Registered } from '../../../lib/core/operation.ts';
import { call } from '../../support/call.ts';
import { givenToken, tableClient } from './given-token.ts';

const dynamo = tableClient();
beforeEach(() => {
  dynamo.reset();
  dynamo.on(GetCommand).resolves({});
});

const { read, open, anyToken } = operations('things', {
  read: {
    route: 'GET /things/{objectType}',
    summary: 'Read',
    scope: 'crm.objects.{objectType}.read',
    path: z.object({ objectType: z.string() }),
    status: 204,
    uses: [],
  },
  open: { route: 'GET /open', summary: 'Open to everybody', scope: 'public', status: 204, uses: [] },
  anyToken: { route: 'GET /any', summary: 'For any token', scope: null, status: 204, uses: [] },
});

async function ask(operation: Registered, headers: Record<string, string>, objectType = 'contacts') {
  const actors: Actor[] = [];
  const run = vi.fn(async (_: unknown, { actor }: { actor: Actor }) => {
    actors.push(actor);
    return undefined;
  });
  const answer = await call(handle(operation, run), { method: 'GET', path: { objectType }, headers });
  return { ...answer, actor: actors[0] };
}

test.each([
  ['contacts', 'crm.objects.contacts.read'],
  ['0-1', 'crm.objects.contacts.read'],
  ['deals', 'crm.objects.deals.read'],
  ['tickets', 'tickets'],
  ['notes', 'crm.objects.contacts.read'],
  ['2-1234', 'crm.objects.custom.read'],
])('%s needs the scope %s and no other', async (objectType, scope) => {
  expect((await ask(read, givenToken(dynamo, { scopes: [scope] }), objectType)).status).toBe(204);
  const refused = await ask(read, givenToken(dynamo, { scopes: ['forms', 'crm.objects.companies.write'] }), objectType);
  expect(refused).toMatchObject({
    status: 403,
    body: { category: 'MISSING_SCOPES', errors: [{ context: { requiredGranularScopes: [scope] } }] },
  });
  expect(refused.actor).toBeUndefined();
});

test('a token with every scope passes', async () => {
  expect((await ask(read, givenToken(dynamo, { scopes: ['*'] }))).status).toBe(204);
});

test('a row without a scope takes any token, but a token', async () => {
  expect((await ask(anyToken, givenToken(dynamo, { scopes: [] }))).status).toBe(204);
  expect((await ask(anyToken, {})).status).toBe(401);
});

test('a user behind a token is the one who acts; otherwise it is the token', async () => {
  expect((await ask(read, givenToken(dynamo, { tokenId: 't-1', userId: '42' }))).actor).toEqual({
    kind: 'user',
    id: '42',
  });
  expect((await ask(read, givenToken(dynamo, { tokenId: 't-1' }))).actor).toEqual({ kind: 'token', id: 't-1' });
});

test('a public row asks for no token and reads none', async () => {
  const { status, actor } = await ask(open, { authorization: 'Bearer anything' });
  expect({ status, actor }).toEqual({ status: 204, actor: { kind: 'system', id: 'public' } });
  expect(dynamo.commandCalls(GetCommand)).toHaveLength(0);
});

test.each([
  ['Basic YTpi'],
  ['Bearer'],
  ['Bearer a b'],
  ['token'],
  [''],
])('the header %j is no token, and the table is not asked', async (authorization) => {
  const { status, body } = await ask(anyToken, { authorization });
  expect({ status, body }).toMatchObject({ status: 401, body: { category: 'INVALID_AUTHENTICATION' } });
  expect(dynamo.commandCalls(GetCommand)).toHaveLength(0);
});

test('the word before a token may have any case', async () => {
  const { authorization } = givenToken(dynamo);
  expect((await ask(anyToken, { authorization: authorization.replace('Bearer', 'bearer') })).status).toBe(204);
});

test('the table never sees the token itself', async () => {
  const { authorization } = givenToken(dynamo);
  await ask(anyToken, { authorization });
  const asked = JSON.stringify(dynamo.commandCalls(GetCommand).map(({ args }) => args[0].input));
  expect(asked).not.toContain(authorization.slice('Bearer '.length));
  expect(asked).toMatch(/token#[0-9a-f]{64}/);
});
