import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rule } from '../../../cdk/local/services/event-bus.ts';
import { functionArn, given, queue, queueArn, startEndpoint } from './harness.ts';

const rule = (name: string, pattern: Record<string, unknown>, targets: Rule['targets']): Rule => ({
  name,
  busName: 'crm',
  enabled: true,
  pattern,
  targets,
});
const anyEvent = { source: ['tsunagi'] };
const toQueue = { id: 'q', arn: queueArn('work') };
const toFunction = { id: 'f', arn: functionArn('worker'), deadLetterArn: queueArn('dead') };
const model = (...rules: Rule[]) => ({
  queues: [queue('work'), queue('dead')],
  buses: [{ name: 'crm', arn: 'arn:aws:events:us-east-1:000000000000:event-bus/crm' }],
  rules,
});

let opened: { services: ReturnType<typeof given>['services']; endpoint: Awaited<ReturnType<typeof startEndpoint>> }[] =
  [];

async function open(...rules: Rule[]) {
  const { services, functions, stream, reports } = given(model(...rules));
  const endpoint = await startEndpoint(services);
  opened.push({ services, endpoint });
  services.start(stream);
  const client = new EventBridgeClient(endpoint.config);
  const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
  const bodies = (name = 'work') => {
    const model = services.queues.named(name) ?? queue(name);
    return services.queues.receive(model, 100).map(({ body }): unknown => JSON.parse(body));
  };
  return { services, functions, reports, client, put, bodies };
}

const entry = (more: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: 'crm',
  Source: 'tsunagi',
  DetailType: 'record.created',
  Detail: '{"id":"1"}',
  ...more,
});

beforeEach(() => {
  opened = [];
});

afterEach(async () => {
  for (const { services, endpoint } of opened) {
    await endpoint.close();
    await services.stop();
  }
});

