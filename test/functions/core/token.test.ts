import '../../support/environment.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readToken } from '../../../lib/core/token.ts';
import { Table } from '../../../lib/table/table.ts';
import { givenToken, newSecret, tableClient } from './given-token.ts';

const dynamo = tableClient();
const table = new Table(DynamoDBDocumentClient.from(new DynamoDBClient({})), 'table');
const start = Date.parse('2026-11-22T00:00:00.000Z');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  dynamo.reset();
  dynamo.on(GetCommand).resolves({});
});
afterEach(() => {
  vi.useRealTimers();
});

const reads = () => dynamo.commandCalls(GetCommand).length;

test('a token is read once in a minute', async () => {
  const { authorization } = givenToken(dynamo, { tokenId: 't-9' });
  expect(await readToken(table, authorization)).toMatchObject({ tokenId: 't-9' });
  vi.setSystemTime(start + 59_000);
  await readToken(table, authorization);
  expect(reads()).toBe(1);
});

test('after a minute a token that was taken away works no longer', async () => {
  const secret = newSecret();
  const { authorization } = givenToken(dynamo, {}, secret);
  await readToken(table, authorization);
  dynamo.reset();
  dynamo.on(GetCommand).resolves({});
  vi.setSystemTime(start + 60_001);
  await expect(readToken(table, authorization)).rejects.toMatchObject({ category: 'INVALID_AUTHENTICATION' });
});

test('a token that is not there is not remembered: it works as soon as it is made', async () => {
  const secret = newSecret();
  await expect(readToken(table, `Bearer ${secret}`)).rejects.toMatchObject({ category: 'INVALID_AUTHENTICATION' });
  givenToken(dynamo, { tokenId: 't-new' }, secret);
  expect(await readToken(table, `Bearer ${secret}`)).toMatchObject({ tokenId: 't-new' });
});

test('a token that expires while it is remembered is refused from that second on', async () => {
  const { authorization } = givenToken(dynamo, { expiresOn: '2026-11-22T00:00:30.000Z' });
  await readToken(table, authorization);
  vi.setSystemTime(start + 42_000);
  await expect(readToken(table, authorization)).rejects.toMatchObject({
    category: 'EXPIRED_AUTHENTICATION',
    message: 'The OAuth token used to make this call expired 12 second(s) ago.',
  });
  expect(reads()).toBe(1);
});

test('a thousand other tokens do not pile up in memory: the first is read again', async () => {
  const item = { tokenId: '1', name: 'test', createdAt: '2026-11-22T00:00:00.000Z', scopes: [] };
  dynamo.on(GetCommand).resolves({ Item: item });
  const first = `Bearer ${newSecret()}`;
  await readToken(table, first);
  for (let n = 0; n < 1000; n += 1) await readToken(table, `Bearer ${newSecret()}`);
  await readToken(table, first);
  expect(reads()).toBe(1002);
});
