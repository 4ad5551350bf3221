import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isHeld, removeOldBuilds, useBuild } from './host/kept-builds.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'dist', 'local');

/** What the templates and the bundle are made of. */
const sources = ['cdk', 'functions', 'lib', 'events', 'package-lock.json'];
/** This runner reads the templates and is no part of them. */
const notSources = new Set([join('cdk', 'local')]);

/** The synthesized app of the sources as they are now, built unless that has been done before. */
export async function builtAssembly(onBuild: () => void = () => undefined): Promise<string> {
  const target = join(folder, sourceHash());
  mkdirSync(folder, { recursive: true });
  while (!existsSync(target)) {
    const unlock = lock(`${target}.lock`);
    if (!unlock) {
      await pause(100);
      continue;
    }
    try {
      onBuild();
      await build(target);
      removeOldBuilds(target);
    } finally {
      unlock();
    }
  }
  useBuild(target);
  return join(target, 'cdk.out');
}

/** Lets one process build while others wait for its result. A lock whose holder died counts for nothing. */
function lock(file: string): (() => void) | undefined {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return () => rmSync(file, { force: true });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    if (!isHeld(file)) rmSync(file, { force: true });
    return undefined;
  }
}

/** Builds beside the target and moves it there in one step: a broken build leaves nothing. */
async function build(target: string): Promise<void> {
  const temporary = `${target}.${process.pid}.${Date.now().toString(36)}.tmp`;
  mkdirSync(temporary);
  try {
    // A process of its own: the CDK library would stay in this one's memory.
    const script = fileURLToPath(new URL('./build-process.ts', import.meta.url));
    await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', script, temporary], {
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    });
    renameSync(temporary, target);
  } catch (error) {
    throw new Error(`The app could not be built:\n${outputOf(error)}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function outputOf(error: unknown): string {
  if (error instanceof Error && 'stderr' in error && error.stderr) return String(error.stderr);
  return error instanceof Error ? error.message : String(error);
}

function sourceHash(): string {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) addToHash(source, (part) => hash.update(part));
  return hash.digest('hex').slice(0, 20);
}

function addToHash(path: string, add: (part: string | Buffer) => void): void {
  if (notSources.has(path)) return;
  if (statSync(join(root, path)).isDirectory()) {
    for (const name of readdirSync(join(root, path)).sort()) addToHash(join(path, name), add);
    return;
  }
  add(`${path}\0`);
  add(readFileSync(join(root, path)));
}
