import '../../support/environment.ts';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { handler } from '../../../functions/stream/publish.ts';
import { created } from '../../support/given.ts';
import { streamOf } from '../../support/stream.ts';

const bus = mockClient(EventBridgeClient);
beforeEach(() => bus.reset());

const sent = () => bus.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);
const accepted = (count: number) => ({
  FailedEntryCount: 0,
  Entries: Array.from({ length: count }, (_, n) => ({ EventId: `${n}` })),
});

test('event items go to the bus, at most ten in a call', async () => {
  bus.on(PutEventsCommand).callsFake(({ Entries }) => accepted(Entries.length));
  const events = Array.from({ length: 12 }, (_, n) => created(`${n}`));

  expect(await handler(streamOf(...events))).toEqual({ batchItemFailures: [] });

  expect(sent().map(({ length }) => length)).toEqual([10, 2]);
  expect(sent()[0]?.[0]).toMatchObject({ Source: 'tsunagi', DetailType: 'record.created', EventBusName: 'bus' });
  expect(JSON.parse(sent()[0]?.[0]?.Detail ?? '')).toEqual(events[0]?.detail);
});

test('an entry that EventBridge refuses is sent again alone', async () => {
  bus
    .on(PutEventsCommand)
    .resolvesOnce({
      FailedEntryCount: 1,
      Entries: [{ EventId: '0' }, { ErrorCode: 'ThrottlingException' }, { EventId: '2' }],
    })
    .callsFake(({ Entries }) => accepted(Entries.length));

  expect(await handler(streamOf(created('1'), created('2'), created('3')))).toEqual({ batchItemFailures: [] });

  const second = sent()[1] ?? [];
  expect(second.map(({ Detail }) => JSON.parse(Detail ?? '').recordId)).toEqual(['2']);
});

test('an event that cannot be sent comes back, and so does every call after it', async () => {
  bus.on(PutEventsCommand).callsFake(({ Entries }) => ({
    FailedEntryCount: 1,
    Entries: Entries.map((entry: { Detail: string }) =>
      JSON.parse(entry.Detail).recordId === '2' ? { ErrorCode: 'InternalFailure' } : { EventId: 'x' },
    ),
  }));

  const events = Array.from({ length: 12 }, (_, n) => created(`${n + 1}`));
  const { batchItemFailures } = await handler(streamOf(...events));
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['2', '11', '12']);
});

test('an event too large for the bus is published with its long values cut, and says so', async () => {
  bus.on(PutEventsCommand).callsFake(({ Entries }) => accepted(Entries.length));
  const changes = Object.fromEntries(
    Array.from({ length: 5 }, (_, n) => [`p${n}`, [null, 'あ'.repeat(60_000)] as [null, string]]),
  );

  await handler(streamOf(created('1', { changes })));

  const detail = JSON.parse(sent()[0]?.[0]?.Detail ?? '');
  expect(detail).toMatchObject({ truncated: true, recordId: '1' });
  expect(Object.keys(detail.changes)).toHaveLength(5);
});

test.each([
  ['many values of a middling length', 190, 'あ'.repeat(600)],
  ['a great many short values', 1000, 'あ'.repeat(120)],
])('%s are cut further until EventBridge takes the event', async (_, count, value) => {
  bus.on(PutEventsCommand).callsFake(({ Entries }) => accepted(Entries.length));
  const changes = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`property_${n}`, [null, value] as [null, string]]),
  );

  await handler(streamOf(created('1', { changes })));

  const text = sent()[0]?.[0]?.Detail ?? '';
  expect(Buffer.byteLength(text)).toBeLessThan(256_000);
  expect(JSON.parse(text)).toMatchObject({ truncated: true, recordId: '1', id: expect.stringMatching(/^\w{26}$/) });
  expect(Object.keys(JSON.parse(text).changes)).toHaveLength(count);
});

test('a batch whose first event cannot be sent fails, so that Lambda halves it', async () => {
  bus.on(PutEventsCommand).callsFake(({ Entries }) => ({
    FailedEntryCount: 1,
    Entries: Entries.map((entry: { Detail: string }) =>
      JSON.parse(entry.Detail).recordId === '1' ? { ErrorCode: 'InternalFailure' } : { EventId: 'x' },
    ),
  }));

  await expect(handler(streamOf(created('1'), created('2')))).rejects.toThrow('first event');
  expect(await handler(streamOf(created('1')))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
});
