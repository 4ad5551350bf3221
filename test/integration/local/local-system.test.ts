import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type LocalOptions, type LocalSystem, startLocal } from '../../../cdk/local/local-system.ts';
import type { StackModel } from '../../../cdk/local/model.ts';
import type { Stack } from '../../../cdk/local/template.ts';
import { eventually } from '../../support/wait.ts';
import { tinyStack } from './tiny-stack.ts';

let stack: Stack;
const reports: string[] = [];
beforeAll(async () => {
  stack = await tinyStack();
});

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

async function start(options: LocalOptions = {}): Promise<LocalSystem> {
  const local = await startLocal({ stacks: [stack], report: (line) => reports.push(line), ...options });
  running.push(local.stop);
  return local;
}

type Reach = Pick<LocalSystem, 'apiUrl' | 'localUrl'>;

async function call(method: string, url: string, body?: unknown) {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as Record<string, unknown>,
  };
}
const write = (local: Reach, id: string) => call('POST', `${local.apiUrl}/notes/${id}`, { text: id });
const idle = (local: Reach) => call('POST', `${local.localUrl}/idle`);
const seen = async (local: Reach, id: string) => 'item' in (await call('GET', `${local.apiUrl}/notes/seen-${id}`)).body;

/** The model with one function changed. */
const withFunction =
  (id: string, change: (fn: StackModel['functions'][number]) => StackModel['functions'][number]) =>
  (model: StackModel) => ({
    ...model,
    functions: model.functions.map((fn) => (fn.id === id ? change(fn) : fn)),
  });

test('a request goes through table, stream, bus, rule and queue to the last function', async () => {
  const local = await start();
  expect(await write(local, 'a')).toEqual({ status: 201, body: 'a' });
  expect(await idle(local)).toEqual({ status: 200, body: { pending: 0 } });
  expect(await seen(local, 'a')).toBe(true);
  const { body } = await call('GET', `${local.localUrl}/calls`);
  expect(body).toMatchObject({
    functions: {
      'notes/create': { 'dynamodb:PutItem': 1 },
      'notes/publish': { 'events:PutEvents': 1 },
      'notes/announce': { 'dynamodb:PutItem': 1 },
    },
    denied: [],
  });
});

test.each<[string, (model: StackModel) => StackModel]>([
  ['a grant', withFunction('notes/publish', (fn) => ({ ...fn, policies: [] }))],
  ['a variable', withFunction('notes/publish', (fn) => ({ ...fn, environment: {} }))],
  ['a rule', (model) => ({ ...model, rules: [] })],
  [
    'a reader of the queue',
    (model) => ({
      ...model,
      eventSources: model.eventSources.filter(({ functionId }) => functionId !== 'notes/announce'),
    }),
  ],
])('without %s the story ends early', async (_, edit) => {
  const local = await start({
    edit: (model) => ({
      ...edit(model),
      eventSources: edit(model).eventSources.map((source) => ({ ...source, maximumRetryAttempts: 0 })),
    }),
  });
  await write(local, 'a');
  await idle(local);
  expect(await seen(local, 'a')).toBe(false);
});

test('a call that the role does not allow is denied in AWS’s words and counted apart', async () => {
  const local = await start();
  expect(await call('GET', `${local.apiUrl}/notes`)).toMatchObject({
    status: 500,
    body: { message: 'Internal Server Error' },
  });
  const { body } = await call('GET', `${local.localUrl}/calls`);
  expect(body.denied).toEqual([
    {
      function: 'notes/create',
      action: 'dynamodb:Scan',
      resource: 'arn:aws:dynamodb:ap-northeast-1:000000000000:table/tiny-Table',
      count: 1,
    },
  ]);
  await eventually('the error in the log', async () =>
    local
      .log()
      .some(
        (line) =>
          line.includes('AccessDeniedException') && line.includes('is not authorized to perform: dynamodb:Scan'),
      ),
  );
});

