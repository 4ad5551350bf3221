import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handler } from '../../../functions/account/seed.ts';
import { listUsers } from '../../../lib/users/store.ts';
import { type Database, startDatabase } from '../../support/database.ts';

const secrets = mockClient(SecretsManagerClient);
const received: Record<string, unknown>[] = [];
const statuses: number[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const status = statuses.shift() ?? 200;
  if (status === 200) received.push({ method: request.method, ...JSON.parse(Buffer.concat(chunks).toString()) });
  response.writeHead(status).end();
});

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await database.close();
});
beforeEach(() => {
  received.length = 0;
  secrets.reset();
  secrets.on(GetSecretValueCommand).resolves({ SecretString: 'generated-secret-of-forty-characters-and-more' });
});

const event = (RequestType: string, more: Record<string, unknown> = {}) => ({
  RequestType,
  ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signature=x`,
  StackId: 'arn:aws:cloudformation:ap-northeast-1:000000000000:stack/tsunagi/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Run',
  ...more,
});
const echoed = { StackId: expect.any(String), RequestId: 'request-1', LogicalResourceId: 'Run' };

test('a new installation is seeded and CloudFormation is told', async () => {
  await handler(event('Create'));
  expect(received).toEqual([
    { method: 'PUT', Status: 'SUCCESS', PhysicalResourceId: 'tsunagi-seed', ...echoed, Data: {} },
  ]);
  expect(await listUsers(database.app)).toHaveLength(1);
});

test('an update keeps the physical id, seeds nothing twice, and survives an answer address that stumbles', async () => {
  statuses.push(503);
  await handler(event('Update', { PhysicalResourceId: 'given-before' }));
  expect(received).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'given-before' }]);
  expect(await listUsers(database.app)).toHaveLength(1);
});

test('a failure is told with a reason that holds no secret', async () => {
  secrets
    .on(GetSecretValueCommand)
    .rejects(Object.assign(new Error('no access to generated-secret'), { name: 'AccessDeniedException' }));
  await handler(event('Create'));
  expect(received).toMatchObject([{ Status: 'FAILED', Reason: expect.stringContaining('AccessDeniedException') }]);
  expect(JSON.stringify(received)).not.toContain('generated-secret');
});

test('deleting the stack is answered at once and takes nothing away', async () => {
  await handler(event('Delete', { PhysicalResourceId: 'tsunagi-seed' }));
  expect(received).toMatchObject([{ Status: 'SUCCESS' }]);
  expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(0);
  expect(await listUsers(database.app)).toHaveLength(1);
});
