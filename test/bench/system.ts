import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = new URL('../..', import.meta.url).pathname;

export type Started = {
  readonly apiUrl: string;
  readonly publicUrl: string;
  readonly localUrl: string;
  readonly dynamodbUrl: string;
  readonly accessToken: string;
  readonly portalId: number;
  readonly pid: number;
  readonly home: string;
  readonly seconds: number;
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
};

export const scratchHome = () => mkdtempSync(join(tmpdir(), 'tsunagi-'));
export const removeHome = (home: string) => rmSync(home, { recursive: true, force: true });

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Starts the system as `npm start` does, in a process of its own, and waits until its address file is there. */
export async function startSystem(
  home: string,
  { withinSeconds = 120, args = [] as readonly string[] } = {},
): Promise<Started> {
  const file = join(home, 'local.json');
  rmSync(file, { force: true });
  const begun = performance.now();
  const port = String(await freePort());
  const child = spawn(process.execPath, [join(root, 'cdk/local/main.ts'), '--port', port, '--home', home, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said = (said + text).slice(-4000)));
  while (!existsSync(file)) {
    if (child.exitCode !== null || performance.now() - begun > withinSeconds * 1000) {
      child.kill('SIGKILL');
      throw new Error(`the system did not start within ${withinSeconds} s: ${said}`);
    }
    await pause(20);
  }
  const facts = JSON.parse(readFileSync(file, 'utf8')) as Omit<Started, 'home' | 'seconds' | 'stop'>;
  return {
    ...facts,
    home,
    seconds: (performance.now() - begun) / 1000,
    stop: (signal = 'SIGTERM') => end(child, signal),
  };
}

const end = (child: ChildProcess, signal: NodeJS.Signals) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });
