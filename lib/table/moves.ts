import type { Key } from './keys.ts';
import { ConditionFailed, type Table, transactionLimit } from './table.ts';
import type { Write } from './write.ts';

/** By how much one counter changes. */
export type Delta = { readonly key: Key; readonly add: Readonly<Record<string, number>> };

/** Rows that say what a record adds to counters, and the counters that move with them. Each row has a key of its own and a condition. */
export type Move<T> = { readonly task: T; readonly rows: readonly Write[]; readonly deltas: readonly Delta[] };

/**
 * Commits the moves, many to a transaction in which each counter is written once. A move is all or nothing. Returns the tasks whose rows
 * were not as read: they must be looked at anew.
 */
export async function commitMoves<T>(table: Table, moves: readonly Move<T>[]): Promise<T[]> {
  const stale: T[] = [];
  for (const chunk of chunksOf(moves)) stale.push(...(await commitChunk(table, chunk)));
  return stale;
}

async function commitChunk<T>(table: Table, chunk: readonly Move<T>[]): Promise<T[]> {
  const stale: T[] = [];
  let left = chunk;
  while (left.length > 0) {
    try {
      await table.commit([...left.flatMap(({ rows }) => rows), ...counterWrites(left)]);
      return stale;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const owners = left.flatMap((move) => move.rows.map(() => move));
      const refused = new Set(owners.filter((_, position) => error.at(position)));
      if (refused.size === 0) throw error;
      stale.push(...[...refused].map(({ task }) => task));
      left = left.filter((move) => !refused.has(move));
    }
  }
  return stale;
}

const nameOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;

/** Groups of moves that fit into a transaction: each row is one write, and each counter that they move is another. */
function chunksOf<T>(moves: readonly Move<T>[]): Move<T>[][] {
  const chunks: { readonly moves: Move<T>[]; rows: number; readonly counters: Set<string> }[] = [];
  for (const move of moves) {
    const counters = move.deltas.map(({ key }) => nameOf(key));
    let chunk = chunks.at(-1);
    const size = (chunk?.rows ?? 0) + move.rows.length + new Set([...(chunk?.counters ?? []), ...counters]).size;
    if (!chunk || size > transactionLimit) {
      chunk = { moves: [], rows: 0, counters: new Set() };
      chunks.push(chunk);
    }
    chunk.moves.push(move);
    chunk.rows += move.rows.length;
    for (const counter of counters) chunk.counters.add(counter);
  }
  return chunks.map((chunk) => chunk.moves);
}

/** One write for each counter: what the moves of a transaction add to it together. */
function counterWrites<T>(moves: readonly Move<T>[]): Write[] {
  const sums = new Map<string, { readonly key: Key; readonly add: Record<string, number> }>();
  for (const { key, add } of moves.flatMap(({ deltas }) => deltas)) {
    const sum = sums.get(nameOf(key)) ?? { key, add: {} };
    for (const [name, by] of Object.entries(add)) sum.add[name] = (sum.add[name] ?? 0) + by;
    sums.set(nameOf(key), sum);
  }
  return [...sums.values()].flatMap(({ key, add }) => {
    const changed = Object.fromEntries(Object.entries(add).filter(([, by]) => by !== 0));
    return Object.keys(changed).length > 0 ? [{ update: key, add: changed }] : [];
  });
}
