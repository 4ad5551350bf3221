import type { SQSEvent } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import type { EventSourceModel } from '../../../cdk/local/model.ts';
import { given, queue, queueArn, source } from './harness.ts';

const work = queue('work', { redrive: { deadLetterArn: queueArn('dead'), maxReceiveCount: 3 } });
const dead = queue('dead');
const broken = { error: { type: 'Error', message: 'broken' } };

const opened: ReturnType<typeof given>['services'][] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((services) => services.stop()));
});

function open(more: Partial<EventSourceModel> = {}) {
  const { services, functions, stream } = given({
    queues: [work, dead],
    eventSources: [source({ source: { kind: 'queue', queueArn: work.arn }, ...more })],
  });
  opened.push(services);
  services.start(stream);
  const send = (...bodies: string[]) =>
    services.store.transaction(() => bodies.map((body) => services.queues.send(work, { body })));
  const batches = () => functions.calls.map(({ payload }) => (payload as SQSEvent).Records);
  return { services, functions, send, batches };
}

describe("a queue's messages", () => {
  it('reach the function as Lambda delivers them, in batches, and are deleted', async () => {
    const { services, functions, send, batches } = open();
    const ids = send(...Array.from({ length: 12 }, (_, index) => `m${index}`));
    await services.settled();
    expect(batches().map((records) => records.length)).toEqual([10, 2]);
    expect(functions.calls[0]?.functionId).toBe('worker');
    expect(batches()[0]?.[0]).toEqual({
      messageId: ids[0],
      receiptHandle: expect.any(String),
      body: 'm0',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {},
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: work.arn,
      awsRegion: 'us-east-1',
    });
    expect(services.queues.counts(work)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('that are reported as failed come again alone, the rest does not', async () => {
    const { services, functions, send, batches } = open();
    functions.answer = ({ Records }: SQSEvent) => ({
      payload: {
        batchItemFailures: Records.filter(
          ({ body, attributes }) => body === 'b' && attributes.ApproximateReceiveCount === '1',
        ).map(({ messageId }) => ({ itemIdentifier: messageId })),
      },
    });
    send('a', 'b', 'c');
    await services.settled();
    expect(batches().map((records) => records.map(({ body }) => body))).toEqual([['a', 'b', 'c'], ['b']]);
  });

  it('all come again when the function throws or its report makes no sense', async () => {
    for (const answer of [
      broken,
      { payload: { batchItemFailures: [{ itemIdentifier: 'nobody' }] } },
      { payload: { batchItemFailures: [{}] } },
    ]) {
      const { services, functions, send, batches } = open();
      functions.answer = () => (functions.calls.length === 1 ? answer : {});
      send('a', 'b');
      await services.settled();
      // They come again together or one by one, as the machine has time.
      const bodies = batches().flatMap((records) => records.map(({ body }) => body));
      expect(bodies.toSorted()).toEqual(['a', 'a', 'b', 'b']);
    }
  });

  it('that keep failing end in the dead-letter queue', async () => {
    const { services, functions, send } = open();
    functions.answer = () => broken;
    send('poison');
    await services.settled();
    expect(functions.calls).toHaveLength(3);
    expect(services.queues.receive(dead, 10)).toMatchObject([{ body: 'poison', sourceArn: work.arn }]);
  });

  it('stay away as long as the function has asked for', async () => {
    const { services, functions, send } = open();
    functions.answer = ({ Records }: SQSEvent) => {
      for (const { receiptHandle, attributes } of Records) {
        if (attributes.ApproximateReceiveCount === '1') services.queues.changeVisibility(work, receiptHandle, 600);
      }
      return functions.calls.length === 1 ? broken : {};
    };
    send('later');
    await expect(services.settled(300)).rejects.toThrow('Still busy');
    expect(functions.calls).toHaveLength(1);
    services.clock.advance(600_000);
    await services.settled();
    expect(functions.calls).toHaveLength(2);
  });

  it('that no filter wants are deleted unseen', async () => {
    const { services, send, batches } = open({ filters: [{ body: { kind: ['step'] } }] });
    send('{"kind":"step"}', '{"kind":"other"}', 'no json');
    await services.settled();
    expect(batches().map((records) => records.map(({ body }) => body))).toEqual([['{"kind":"step"}']]);
    expect(services.queues.counts(work)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('wait for company while a batching window is open', async () => {
    const { services, send, batches } = open({ maximumBatchingWindowSeconds: 60 });
    send('a');
    await new Promise(setImmediate);
    send('b');
    await new Promise(setImmediate);
    expect(batches()).toEqual([]);
    services.clock.advance(60_000);
    await services.settled();
    expect(batches().map((records) => records.length)).toEqual([2]);
  });

  it('are handled by no more calls at once than allowed', async () => {
    const { services, functions, send } = open({ batchSize: 1, maximumConcurrency: 3 });
    let running = 0;
    let most = 0;
    functions.answer = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return {};
    };
    send(...Array.from({ length: 20 }, String));
    await services.settled();
    expect(functions.calls).toHaveLength(20);
    expect(most).toBe(3);
  });

  it('that are delayed are not waited for, and come when they are due', async () => {
    const { services, functions } = open();
    services.queues.send(work, { body: 'later', delaySeconds: 300 });
    await services.settled();
    expect(functions.calls).toEqual([]);
    services.clock.advance(300_000);
    await services.settled();
    expect(functions.calls).toHaveLength(1);
  });
});