test('the table answers a developer with any credentials, and nobody without', async () => {
  const { dynamodbUrl } = await start();
  const client = new DynamoDBClient({
    endpoint: dynamodbUrl,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'me', secretAccessKey: 'x' },
  });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['tiny-Table']);
  expect((await fetch(dynamodbUrl, { method: 'POST', body: '{}' })).status).toBe(403);
});

test.each([
  'throttle',
  'error',
  'drop',
  'timeoutAfterCommit',
])('a fault of kind %s strikes the call that it is for, once', async (kind) => {
  const local = await start();
  expect(
    (await call('POST', `${local.localUrl}/faults`, { service: 'dynamodb', kind, action: 'PutItem', count: 1 })).status,
  ).toBe(200);
  expect((await write(local, 'a')).status).toBe(500);
  const stored = (await call('GET', `${local.apiUrl}/notes/a`)).body;
  expect('item' in stored).toBe(kind === 'timeoutAfterCommit');
  expect((await write(local, 'b')).status).toBe(201);
  await call('DELETE', `${local.localUrl}/faults`);
  expect((await call('GET', `${local.localUrl}/faults`)).body).toEqual([]);
});

test('events that come twice, late and out of order still arrive', async () => {
  const local = await start();
  for (const service of ['dynamodb', 'events', 'sqs']) {
    for (const kind of ['duplicate', 'reorder', 'drop'])
      await call('POST', `${local.localUrl}/faults`, { service, kind, action: 'deliver', rate: 0.3, seed: 7 });
  }
  const ids = Array.from({ length: 20 }, (_, index) => `n${index}`);
  await Promise.all(ids.map((id) => write(local, id)));
  expect((await idle(local)).status).toBe(200);
  expect(await Promise.all(ids.map((id) => seen(local, id)))).toEqual(ids.map(() => true));
});

test('functions live in the time of the movable clock', async () => {
  const local = await start();
  await write(local, 'a');
  const { body } = await call('POST', `${local.localUrl}/clock`, { advanceMs: 3_600_000 });
  expect(body.offsetMs).toBe(3_600_000);
  const { now } = (await call('GET', `${local.apiUrl}/notes/a`)).body;
  expect(Math.abs(Number(now) - Date.parse(String(body.now)))).toBeLessThan(5000);
  expect((await call('POST', `${local.localUrl}/clock`, { advanceMs: -1 })).status).toBe(400);
});

test('Slack posts and webhooks are kept, newest first, webhooks by path', async () => {
  const { localUrl } = await start();
  await call('POST', `${localUrl}/slack`, { text: 'one' });
  await call('POST', `${localUrl}/slack`, { text: 'two' });
  await call('POST', `${localUrl}/webhooks/orders`, { a: 1 });
  expect((await call('POST', `${localUrl}/slack`, {})).status).toBe(400);
  expect((await call('GET', `${localUrl}/slack`)).body).toMatchObject([
    { json: { text: 'two' } },
    { json: { text: 'one' } },
  ]);
  expect((await call('GET', `${localUrl}/webhooks/orders`)).body).toMatchObject([{ json: { a: 1 } }]);
  expect((await call('GET', `${localUrl}/webhooks/others`)).body).toEqual([]);
});

test('mail from outside needs a function that takes it; SES events are taken in', async () => {
  const { localUrl } = await start();
  expect((await call('POST', `${localUrl}/inbound-mail`, 'From: a@example.co.jp')).status).toBe(400);
  expect(
    (await call('POST', `${localUrl}/ses-events`, { 'detail-type': 'Email Bounced', detail: { eventType: 'Bounce' } }))
      .status,
  ).toBe(200);
  expect((await call('POST', `${localUrl}/ses-events`, { detail: 1 })).status).toBe(400);
});