describe('an event on the bus', () => {
  it('reaches the targets of every rule that matches, in AWS envelope', async () => {
    const { services, functions, put, bodies } = await open(
      rule('all', anyEvent, [toQueue, toFunction]),
      rule('deals', { detail: { objectType: ['deals'] } }, [toQueue]),
      { ...rule('off', anyEvent, [toQueue]), enabled: false },
    );
    const answer = await put(
      entry({ Time: new Date('2026-01-02T03:04:05.678Z'), Resources: ['r'] }),
      entry({ Detail: '{"objectType":"deals"}' }),
    );
    expect(answer).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.any(String) }, { EventId: expect.any(String) }],
    });
    await services.settled();
    const received = bodies();
    expect(received).toHaveLength(3);
    expect(received[0]).toEqual({
      version: '0',
      id: answer.Entries?.[0]?.EventId,
      'detail-type': 'record.created',
      source: 'tsunagi',
      account: '000000000000',
      time: '2026-01-02T03:04:05Z',
      region: 'us-east-1',
      resources: ['r'],
      detail: { id: '1' },
    });
    expect(functions.calls.map(({ functionId }) => functionId)).toEqual(['worker', 'worker']);
    expect(functions.calls[0]?.payload).toEqual(received[0]);
  });

  it('is refused entry by entry', async () => {
    const { put, bodies } = await open(rule('all', anyEvent, [toQueue]));
    const answer = await put(
      entry(),
      entry({ Detail: '{' }),
      entry({ Detail: '[]' }),
      entry({ Source: 'aws.ses' }),
      entry({ DetailType: undefined }),
      entry({ EventBusName: 'none' }),
    );
    expect(answer.FailedEntryCount).toBe(5);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
      'ResourceNotFoundException',
    ]);
    expect(bodies()).toHaveLength(1);
  });

  it('is refused with the whole request when there are too many or too large ones, or the action is unknown', async () => {
    const { client, put, bodies } = await open(rule('all', anyEvent, [toQueue]));
    await expect(put(...Array.from({ length: 11 }, () => entry()))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const large = entry({ Detail: JSON.stringify({ text: 'あ'.repeat(43_700) }) });
    expect((await put(large)).FailedEntryCount).toBe(0);
    await expect(put(large, large)).rejects.toThrow('over the limit');
    await expect(client.send(new ListRulesCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
    expect(bodies()).toHaveLength(1);
  });

  it('is shaped by the target that asks for it', async () => {
    const { services, put, bodies } = await open(
      rule('shaped', anyEvent, [
        { ...toQueue, id: 'constant', input: '{"tick":true}' },
        {
          ...toQueue,
          id: 'template',
          inputTransformer: { inputPathsMap: { id: '$.detail.id' }, inputTemplate: '{"record":"<id>"}' },
        },
      ]),
    );
    await put(entry());
    await services.settled();
    expect(bodies()).toEqual([{ tick: true }, { record: '1' }]);
  });
});

describe('a function that fails', () => {
  it('gets the event again twice, and then the dead-letter queue has it', async () => {
    const { services, functions, put, bodies } = await open(rule('all', anyEvent, [toFunction]));
    functions.answer = () => ({ error: { type: 'Error', message: 'broken' } });
    await put(entry());
    await services.settled();
    expect(functions.calls).toHaveLength(3);
    expect(new Set(functions.calls.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
    expect(bodies('dead')).toMatchObject([{ detail: { id: '1' } }]);
  });

  it('and recovers has the event once more and no dead letter', async () => {
    const { services, functions, put, bodies } = await open(rule('all', anyEvent, [toFunction]));
    functions.answer = () => (functions.calls.length < 2 ? { error: { type: 'Error', message: 'broken' } } : {});
    await put(entry());
    await services.settled();
    expect(functions.calls).toHaveLength(2);
    expect(bodies('dead')).toEqual([]);
  });

  it('is not called with what a template has made no JSON of; the dead-letter queue has it', async () => {
    const inputTransformer = { inputTemplate: '{"count": <count>, }' };
    const { services, functions, put } = await open(rule('all', anyEvent, [{ ...toFunction, inputTransformer }]));
    await put(entry());
    await services.settled();
    expect(functions.calls).toEqual([]);
    expect(services.queues.receive(queue('dead'), 1)).toMatchObject([
      { attributes: { ERROR_CODE: { StringValue: 'InvalidJson' } } },
    ]);
  });

  it('without a dead-letter queue leaves a report', async () => {
    const { services, functions, put, reports } = await open(
      rule('all', anyEvent, [{ id: 'f', arn: functionArn('worker'), maximumRetryAttempts: 0 }]),
    );
    functions.answer = () => ({ error: { type: 'Error', message: 'broken' } });
    await put(entry());
    await services.settled();
    expect(functions.calls).toHaveLength(1);
    expect(reports).toEqual([expect.stringContaining('broken')]);
  });
});

describe('trouble on purpose', () => {
  it('delivers every event, some twice and out of order, and loses none', async () => {
    const { services, functions, put, bodies } = await open(rule('all', anyEvent, [toQueue, toFunction]));
    for (const kind of ['duplicate', 'reorder', 'drop'])
      services.faults.add({ service: 'events', kind, rate: 0.4, seed: 9, action: 'deliver' });
    const ids = Array.from({ length: 40 }, (_, index) => String(index));
    for (const id of ids) await put(entry({ Detail: JSON.stringify({ id }) }));
    await services.settled();
    const idOf = (event: unknown) => (event as { detail: { id: string } }).detail.id;
    for (const arrived of [bodies().map(idOf), functions.calls.map(({ payload }) => idOf(payload))]) {
      expect(new Set(arrived)).toEqual(new Set(ids));
      expect(arrived.length).toBeGreaterThan(45);
      expect([...new Set(arrived)]).not.toEqual(ids);
    }
  });

  it('fails single entries of a request', async () => {
    const { services, put, bodies } = await open(rule('all', anyEvent, [toQueue]));
    services.faults.add({ service: 'events', kind: 'throttle', rate: 0.5, seed: 2, action: 'PutEventsEntry' });
    const answer = await put(...Array.from({ length: 10 }, () => entry()));
    const refused = answer.Entries?.filter(({ ErrorCode }) => ErrorCode === 'ThrottlingException') ?? [];
    expect(answer.FailedEntryCount).toBe(refused.length);
    expect(refused.length).toBeGreaterThan(0);
    expect(bodies()).toHaveLength(10 - refused.length);
  });
});

describe('a stack that makes no sense', () => {
  it.each([
    [
      'a target that is neither queue nor function',
      rule('x', anyEvent, [{ id: 't', arn: 'arn:aws:sns:us-east-1:000000000000:topic' }]),
      'neither a queue nor a function',
    ],
    ['a bus that does not exist', { ...rule('x', anyEvent, [toQueue]), busName: 'none' }, 'event bus none'],
    ['a bad pattern', rule('x', { source: 'tsunagi' }, [toQueue]), 'Event pattern is not valid'],
  ])('does not start: %s', (_, bad, message) => {
    expect(() => given(model(bad))).toThrow(message);
  });
});
