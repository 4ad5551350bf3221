import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ExternalDatabase } from '../../../cdk/local/host/external-database.ts';
import { eventually } from '../../support/wait.ts';

let server: Server | undefined;
let database: ExternalDatabase | undefined;
afterEach(async () => {
  await database?.close();
  server?.close();
});

/** A DynamoDB that answers each action by a function; it keeps the headers of what it was asked. */
async function databaseOf(answers: Record<string, () => { status?: number; body: unknown }>) {
  const authorizations: (string | undefined)[] = [];
  server = createServer((message, response) => {
    authorizations.push(message.headers.authorization);
    const action = String(message.headers['x-amz-target']).split('.')[1] ?? '';
    const { status = 200, body } = answers[action]?.() ?? { status: 500, body: {} };
    message.resume().on('end', () => response.writeHead(status).end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  database = new ExternalDatabase({ endpoint, region: 'ap-northeast-1', tables: ['main'], report: () => undefined });
  return { database, authorizations };
}

const record = (SequenceNumber: string, eventName = 'INSERT') => ({
  eventName,
  awsRegion: 'ddblocal',
  dynamodb: { SequenceNumber },
});

test('calls go to the other DynamoDB, signed, and its errors come back as they are', async () => {
  const made = await databaseOf({
    GetItem: () => ({ body: { Item: { pk: { S: 'a' } } } }),
    PutItem: () => ({
      status: 400,
      body: { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'no' },
    }),
  });
  expect(await made.database.execute('GetItem', {})).toEqual({ Item: { pk: { S: 'a' } } });
  expect(made.authorizations[0]).toMatch(
    /^AWS4-HMAC-SHA256 Credential=.+\/ap-northeast-1\/dynamodb\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
  );
  await expect(made.database.execute('PutItem', {})).rejects.toMatchObject({
    type: 'ConditionalCheckFailedException',
    message: 'no',
    statusCode: 400,
  });
});

test('its stream is read from the beginning and handed on in order, after any sequence number', async () => {
  const pages = [[record('9'), record('100', 'UNKNOWN_TO_SDK_VERSION')], [record('101', 'MODIFY')]];
  const { database } = await databaseOf({
    DescribeTable: () => ({ body: { Table: { LatestStreamArn: 'arn:stream' } } }),
    DescribeStream: () => ({ body: { StreamDescription: { Shards: [{ ShardId: 's1' }] } } }),
    GetShardIterator: () => ({ body: { ShardIterator: 'i' } }),
    GetRecords: () => ({ body: { Records: pages.shift() ?? [], NextShardIterator: 'i' } }),
  });
  const told: string[] = [];
  database.onStream((table) => told.push(table));
  await eventually('all records', async () => database.latestSequence('main') === '101');
  expect(told).toContain('main');
  const read = database.readStream('main', { after: '9', limit: 10 });
  expect(read).toMatchObject([
    {
      eventName: 'REMOVE',
      eventSourceARN: 'arn:stream',
      awsRegion: 'ap-northeast-1',
      dynamodb: { SequenceNumber: '100' },
    },
    { eventName: 'MODIFY', dynamodb: { SequenceNumber: '101' } },
  ]);
  expect(database.readStream('main', { limit: 1 })).toMatchObject([{ dynamodb: { SequenceNumber: '9' } }]);
});
