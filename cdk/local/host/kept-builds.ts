import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Builds of older sources that are kept, for switching between branches. */
const keptBuilds = 4;

const marked = new Set<string>();

/** Says that this process runs a build, until it ends: functions are loaded from it on their first call, hours later perhaps. */
export function useBuild(build: string): void {
  const mark = `${build}.used-by-${process.pid}`;
  if (marked.has(mark)) return;
  marked.add(mark);
  writeFileSync(mark, String(process.pid));
  process.once('exit', () => rmSync(mark, { force: true }));
}

/** The oldest builds go, except those that a process runs. */
export function removeOldBuilds(current: string): void {
  const folder = join(current, '..');
  const names = readdirSync(folder);
  const builds = names
    .filter((name) => /^[0-9a-f]{20}$/.test(name) && name !== basename(current))
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { name } of builds.slice(keptBuilds - 1)) {
    const marks = names.filter((other) => other.startsWith(`${name}.used-by-`)).map((mark) => join(folder, mark));
    if (marks.some(isHeld)) continue;
    for (const path of [join(folder, name), ...marks]) rmSync(path, { recursive: true, force: true });
  }
}

/** Whether the process that wrote its id into a file still runs. */
export function isHeld(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Empty for the moment between its creation and its content.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'ENOENT')) return false;
    throw error;
  }
}