test('dead letters are counted and sent back', async () => {
  const local = await start({
    edit: withFunction('notes/announce', (fn) => ({
      ...fn,
      policies: fn.policies.filter(({ actions }) => !actions.includes('dynamodb:PutItem')),
    })),
  });
  await write(local, 'a');
  await eventually('the message among the dead letters', async () => {
    await call('POST', `${local.localUrl}/clock`, { advanceMs: 15_000 });
    const queues = (await call('GET', `${local.localUrl}/queues`)).body as unknown as {
      name: string;
      visible: number;
      deadLettersOf?: string[];
    }[];
    return queues.some(({ deadLettersOf, visible }) => deadLettersOf?.includes('tiny-Queue') && visible === 1);
  });
  expect((await call('POST', `${local.localUrl}/queues/notes-dead-letters/redrive`)).body).toEqual({ moved: 1 });
  expect((await call('POST', `${local.localUrl}/queues/nothing/redrive`)).status).toBe(404);
});

test('pages show everything to a browser and escape what they show', async () => {
  const { localUrl } = await start();
  await call('POST', `${localUrl}/slack`, { text: '<script>alert(1)</script>' });
  for (const path of ['', '/mail', '/slack', '/webhooks', '/queues', '/calls', '/faults', '/clock']) {
    const response = await fetch(`${localUrl}${path}`, { headers: { accept: 'text/html' } });
    const text = await response.text();
    expect([path, response.headers.get('content-type'), text.includes('<main>'), text.includes('<script>')]).toEqual([
      path,
      'text/html;charset=utf-8',
      true,
      false,
    ]);
  }
  for (const path of ['/nothing', '/mail/%zz']) expect((await call('GET', localUrl + path)).status).toBe(404);
  expect((await call('PUT', `${localUrl}/mail`)).status).toBe(405);
});

test('pages of other sites reach neither /local nor the table', async () => {
  const { localUrl, dynamodbUrl } = await start();
  const authorization = 'AWS4-HMAC-SHA256 Credential=me/20260101/ap-northeast-1/dynamodb/aws4_request';
  const asSite = (url: string) =>
    new Promise((resolve) =>
      request(url, { headers: { host: 'evil.example', authorization } }, ({ statusCode }) => resolve(statusCode)).end(),
    );
  const foreignHost = await asSite(`${localUrl}/mail`);
  expect(await asSite(dynamodbUrl)).toBe(403);
  const foreignOrigin = await fetch(`${localUrl}/faults`, {
    method: 'DELETE',
    headers: { origin: 'https://evil.example' },
  });
  expect([foreignHost, foreignOrigin.status]).toEqual([403, 403]);
});

test('a folder keeps everything over a stop and a start', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tiny-home-'));
  const first = await start({ home });
  await write(first, 'a');
  await call('POST', `${first.localUrl}/clock`, { advanceMs: 60_000 });
  await call('POST', `${first.localUrl}/slack`, { text: 'kept' });
  await first.stop();
  const second = await start({ home });
  expect((await call('GET', `${second.apiUrl}/notes/a`)).body).toHaveProperty('item');
  expect((await call('GET', `${second.localUrl}/clock`)).body.offsetMs).toBe(60_000);
  expect((await call('GET', `${second.localUrl}/slack`)).body).toHaveLength(1);
});

async function startProcess(home: string): Promise<Reach & { process: ChildProcess }> {
  const script = new URL('./tiny-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, home, stack.folder, JSON.stringify(stack.template)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(async () => child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { ...(JSON.parse(line) as Reach), process: child };
}

test('after a kill -9 in the middle of the work nothing that was acknowledged is lost', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tiny-killed-'));
  const first = await startProcess(home);
  const acknowledged: string[] = [];
  const client = async (name: string) => {
    for (let index = 0; ; index += 1) {
      const { status } = await write(first, `${name}${index}`);
      if (status === 201) acknowledged.push(`${name}${index}`);
      if (acknowledged.length === 30) first.process.kill('SIGKILL');
    }
  };
  await Promise.allSettled(['a', 'b', 'c', 'd'].map(client));

  const second = await startProcess(home);
  await idle(second);
  expect(acknowledged.length).toBeGreaterThanOrEqual(30);
  expect(await Promise.all(acknowledged.map((id) => seen(second, id)))).toEqual(acknowledged.map(() => true));
});

test('nothing of ours was reported as broken', () =>
  expect(reports.filter((line) => /Internal error|Error:/.test(line))).toEqual([]));
