import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { given, queue, queueArn, startEndpoint } from './harness.ts';

const work = queue('work', { redrive: { deadLetterArn: queueArn('dead'), maxReceiveCount: 2 } });
const dead = queue('dead');
const { services } = given({ queues: [work, dead, queue('slow', { delaySeconds: 60 })] });
const QueueUrl = work.url;

let endpoint: Awaited<ReturnType<typeof startEndpoint>>;
let client: SQSClient;

beforeEach(async () => {
  endpoint = await startEndpoint(services);
  client = new SQSClient(endpoint.config);
});

afterEach(async () => {
  for (const each of services.queues.list()) services.queues.purge(each);
  services.faults.clear();
  client.destroy();
  await endpoint.close();
});

const receive = async (
  url = QueueUrl,
  more: { MaxNumberOfMessages?: number; WaitTimeSeconds?: number; VisibilityTimeout?: number } = {},
) =>
  (
    await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        ...more,
      }),
    )
  ).Messages ?? [];

const send = (MessageBody: string, url = QueueUrl) =>
  client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));

const count = async (url = QueueUrl) => {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return [
    Attributes.ApproximateNumberOfMessages,
    Attributes.ApproximateNumberOfMessagesNotVisible,
    Attributes.ApproximateNumberOfMessagesDelayed,
  ];
};

describe('a message', () => {
  it('arrives with its attributes, and the client agrees with all digests', async () => {
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: '本文 <&>',
        MessageAttributes: {
          名前: { DataType: 'String', StringValue: '値' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
          count: { DataType: 'Number', StringValue: '7' },
        },
      }),
    );
    const [message] = await receive();
    expect(message).toMatchObject({
      Body: '本文 <&>',
      Attributes: { ApproximateReceiveCount: '1' },
      MessageAttributes: { 名前: { StringValue: '値' }, bytes: { BinaryValue: new Uint8Array([1, 2, 255]) } },
    });
    expect(Number(message?.Attributes?.SentTimestamp)).toBeGreaterThan(0);
  });

  it('is hidden while somebody has it, comes back after its visibility timeout, and is gone after a delete', async () => {
    await send('one');
    const [first] = await receive();
    expect(await receive()).toEqual([]);
    expect(await count()).toEqual(['0', '1', '0']);
    services.clock.advance(30_000);
    const [second] = await receive();
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle ?? '' }));
    expect(await count()).toEqual(['0', '1', '0']);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle ?? '' }));
    expect(await count()).toEqual(['0', '0', '0']);
  });

  it('becomes visible when its receiver says so', async () => {
    await send('one');
    const [message] = await receive();
    const ReceiptHandle = message?.ReceiptHandle ?? '';
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(await receive()).toHaveLength(1);
    await expect(
      client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 5 })),
    ).rejects.toThrow('not in flight');
  });

  it('waits out its own delay or that of the queue', async () => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 5 }));
    await send('slow', services.queues.named('slow')?.url);
    expect(await count()).toEqual(['0', '0', '1']);
    expect(await receive()).toEqual([]);
    services.clock.advance(5000);
    expect(await receive()).toHaveLength(1);
    services.clock.advance(55_000);
    expect(await receive(services.queues.named('slow')?.url)).toHaveLength(1);
  });

  it('goes to the dead-letter queue when it has been received too often, and back by a move task', async () => {
    await send('poison');
    for (let time = 0; time < 2; time += 1) await receive(QueueUrl, { VisibilityTimeout: 0 });
    expect(await receive()).toEqual([]);
    const [letter] = await receive(dead.url, { VisibilityTimeout: 0 });
    expect(letter).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: work.arn } });
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
    expect(await count(dead.url)).toEqual(['0', '0', '0']);
    expect(await receive()).toMatchObject([{ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } }]);
  });

  it('ends a long poll at once', async () => {
    const polled = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await send('now');
    expect(await polled).toHaveLength(1);
  });

  it('ends no long poll that runs out, by the movable clock', async () => {
    let over = false;
    const polled = receive(QueueUrl, { WaitTimeSeconds: 20 }).finally(() => {
      over = true;
    });
    while (!over) {
      services.clock.advance(5000);
      await new Promise(setImmediate);
    }
    expect(await polled).toEqual([]);
  });
});

describe('a batch', () => {
  it('reports each entry, good or bad', async () => {
    const Entries = [
      { Id: 'a', MessageBody: 'one' },
      { Id: 'b', MessageBody: '\u0001' },
      { Id: 'c', MessageBody: 'three' },
    ];
    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(sent.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidMessageContents', SenderFault: true }]);
    const messages = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
    const handles = messages.map(({ ReceiptHandle }, index) => ({
      Id: `m${index}`,
      ReceiptHandle: ReceiptHandle ?? '',
    }));
    const removed = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl, Entries: [...handles, { Id: 'x', ReceiptHandle: 'nonsense' }] }),
    );
    expect(removed.Successful).toHaveLength(2);
    expect(removed.Failed).toMatchObject([{ Id: 'x', Code: 'ReceiptHandleIsInvalid' }]);
  });

  it('is refused as a whole when it is empty, too long, too large or ambiguous', async () => {
    const batch = (Entries: { Id: string; MessageBody: string }[]) =>
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const entries = (length: number, size = 1) =>
      Array.from({ length }, (_, index) => ({ Id: `e${index}`, MessageBody: 'x'.repeat(size) }));
    await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    await expect(batch(entries(11))).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    await expect(batch([...entries(1), ...entries(1)])).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
    await expect(batch(entries(3, 400_000))).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
    expect(await count()).toEqual(['0', '0', '0']);
  });
});

describe('the queue service', () => {
  it('finds, lists and purges queues', async () => {
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'work' }))).QueueUrl).toBe(work.url);
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'd' }))).QueueUrls).toEqual([dead.url]);
    await send('one');
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await count()).toEqual(['0', '0', '0']);
  });

  it('answers errors by their names', async () => {
    await expect(send('x', 'http://127.0.0.1/000000000000/none')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await expect(send('')).rejects.toThrow('MessageBody');
    await expect(send('x'.repeat(1_048_577))).rejects.toThrow('shorter than 1048576');
    await expect(client.send(new TagQueueCommand({ QueueUrl, Tags: {} }))).rejects.toMatchObject({
      name: 'UnsupportedOperation',
    });
    await expect(
      client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 901 })),
    ).rejects.toThrow('DelaySeconds');
  });
});

describe('trouble on purpose', () => {
  it('delivers every message, some twice and out of order, and loses none', async () => {
    for (const kind of ['duplicate', 'reorder', 'drop'])
      services.faults.add({ service: 'sqs', kind, rate: 0.5, seed: 5, action: 'deliver' });
    const bodies = Array.from({ length: 50 }, (_, index) => String(index));
    for (const body of bodies) services.queues.send(work, { body });
    const arrived: string[] = [];
    while (services.queues.pendingIn(work) > 0) {
      const messages = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
      for (const { Body = '', ReceiptHandle = '' } of messages) {
        arrived.push(Body);
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      services.clock.advance(500);
    }
    expect(new Set(arrived)).toEqual(new Set(bodies));
    expect(arrived.length).toBeGreaterThan(60);
    expect(arrived.length).toBeLessThan(90);
    expect([...new Set(arrived)]).not.toEqual(bodies);
  });
});
