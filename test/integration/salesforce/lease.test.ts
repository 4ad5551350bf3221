import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { handler as sweep } from '../../../functions/jobs/sweep.ts';
import { RunLease } from '../../../lib/salesforce/lease.ts';
import { type Database, startDatabase } from '../../support/database.ts';

let database: Database;
const sqs = mockClient(SQSClient);
const sent: string[] = [];
beforeAll(async () => {
  database = await startDatabase();
  sqs.on(SendMessageBatchCommand).callsFake(({ QueueUrl, Entries = [] }) => {
    if (QueueUrl.endsWith('/salesforce'))
      sent.push(...Entries.map(({ MessageBody = '' }: { MessageBody?: string }) => MessageBody));
    return { Successful: [], Failed: [] };
  });
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a form that came while a run was dead is sent when the dead one’s lease has run out, once', async () => {
  expect(await RunLease.take(database.app, false)).toBeDefined();
  for (let forms = 0; forms < 3; forms += 1) expect(await RunLease.take(database.app, false)).toBeUndefined();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 101_000 });
  await sweep();
  expect(sent).toEqual([JSON.stringify({ kind: 'PUSH' })]);
  expect(await RunLease.take(database.app, false)).toBeDefined();
});
