import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeOldBuilds } from '../../../cdk/local/host/kept-builds.ts';

const folder = mkdtempSync(join(tmpdir(), 'builds-'));

/** A build of so many hours ago. */
function build(digit: string, hours: number): string {
  const path = join(folder, digit.repeat(20));
  mkdirSync(path);
  const at = Date.now() / 1000 - hours * 3600;
  utimesSync(path, at, at);
  return path;
}

const marked = (path: string, pid: number | undefined) => writeFileSync(`${path}.used-by-${pid}`, String(pid));

test('builds beyond the newest four go, but not one that a running process loads its functions from', () => {
  const [current, ...young] = ['a', 'b', 'c', 'd'].map((digit, hours) => build(digit, hours));
  const [unused, running, left] = ['0', '1', '2'].map((digit, hours) => build(digit, 10 + hours));
  marked(running ?? '', process.pid);
  marked(left ?? '', spawnSync(process.execPath, ['--version']).pid);
  removeOldBuilds(current ?? '');
  const there = [current, ...young, unused, running, left].map((path) => existsSync(path ?? ''));
  expect(there).toEqual([true, true, true, true, false, true, false]);
});
