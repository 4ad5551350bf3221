import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler } from '../../../functions/emails/settle.ts';
import { Entry } from '../../../lib/outgoing/entry.ts';
import { eventPrefix, messageKey, recordKey } from '../../../lib/table/keys.ts';
import { type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const ledgerRow = (id: string, recordId: string) => ({
  ...messageKey(id),
  id,
  state: 'SENDING',
  round: 0,
  attempts: 1,
  leaseUntil: 0,
  content: { to: ['a@example.co.jp'], subject: 's' },
  origin: { flowId: '7', runId: 'r', actionId: '1', objectType: '0-1', recordId, cause: ['E1'] },
  createdAt: '2026-11-22T04:00:00.000Z',
  updatedAt: '2026-11-22T04:00:00.000Z',
});
const told = (id: string, eventType: string, key: string | undefined, more: Record<string, unknown> = {}) => ({
  version: '0',
  id,
  source: 'aws.ses',
  'detail-type': `Email ${eventType}`,
  time: '2026-11-22T04:00:05Z',
  detail: {
    eventType,
    mail: { messageId: 'ses-1', destination: ['a@example.co.jp'], tags: { ...(key && { message: [key] }) } },
    ...more,
  },
});
const deliver = (...events: unknown[]) =>
  handler({
    Records: events.map((event, index) => ({ messageId: String(index), body: JSON.stringify(event) })),
  } as SQSEvent);
const Logged = z.object({ type: z.string(), detail: z.looseObject({}) });
const logOf = (id: string) =>
  database.app.table.all({ pk: recordKey({ objectType: '0-1', id }).pk, prefix: eventPrefix }, Logged);

test("each event of SES is told once in the contact's log, with the ledger row and what led to it", async () => {
  await database.app.table.commit([{ put: ledgerRow('k1', '101') }]);
  const events = [
    told('e1', 'Send', 'k1'),
    told('e2', 'Delivery', 'k1'),
    told('e3', 'Bounce', 'k1', { bounce: { bounceType: 'Permanent' } }),
    told('e4', 'Open', 'k1'),
    told('e5', 'Open', 'k1'),
  ];
  expect(await deliver(...events, ...events.toReversed())).toEqual({ batchItemFailures: [] });
  const log = await logOf('101');
  expect(log.map(({ type }) => type)).toEqual([
    'email.sent',
    'email.delivered',
    'email.bounced',
    'email.opened',
    'email.opened',
  ]);
  expect(log[2]?.detail).toMatchObject({
    messageKey: 'k1',
    to: 'a@example.co.jp',
    reason: 'Permanent',
    cause: ['E1'],
    actor: { id: 'emails/settle' },
  });
  expect(await database.app.table.get(messageKey('k1'), Entry)).toMatchObject({ state: 'SENT', reference: 'ses-1' });
});

test('a mail that SES rejected after it took it is a failed one', async () => {
  await database.app.table.commit([{ put: ledgerRow('k2', '102') }]);
  await deliver(told('e6', 'Reject', 'k2', { reject: { reason: 'Bad content' } }));
  expect(await database.app.table.get(messageKey('k2'), Entry)).toMatchObject({
    state: 'FAILED',
    reason: 'Bad content',
  });
  expect(await logOf('102')).toMatchObject([{ type: 'email.bounced', detail: { reason: 'Bad content' } }]);
});

test("events about other people's mail are left alone; what is no event of SES comes back", async () => {
  const answer = await deliver(told('e7', 'Send', 'foreign'), told('e8', 'Send', undefined), { odd: true });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
});
