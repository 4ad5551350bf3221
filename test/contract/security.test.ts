import '../support/environment.ts';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import { isPublic, type Registered } from '../../lib/core/operation.ts';
import { hashToken } from '../../lib/core/token.ts';
import { tokenKey } from '../../lib/table/keys.ts';
import { type Call, call } from '../support/call.ts';

const dynamo = mockClient(DynamoDBDocumentClient);

const knows = (secret: string, token: Record<string, unknown>) =>
  dynamo
    .on(GetCommand, { Key: tokenKey(hashToken(secret)) })
    .resolves({ Item: { tokenId: '1', name: 'test', createdAt: '2026-11-22T00:00:00.000Z', scopes: [], ...token } });

beforeEach(() => {
  dynamo.reset();
  dynamo.on(GetCommand).resolves({});
  dynamo.on(QueryCommand).resolves({ Items: [] });
  dynamo.on(BatchGetCommand).resolves({});
});

/** A value for each path variable: a type name where the variable is one, otherwise an id that nobody has. */
function pathOf({ route }: Registered): Record<string, string> {
  const names = [...route.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(
    names.map((name) => [name, /type/i.test(name) && !/typeId/i.test(name) ? 'contacts' : '1']),
  );
}

const load = async ({ id }: Registered): Promise<unknown> =>
  ((await import(new URL(`../../functions/${id}.ts`, import.meta.url).href)) as { handler: unknown }).handler;
const request = (operation: Registered, headers: Record<string, string>, body: unknown = {}): Call => ({
  method: operation.route.split(' ')[0] ?? 'GET',
  url: operation.route.split(' ')[1] ?? '/nowhere',
  path: pathOf(operation),
  body,
  headers,
});
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const wrote = () => dynamo.commandCalls(TransactWriteCommand).length;

const guarded = operations.filter((operation) => !isPublic(operation));

describe.each(guarded.map((operation) => [operation.id, operation] as const))('%s', (_, operation) => {
  test('answers 401 to a request without a token', async () => {
    const answer = await call(await load(operation), request(operation, {}));
    expect(answer).toMatchObject({ status: 401, body: { status: 'error', category: 'INVALID_AUTHENTICATION' } });
    expect(wrote()).toBe(0);
  });

  test('answers 401 to a token that is not ours', async () => {
    const answer = await call(await load(operation), request(operation, bearer('pat-na1-foreign')));
    expect(answer).toMatchObject({ status: 401, body: { category: 'INVALID_AUTHENTICATION' } });
    expect(wrote()).toBe(0);
  });

  test('answers 401 to a token that has expired', async () => {
    const secret = `expired-${operation.id}`;
    knows(secret, { scopes: ['*'], expiresOn: '2026-01-01T00:00:00.000Z' });
    const answer = await call(await load(operation), request(operation, bearer(secret)));
    expect(answer).toMatchObject({ status: 401, body: { category: 'EXPIRED_AUTHENTICATION' } });
    expect(wrote()).toBe(0);
  });
});

const scoped = guarded.filter(({ scope }) => scope !== null);

test.each(
  scoped.map((operation) => [operation.id, operation] as const),
)('%s names the scope that a token lacks', async (_, operation) => {
  const secret = `scopeless-${operation.id}`;
  knows(secret, { scopes: ['some.other.scope'] });
  const answer = await call(await load(operation), request(operation, bearer(secret)));
  expect(answer).toMatchObject({ status: 403, body: { category: 'MISSING_SCOPES' } });
  expect(answer.text).toContain('requiredGranularScopes');
  expect(wrote()).toBe(0);
});

const withBody = operations.filter(({ body }) => body);

describe.each(withBody.map((operation) => [operation.id, operation] as const))('%s', (_, operation) => {
  test('answers 400 to a body that is not JSON', async () => {
    knows('admin', { scopes: ['*'] });
    const answer = await call(await load(operation), request(operation, bearer('admin'), '{"properties": {'));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ status: 'error' });
    expect(wrote()).toBe(0);
  });

  test('answers a 4xx to a body of another shape', async () => {
    knows('admin', { scopes: ['*'] });
    const answer = await call(await load(operation), request(operation, bearer('admin'), '"a text"'));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ status: 'error', category: 'VALIDATION_ERROR' });
    expect(wrote()).toBe(0);
  });

  test('answers 413 to a body that is larger than it takes', async () => {
    knows('admin', { scopes: ['*'] });
    const large = JSON.stringify({ filler: 'x'.repeat(operation.maxBodyBytes ?? 1024 * 1024) });
    const answer = await call(await load(operation), request(operation, bearer('admin'), large));
    expect(answer).toMatchObject({ status: 413, body: { status: 'error', category: 'VALIDATION_ERROR' } });
    expect(wrote()).toBe(0);
  });
});
