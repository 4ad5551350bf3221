import { afterEach, describe, expect, it } from 'vitest';
import type { EventSourceModel } from '../../../cdk/local/model.ts';
import type { StreamRecord } from '../../../cdk/local/services/stream-poller.ts';
import { eventually } from '../../support/wait.ts';
import { FakeStream, functionArn, given, queue, queueArn, source } from './harness.ts';

const dead = queue('dead');
const broken = { error: { type: 'Error', message: 'broken' } };
type Batch = { Records: (StreamRecord & { dynamodb: { NewImage: { n: number; kind?: string } } })[] };

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
});

function open(more: Partial<EventSourceModel> = {}, stream = new FakeStream()) {
  const eventSources = [source({ source: { kind: 'stream', tableName: 'crm' }, deadLetterArn: dead.arn, ...more })];
  const { services, functions, reports } = given({ queues: [dead], eventSources }, { stream });
  stop = () => services.stop();
  const numbers = ({ Records }: Batch) => Records.map(({ dynamodb }) => dynamodb.NewImage.n);
  const batches = () => functions.calls.map(({ payload }) => numbers(payload as Batch));
  const failing =
    (...bad: number[]) =>
    ({ Records }: Batch) => ({
      payload: {
        batchItemFailures: Records.filter(({ dynamodb }) => bad.includes(dynamodb.NewImage.n)).map(({ dynamodb }) => ({
          itemIdentifier: dynamodb.SequenceNumber,
        })),
      },
    });
  return { services, functions, stream, reports, batches, numbers, failing };
}

const items = (count: number, from = 1) => Array.from({ length: count }, (_, index) => ({ n: index + from }));

describe("a table's stream", () => {
  it('reaches the function in order and in batches, what was there before the start included', async () => {
    const { services, stream, batches, functions } = open({ batchSize: 4 });
    stream.append(...items(6));
    services.start(stream);
    await services.settled();
    stream.append(...items(1, 7));
    await services.settled();
    expect(batches()).toEqual([[1, 2, 3, 4], [5, 6], [7]]);
    expect(functions.calls[0]?.payload).toEqual({ Records: stream.records.slice(0, 4) });
  });

  it('begins anew when the table is thrown away and made again', async () => {
    const { services, stream, batches } = open();
    stream.append(...items(3));
    services.start(stream);
    await services.settled();
    stream.records.length = 0;
    expect(services.pending()).toBe(0);
    stream.append(...items(1, 9));
    await eventually('the new record', async () => batches().length === 2);
    expect(batches()).toEqual([[1, 2, 3], [9]]);
    await services.settled();
  });

  it('is filtered before it is cut into batches', async () => {
    const { services, stream, batches } = open({
      batchSize: 2,
      filters: [{ dynamodb: { NewImage: { kind: ['event'] } } }],
    });
    stream.append(...items(9).map(({ n }) => ({ n, kind: n % 3 === 0 ? 'event' : 'record' })), {
      n: 10,
      kind: 'record',
    });
    services.start(stream);
    await services.settled();
    expect(batches()).toEqual([[3, 6], [9]]);
    expect(services.pending()).toBe(0);
  });

  it('goes on from the lowest record that was reported as failed', async () => {
    const { services, functions, stream, batches, failing } = open();
    functions.answer = (payload: never) => (functions.calls.length === 1 ? failing(3, 5)(payload) : {});
    stream.append(...items(6));
    services.start(stream);
    await services.settled();
    expect(batches()).toEqual([
      [1, 2, 3, 4, 5, 6],
      [3, 4, 5, 6],
    ]);
  });

  it('is delivered again whole after an error, before anything that comes later', async () => {
    const { services, functions, stream, batches } = open({ batchSize: 2 });
    functions.answer = () => (functions.calls.length < 3 ? broken : {});
    stream.append(...items(3));
    services.start(stream);
    await services.settled();
    expect(batches()).toEqual([[1, 2], [1, 2], [1, 2], [3]]);
  });

  it('is cut in halves around a poisonous record, which alone becomes a dead letter', async () => {
    const { services, functions, stream, batches, numbers } = open({ bisectOnError: true, maximumRetryAttempts: 1 });
    functions.answer = (payload: never) => (numbers(payload).includes(6) ? broken : {});
    stream.append(...items(8));
    services.start(stream);
    await services.settled();
    const done = batches().filter((batch) => !batch.includes(6));
    expect(done.flat()).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(batches().filter((batch) => batch.length === 1 && batch[0] === 6)).toHaveLength(2);
    const letters = services.queues.receive(dead, 10).map(({ body }): unknown => JSON.parse(body));
    const sequence = stream.records[5]?.dynamodb.SequenceNumber;
    expect(letters).toMatchObject([
      {
        requestContext: {
          functionArn: functionArn('worker'),
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 2,
        },
        DDBStreamBatchInfo: {
          startSequenceNumber: sequence,
          endSequenceNumber: sequence,
          batchSize: 1,
          streamArn: stream.records[5]?.eventSourceARN,
        },
      },
    ]);
  });

  it('drops a batch into the dead-letter queue when its retries are used up', async () => {
    const { services, functions, stream, batches, failing } = open({ maximumRetryAttempts: 2 });
    functions.answer = failing(1);
    stream.append(...items(2));
    services.start(stream);
    await services.settled();
    expect(batches()).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(services.queues.counts(dead).visible).toBe(1);
  });

  it('leaves a report where no dead-letter queue takes the records', async () => {
    const { services, functions, stream, reports } = open({ maximumRetryAttempts: 0, deadLetterArn: queueArn('none') });
    functions.answer = () => broken;
    stream.append(...items(1));
    services.start(stream);
    await services.settled();
    expect(reports).toEqual([expect.stringContaining('gave up on 1 stream records')]);
  });

  it('does not stop for records that the stream has forgotten', async () => {
    const { services, stream, batches } = open();
    stream.append(...items(3));
    stream.records.splice(0, 2);
    services.start(stream);
    await services.settled();
    expect(batches()).toEqual([[3]]);
  });
});

describe('trouble on purpose', () => {
  it('delivers batches twice, late and shuffled, and loses no record', async () => {
    const { services, functions, stream, batches, failing } = open({ batchSize: 5, bisectOnError: true });
    for (const kind of ['duplicate', 'reorder', 'drop'])
      services.faults.add({ service: 'dynamodb', kind, rate: 0.5, seed: 4, action: 'deliver' });
    functions.answer = (payload: never) => (functions.calls.length % 3 === 0 ? failing(13)(payload) : {});
    stream.append(...items(30));
    services.start(stream);
    await services.settled();
    const arrived = batches().flat();
    expect(new Set(arrived).size).toBe(30);
    expect(arrived.length).toBeGreaterThan(30);
    expect([...new Set(arrived)]).not.toEqual(items(30).map(({ n }) => n));
  });
});
