import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { handler as connect } from '../../../functions/integrations/connect-slack.ts';
import { handler as list } from '../../../functions/integrations/list-slack-deliveries.ts';
import { deliveryKey, deliveryListing } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

const secrets = mockClient(SecretsManagerClient);
let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  secrets.restore();
  await database.close();
});
beforeEach(() => {
  secrets.reset();
  secrets.on(PutSecretValueCommand).resolves({});
});
afterEach(() => {
  process.env.OUTGOING_PRIVATE_ADDRESSES = 'refuse';
});

const headers = bearer();
const put = (webhookUrl: unknown) => call(connect, { body: { webhookUrl }, headers });

test('the address of the webhook becomes the secret and is not shown', async () => {
  const webhookUrl = 'https://hooks.slack.com/services/T/B/secret';
  const answer = await put(webhookUrl);
  expect([answer.status, answer.body]).toEqual([200, { connected: true }]);
  expect(secrets.commandCalls(PutSecretValueCommand).map(({ args }) => args[0].input)).toEqual([
    { SecretId: process.env.SLACK_SECRET_ARN, SecretString: JSON.stringify({ webhookUrl }) },
  ]);
});

test.each([
  'http://hooks.slack.com/x',
  'https://user:pass@hooks.slack.com/',
  'file:///etc/passwd',
  'slack',
  '',
  7,
])('%j is refused', async (webhookUrl) => {
  expect(await put(webhookUrl)).toMatchObject({ status: 400, body: { errors: [{ in: 'webhookUrl' }] } });
  expect(secrets.commandCalls(PutSecretValueCommand)).toEqual([]);
});

test('plain HTTP is taken where private addresses are', async () => {
  process.env.OUTGOING_PRIVATE_ADDRESSES = 'allow';
  expect((await put('http://127.0.0.1:9/slack')).status).toBe(200);
});

test('deliveries are listed newest first, page by page', async () => {
  const origin = { flowId: '7', runId: 'r', actionId: '1', objectType: '0-1', recordId: '101', cause: [] };
  const delivery = (n: number) => ({
    ...deliveryKey('slack', `d${n}`),
    gsi1pk: deliveryListing('slack'),
    gsi1sk: `2026-11-22T04:00:0${n}.000Z#d${n}`,
    id: `d${n}`,
    state: 'RETRY',
    round: 0,
    attempts: n,
    leaseUntil: 0,
    retryAt: Date.parse('2026-11-22T05:00:00.000Z'),
    content: { text: `投稿${n}` },
    origin,
    reason: 'answered 503',
    createdAt: `2026-11-22T04:00:0${n}.000Z`,
    updatedAt: '2026-11-22T04:00:09.000Z',
  });
  await database.app.table.commit([1, 2, 3].map((n) => ({ put: delivery(n) })));
  const first = await call(list, { query: { limit: '2' }, headers });
  expect(first).toMatchObject({
    status: 200,
    body: {
      results: [{ id: 'd3', text: '投稿3', reason: 'answered 503', retryAt: '2026-11-22T05:00:00.000Z' }, { id: 'd2' }],
    },
  });
  const { after } = (first.body as { paging: { next: { after: string } } }).paging.next;
  const second = await call(list, { query: { limit: '2', after }, headers });
  expect(second.body).toMatchObject({ results: [{ id: 'd1', attempts: 1, flowId: '7', objectId: '101' }] });
  expect(second.body).not.toHaveProperty('paging');
  expect((await call(list, { query: { limit: '3' }, headers })).body).not.toHaveProperty('paging');
});
