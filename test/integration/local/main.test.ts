import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DynamoEngine } from '../../../cdk/local/dynamodb/engine.ts';
import type { LocalAddresses } from '../../../cdk/local/local-system.ts';
import { eventually } from '../../support/wait.ts';

const script = new URL('../../../cdk/local/main.ts', import.meta.url).pathname;
const children: ChildProcess[] = [];
let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tsunagi-main-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts what `npm start` starts. */
function main(...args: string[]) {
  const child = spawn(process.execPath, [script, '--home', home, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, ended: once(child, 'exit') as Promise<[number | null]>, output: () => output };
}

const addresses = () => {
  const file = join(home, 'local.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as LocalAddresses);
};
const started = (run: ReturnType<typeof main>) =>
  eventually(
    'the system',
    async () => {
      if (run.child.exitCode !== null) throw new Error(run.output());
      const found = addresses();
      return found && found.pid === run.child.pid && found;
    },
    60_000,
  );

const contacts = ({ apiUrl, accessToken }: LocalAddresses, body?: unknown) =>
  fetch(`${apiUrl}/crm/v3/objects/contacts`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

test('it says where it answers, survives a kill -9 with its state and its token, and ends cleanly', async () => {
  const first = main('--port', '0');
  const before = await started(first);
  expect(before).toEqual({
    apiUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    publicUrl: before.apiUrl,
    localUrl: `${before.apiUrl}/local`,
    portalId: 24601001,
    accessToken: expect.stringMatching(/^\S{30,}$/),
    dynamodbUrl: expect.stringMatching(/^http:/),
    smtpUrl: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
    pid: first.child.pid,
  });
  expect((await contacts(before, { properties: { email: 'kept@example.co.jp' } })).status).toBe(201);

  const second = main('--port', '0');
  expect([await second.ended, second.output()]).toEqual([
    [1, null],
    expect.stringContaining(`already runs on ${home}: ${before.apiUrl}`),
  ]);

  first.child.kill('SIGKILL');
  await first.ended;
  const third = main('--port', '0');
  const after = await started(third);
  expect(after.accessToken).toBe(before.accessToken);
  expect(await (await contacts(after)).text()).toContain('kept@example.co.jp');

  third.child.kill('SIGTERM');
  expect(await third.ended).toEqual([0, null]);
  expect(addresses()).toBe(false);
});

test('--reset forgets the state', async () => {
  const first = main('--port', '0');
  const before = await started(first);
  await contacts(before, { properties: { email: 'gone@example.co.jp' } });
  first.child.kill('SIGTERM');
  await first.ended;
  const after = await started(main('--port', '0', '--reset'));
  expect(after.accessToken).not.toBe(before.accessToken);
  expect(await (await contacts(after)).text()).not.toContain('gone@example.co.jp');
});

test.each([
  [['--port', 'many'], '--port takes a number from 0 to 65535, not many.'],
  [['--colour'], "Unknown option '--colour'"],
])('%j is refused with a sentence', async (args, sentence) => {
  const run = main(...args);
  expect(await run.ended).toEqual([1, null]);
  expect(run.output()).toContain(sentence);
  expect(run.output()).not.toContain('    at ');
});

test('a port that is taken is refused with a sentence', async () => {
  const { apiUrl } = await started(main('--port', '0'));
  home = mkdtempSync(join(tmpdir(), 'tsunagi-main-'));
  const other = main('--port', new URL(apiUrl).port);
  expect(await other.ended).toEqual([1, null]);
  expect(other.output().trim()).toBe(
    `Port ${new URL(apiUrl).port} is taken by another program: give another one with --port.`,
  );
});

test.each([
  [[]],
  [['--reset']],
])('a folder on which another system works, but does not answer yet, is left alone %j', async (args) => {
  const other = new DynamoEngine({ file: join(home, 'dynamodb.sqlite') });
  try {
    const run = main('--port', '0', ...args);
    expect(await run.ended).toEqual([1, null]);
    expect(run.output().trim()).toBe(
      `The folder ${home} is of no use: another Tsunagi works on it: stop that one, or give another folder with --home.`,
    );
    expect(existsSync(join(home, 'dynamodb.sqlite'))).toBe(true);
  } finally {
    other.close();
  }
});

test('a folder that cannot be one is refused with a sentence', async () => {
  writeFileSync(join(home, 'file'), '');
  home = join(home, 'file', 'home');
  const run = main('--port', '0');
  expect([await run.ended, run.output().trim()]).toEqual([
    [1, null],
    `The folder ${home} is of no use: a part of its path is a file.`,
  ]);
});

test('scripts that wait for the file of a system with demo data find the data', async () => {
  const found = await started(main('--port', '0', '--demo'));
  expect(await (await contacts(found)).text()).toContain('@');
  const flows = await fetch(`${found.apiUrl}/automation/v4/flows`, {
    headers: { authorization: `Bearer ${found.accessToken}` },
  });
  expect(await flows.json()).toMatchObject({ results: [expect.objectContaining({ isEnabled: true })] });
});
