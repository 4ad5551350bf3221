import type { App } from '../core/app.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { pause, StaleRead } from '../table/contention.ts';
import { counterKey, type Key } from '../table/keys.ts';
import { ConditionFailed, type Table, transactionLimit } from '../table/table.ts';
import type { Write } from '../table/write.ts';
import { asksFirstOwner, contributionOf } from './contribution.ts';
import {
  contributionItem,
  counterIdOf,
  readTasks,
  type StoredContribution,
  type Task,
  taskKey,
} from './contribution-store.ts';
import { firstOwnerOf } from './first-owner.ts';

/** By how much one counter changes. */
type Delta = { readonly key: Key; readonly count: number; readonly whole: number; readonly micro: number };
/** What brings a record up to date in a report: its row, and the counters that move with it. */
type Move = { readonly task: Task; readonly put: Write; readonly deltas: readonly Delta[] };

/** A record that is gone for good is newer than any of its versions. */
const afterEveryVersion = Number.MAX_SAFE_INTEGER;
const mostTries = 20;

/**
 * Brings records up to date in reports. Each task reads the record as it is now and replaces what the record added before, row and
 * counters in one transaction, under the condition that nobody did so meanwhile. It therefore does not matter how often, in which order
 * or by how many processes at once records are brought up to date: the counters are at every moment the sum of the rows, and the last
 * one to look at a record has seen its last version.
 */
export async function bringUpToDate(app: App, tasks: readonly Task[]): Promise<void> {
  let left = tasks;
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === mostTries) throw new StaleRead('Others brought the same records up to date all the time');
    if (tries > 0) await pause(tries);
    left = await commitMoves(app.table, await movesOf(app, left));
  }
}

async function movesOf(app: App, tasks: readonly Task[]): Promise<Move[]> {
  const moves: Move[] = [];
  for (const { task, record, stored } of await readTasks(app, tasks)) {
    const version = record?.version ?? afterEveryVersion;
    if (stored ? stored.version >= version : !record) continue;
    const firstOwner =
      stored?.firstOwner ?? (record && asksFirstOwner(task.report) ? await firstOwnerOf(app, record) : undefined);
    const contribution = record && contributionOf(task.report, record, firstOwner);
    moves.push({
      task,
      put: {
        put: contributionItem(task, version, contribution, firstOwner),
        when: stored ? versionIs(stored.version) : absent,
      },
      deltas: [
        ...deltaOf(task, stored?.cell, stored, -1),
        ...deltaOf(task, contribution?.cell, contribution?.amount, 1),
      ],
    });
  }
  return moves;
}

function deltaOf(
  { report }: Task,
  cell: string | undefined,
  amount: Pick<StoredContribution, 'whole' | 'micro'> | undefined,
  by: 1 | -1,
): Delta[] {
  if (cell === undefined || !amount) return [];
  return [
    { key: counterKey(counterIdOf(report), cell), count: by, whole: by * amount.whole, micro: by * amount.micro },
  ];
}

/** Commits the moves, many to a transaction. Returns the tasks whose rows were not as read: they must be looked at anew. */
async function commitMoves(table: Table, moves: readonly Move[]): Promise<Task[]> {
  const stale: Task[] = [];
  for (const chunk of chunksOf(moves)) stale.push(...(await commitChunk(table, chunk)));
  return stale;
}

async function commitChunk(table: Table, chunk: readonly Move[]): Promise<Task[]> {
  const stale: Task[] = [];
  let left = chunk;
  while (left.length > 0) {
    try {
      await table.commit([...left.map(({ put }) => put), ...counterWrites(left)]);
      return stale;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      stale.push(...left.filter((_, position) => error.at(position)).map(({ task }) => task));
      const kept = left.filter((_, position) => !error.at(position));
      if (kept.length === left.length) throw error;
      left = kept;
    }
  }
  return stale;
}

/** Groups of moves that fit into a transaction: each row is one write, and each counter that they move is another. */
function chunksOf(moves: readonly Move[]): Move[][] {
  const chunks: { readonly moves: Move[]; readonly keys: Set<string> }[] = [];
  for (const move of moves) {
    const keys = [taskKey(move.task), ...move.deltas.map(({ key }) => key)].map(({ pk, sk }) => `${pk}\n${sk}`);
    let chunk = chunks.at(-1);
    if (!chunk || new Set([...chunk.keys, ...keys]).size > transactionLimit) {
      chunk = { moves: [], keys: new Set() };
      chunks.push(chunk);
    }
    chunk.moves.push(move);
    for (const key of keys) chunk.keys.add(key);
  }
  return chunks.map((chunk) => chunk.moves);
}

/** One write for each counter: what the moves of a transaction add to it together. */
function counterWrites(moves: readonly Move[]): Write[] {
  const sums = new Map<string, Delta>();
  for (const delta of moves.flatMap(({ deltas }) => deltas)) {
    const name = `${delta.key.pk}\n${delta.key.sk}`;
    const sum = sums.get(name);
    sums.set(name, {
      key: delta.key,
      count: (sum?.count ?? 0) + delta.count,
      whole: (sum?.whole ?? 0) + delta.whole,
      micro: (sum?.micro ?? 0) + delta.micro,
    });
  }
  return [...sums.values()].flatMap(({ key, ...numbers }) => {
    const add = Object.fromEntries(Object.entries(numbers).filter(([, by]) => by !== 0));
    return Object.keys(add).length > 0 ? [{ update: key, add }] : [];
  });
}
