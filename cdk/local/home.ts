import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { LocalAddresses } from './local-system.ts';

/** Everything that the system writes into its home folder. `--reset` deletes these and nothing else. */
const entries = ['dynamodb.sqlite', 'services.sqlite']
  .flatMap((file) => [file, `${file}-wal`, `${file}-shm`])
  .concat('local.json', 'log', 's3');

const Addresses = z.object({ localUrl: z.string(), apiUrl: z.string(), pid: z.number() });

const fileOf = (home: string) => join(home, 'local.json');

/** Makes the folder, or empties it, unless a system works on it: that one may still be starting and not answer yet. */
export function openHome(home: string, reset: boolean): void {
  mkdirSync(home, { recursive: true });
  if (!reset) return;
  refuseWhileHeld(join(home, 'dynamodb.sqlite'));
  for (const entry of entries) rmSync(join(home, entry), { recursive: true, force: true });
}

/** @throws SQLite's error that the database is locked. */
function refuseWhileHeld(file: string): void {
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE; ROLLBACK');
  } catch (error) {
    const isBusy = error instanceof Error && 'errcode' in error && error.errcode === 5;
    // A file that is damaged may go.
    if (isBusy) throw error;
  } finally {
    database.close();
  }
}

/** Tells scripts where the system answers; they never see half a file. Returns the file's path. */
export function writeAddresses(
  home: string,
  { apiUrl, publicUrl, localUrl, portalId, accessToken, dynamodbUrl, pid, smtpUrl }: LocalAddresses,
): string {
  const file = fileOf(home);
  const temporary = `${file}.${pid}`;
  const text = JSON.stringify(
    { apiUrl, publicUrl, localUrl, portalId, accessToken, dynamodbUrl, pid, smtpUrl },
    null,
    2,
  );
  writeFileSync(temporary, `${text}\n`, { mode: 0o600 });
  renameSync(temporary, file);
  return file;
}

/** Nobody answers any more. */
export function removeAddresses(home: string): void {
  rmSync(fileOf(home), { force: true });
}

/** The address of a system that runs on this folder now; what a killed one left behind does not count. */
export async function runningOn(home: string): Promise<{ readonly apiUrl: string; readonly pid: number } | undefined> {
  const addresses = readAddresses(home);
  if (!addresses) return undefined;
  try {
    const response = await fetch(addresses.localUrl, { signal: AbortSignal.timeout(2000) });
    const answer = Addresses.safeParse(await response.json());
    return answer.success && answer.data.pid === addresses.pid ? addresses : undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function readAddresses(home: string): z.output<typeof Addresses> | undefined {
  try {
    return Addresses.parse(JSON.parse(readFileSync(fileOf(home), 'utf8')));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
