import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/wait.ts';
import { FakeStream, functionArn, given, queue, source } from './harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'services-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const minute = 60_000;

describe('after a kill -9 at any moment', () => {
  it('everything acknowledged is handled at least once, and the stream stays in order', async () => {
    const [file, log] = [join(folder, 'services.db'), join(folder, 'log')];
    const run = (mode: string) =>
      spawn(process.execPath, [new URL('crashing-process.ts', import.meta.url).pathname, file, log, mode], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
    const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []);
    const numbers = (kind: string) =>
      lines().flatMap((line) => (line.startsWith(`${kind} `) ? [Number(line.slice(kind.length + 1))] : []));

    for (let life = 1; life <= 4; life += 1) {
      const acknowledged = numbers('ack').length;
      const child = run('work');
      await eventually(
        'some acknowledged events',
        async () => numbers('ack').length > acknowledged + 50 * life,
        20_000,
      );
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const [code] = await once(run('drain'), 'exit');
    expect(code).toBe(0);

    const acknowledged = new Set(numbers('ack'));
    expect(acknowledged.size).toBeGreaterThan(500);
    for (const kind of ['queue', 'function']) {
      const handled = new Set(numbers(kind));
      expect([...acknowledged].filter((n) => !handled.has(n))).toEqual([]);
    }
    const inStreamOrder = [...new Set(numbers('stream'))];
    expect(inStreamOrder).toEqual(Array.from({ length: 2000 }, (_, n) => n));
  });
});

describe('after a restart', () => {
  const file = () => join(folder, 'state', 'services.db');

  it('a message that was in flight is visible at once, one that was delayed still waits', async () => {
    const model = { queues: [queue('work', { visibilityTimeoutSeconds: 3600 })] };
    const before = given(model, { file: file() }).services;
    const work = queue('work');
    before.queues.send(work, { body: 'in flight' });
    before.queues.send(work, { body: 'delayed', delaySeconds: 900 });
    expect(before.queues.receive(work, 10)).toHaveLength(1);
    await before.stop();
    const { services } = given(model, { file: file() });
    expect(services.queues.receive(work, 10)).toMatchObject([{ body: 'in flight', receiveCount: 2 }]);
    await services.stop();
  });

  it('the clock stands where it was moved to, and a missed schedule fires once', async () => {
    const rules = [
      {
        name: 'sweep',
        busName: 'default',
        enabled: true,
        schedule: 'rate(1 hour)',
        targets: [{ id: 'f', arn: functionArn('worker') }],
      },
    ];
    const before = given({ rules }, { file: file() });
    before.services.start(new FakeStream());
    before.services.clock.advance(30 * minute);
    await before.services.stop();

    const between = given({}, { file: file() }).services;
    expect(between.clock.now() - Date.now()).toBeGreaterThan(29 * minute);
    between.clock.advance(5 * 60 * minute);
    await between.stop();

    const { services, functions } = given({ rules }, { file: file() });
    services.start(new FakeStream());
    await services.settled();
    expect(functions.calls).toHaveLength(1);
    services.clock.advance(60 * minute);
    await services.settled();
    expect(functions.calls).toHaveLength(2);
    await services.stop();
  });

  it('a stream is read on from its checkpoint, and from the start when the table is a new one', async () => {
    const eventSources = [source({ source: { kind: 'stream', tableName: 'crm' } })];
    const stream = new FakeStream();
    const calls = async (read: FakeStream) => {
      const { services, functions } = given({ eventSources }, { file: file(), stream: read });
      services.start(read);
      await services.settled();
      await services.stop();
      return functions.calls.map(({ payload }) => (payload as { Records: unknown[] }).Records.length);
    };
    stream.append({ n: 1 }, { n: 2 });
    expect(await calls(stream)).toEqual([2]);
    stream.append({ n: 3 });
    expect(await calls(stream)).toEqual([1]);
    const fresh = new FakeStream();
    fresh.append({ n: 1 });
    expect(await calls(fresh)).toEqual([1]);
  });

  it('an event for a target that the stack has lost is dropped with a report', async () => {
    const rules = [
      {
        name: 'all',
        busName: 'default',
        enabled: true,
        pattern: { source: ['test'] },
        targets: [{ id: 'f', arn: functionArn('worker') }],
      },
    ];
    const before = given({ rules }, { file: file() }).services;
    before.bus.publish('default', { source: 'test', detailType: 'x', detail: {} });
    await before.stop();
    const { services, reports } = given({}, { file: file() });
    services.start(new FakeStream());
    expect(services.pending()).toBe(0);
    expect(reports).toEqual([expect.stringContaining('dropped 1 deliveries')]);
    await services.stop();
  });

  it('mail, posts and secrets are still there', async () => {
    const model = { secrets: [{ name: 's', arn: 'arn:s', generate: {} }], queues: [queue('dead')] };
    const before = given(model, { file: file() }).services;
    const form = new URLSearchParams({
      'RawMessage.Data': Buffer.from('From: a@example.com\nTo: b@example.com\nSubject: s\n\nx').toString('base64'),
    });
    before.ses.execute('SendRawEmail', form);
    before.sinks.post('slack', { headers: {}, body: '{"text":"x"}' });
    const secret = before.secrets.execute('GetSecretValue', { SecretId: 's' });
    before.queues.send(queue('dead'), { body: 'kept' });
    await before.stop();
    const { services } = given(model, { file: file() });
    expect(services.ses.mails()).toMatchObject([{ subject: 's' }]);
    expect(services.sinks.posts('slack')).toHaveLength(1);
    expect(services.secrets.execute('GetSecretValue', { SecretId: 's' })).toEqual(secret);
    expect(services.queues.receive(queue('dead'), 10)).toMatchObject([{ body: 'kept' }]);
    await services.stop();
  });
});
