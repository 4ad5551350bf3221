import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { FunctionLog } from '../../../cdk/local/host/function-log.ts';
import type { FunctionModel } from '../../../cdk/local/model.ts';
import { WorkerHost } from '../../../cdk/local/worker-host.ts';
import { eventually } from '../../support/wait.ts';

let host: WorkerHost | undefined;
afterEach(() => host?.stop());

const log = new FunctionLog();

/** A host with one function for each source; a source is the body of `(event, context) => …`. */
function hostOf(
  sources: Record<string, string>,
  { preamble = '', timeoutSeconds = 5, maximumInstances = 60 } = {},
): WorkerHost {
  const assetPath = mkdtempSync(join(tmpdir(), 'worker-host-'));
  const functions = Object.entries(sources).map(([id, source]): FunctionModel => {
    const file = join(assetPath, `${id}.mjs`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${preamble}\nexport const handler = async (event, context) => { ${source} };`);
    return {
      id,
      name: `fn-${id}`,
      arn: `arn:${id}`,
      assetPath,
      handler: `${id}.handler`,
      environment: { OWN: id },
      timeoutSeconds,
      memoryMb: 256,
      policies: [],
    };
  });
  host = new WorkerHost({ functions, awsUrl: 'http://127.0.0.1:9', region: 'ap-northeast-1', log, maximumInstances });
  return host;
}

test('a function has its own variables and what Lambda sets, and nothing of this process', async () => {
  process.env.OF_THE_MACHINE = 'x';
  const { payload } = await hostOf({ env: 'return process.env' }).invoke('env', {});
  delete process.env.OF_THE_MACHINE;
  expect(payload).toMatchObject({
    OWN: 'env',
    AWS_REGION: 'ap-northeast-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_ACCESS_KEY_ID: 'env',
    AWS_LAMBDA_FUNCTION_NAME: 'fn-env',
  });
  expect(payload).not.toHaveProperty('OF_THE_MACHINE');
  expect(payload).not.toHaveProperty('PATH');
});

test('module state lasts from call to call and is each function’s own', async () => {
  const { invoke } = hostOf({ a: 'return ++calls', b: 'return ++calls' }, { preamble: 'let calls = 0;' });
  expect([await invoke('a', {}), await invoke('a', {}), await invoke('b', {})]).toEqual([
    { payload: 1 },
    { payload: 2 },
    { payload: 1 },
  ]);
});

test('several calls share a thread at the same time', async () => {
  const { invoke } = hostOf(
    { meet: 'waiting.push(1); while (waiting.length < 2) await new Promise((go) => setTimeout(go, 1)); return "met"' },
    { preamble: 'const waiting = [];' },
  );
  expect(await Promise.all([invoke('meet', {}), invoke('meet', {})])).toEqual([{ payload: 'met' }, { payload: 'met' }]);
});

test('the context is Lambda’s', async () => {
  const source = 'return { ...context, left: context.getRemainingTimeInMillis() }';
  const { payload } = await hostOf({ 'area/context': source }).invoke('area/context', {});
  expect(payload).toMatchObject({
    functionName: 'fn-area/context',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:area/context',
    memoryLimitInMB: '256',
  });
  const { left, awsRequestId } = payload as { left: number; awsRequestId: string };
  expect(left).toBeGreaterThan(3000);
  expect(left).toBeLessThanOrEqual(5000);
  expect(awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
});

test('an error has the type and the message of what was thrown', async () => {
  const { invoke } = hostOf({ bad: 'throw new RangeError("too far")', odd: 'throw "text"' });
  expect(await invoke('bad', {})).toEqual({ error: { type: 'RangeError', message: 'too far' } });
  expect(await invoke('odd', {})).toEqual({ error: { type: 'Error', message: 'text' } });
});

test('a call beyond its time limit is reported as Lambda does, and the next one runs in a new instance', async () => {
  const { invoke } = hostOf(
    { slow: 'calls += 1; if (event.stuck) for (;;); return calls' },
    { preamble: 'let calls = 0;', timeoutSeconds: 0.3 },
  );
  expect(await invoke('slow', {})).toEqual({ payload: 1 });
  expect(await invoke('slow', { stuck: true })).toEqual({
    error: { type: 'Sandbox.Timedout', message: expect.stringMatching(/Task timed out after 0\.30 seconds$/) },
  });
  expect(await invoke('slow', {})).toEqual({ payload: 1 });
});

test('a call that shares the thread of one that timed out still finishes', async () => {
  const source = 'await new Promise((go) => setTimeout(go, event.ms)); return event.ms';
  const { invoke } = hostOf({ slow: source }, { timeoutSeconds: 0.5 });
  await invoke('slow', { ms: 0 });
  const late = invoke('slow', { ms: 5000 });
  // A call of half the time limit, so that the next one is under way when the late one is given up.
  await invoke('slow', { ms: 250 });
  const [outcome, other] = await Promise.all([late, invoke('slow', { ms: 400 })]);
  expect(outcome.error?.type).toBe('Sandbox.Timedout');
  expect(other).toEqual({ payload: 400 });
});

test('a crash fails only what runs in that function', async () => {
  const { invoke } = hostOf({
    exit: 'process.exit(3)',
    stray: 'setImmediate(() => { throw new Error("stray") }); await new Promise(() => {})',
    fine: 'return 1',
  });
  expect((await invoke('exit', {})).error).toMatchObject({
    type: 'Runtime.ExitError',
    message: expect.stringContaining('3'),
  });
  expect((await invoke('stray', {})).error).toMatchObject({ type: 'Runtime.UnhandledError', message: 'stray' });
  expect(await invoke('fine', {})).toEqual({ payload: 1 });
});

test('a bundle that cannot be loaded fails its calls and no others', async () => {
  const made = hostOf({ broken: 'return 1' }, { preamble: 'throw new Error("at load");' });
  expect((await made.invoke('broken', {})).error).toMatchObject({ message: 'at load' });
  expect((await made.invoke('absent', {})).error).toMatchObject({ type: 'ResourceNotFoundException' });
  expect(made.pending()).toBe(0);
});

test('Date follows the clock of the system in every form', async () => {
  const source =
    'return [Date.now(), new Date().getTime(), Date.parse(Date()), new Date(5).getTime(), new Date() instanceof Date, new Date(2026, 0).getFullYear()]';
  const made = hostOf({ date: source });
  await made.invoke('date', {});
  made.moveClock(86_400_000);
  const tomorrow = Date.now() + 86_400_000;
  const { payload } = await made.invoke('date', {});
  const [now, made2, text, ...rest] = payload as [number, number, number, ...unknown[]];
  for (const time of [now, made2, text]) expect(Math.abs(time - tomorrow)).toBeLessThan(5000);
  expect(rest).toEqual([5, true, 2026]);
});

test('what a function prints goes to the log with its name', async () => {
  await hostOf({ talk: 'console.log("hello"); console.error("oh"); return 1' }).invoke('talk', {});
  const line = await eventually('both lines', async () => {
    const lines = log.newest().filter((text) => text.includes(' talk '));
    return lines.length >= 2 && lines.join('\n');
  });
  expect(line).toContain('talk hello');
  expect(line).toContain('talk oh');
});

test('beyond its number of threads the host ends the one that was idle the longest', async () => {
  const { invoke } = hostOf(
    { a: 'return ++calls', b: 'return ++calls', c: 'return ++calls' },
    { preamble: 'let calls = 0;', maximumInstances: 2 },
  );
  for (const id of ['a', 'b', 'a', 'c']) await invoke(id, {});
  expect([await invoke('a', {}), await invoke('b', {})]).toEqual([{ payload: 3 }, { payload: 1 }]);
});
