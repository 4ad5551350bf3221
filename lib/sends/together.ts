import { setTimeout as wait } from 'node:timers/promises';
import type { RefusedChange } from './ledger.ts';
import type { Change } from './recipient.ts';

type Waiting = {
  readonly change: Change;
  readonly resolve: (holds: boolean) => void;
  readonly reject: (error: unknown) => void;
};

/** Waits so long for others, unless all of those who may come are there. */
type Patience = { readonly ms: number; readonly expected: () => number };

/**
 * Commits each change at once when nothing is being written, and those that come meanwhile together after it: rows that are done at about
 * the same time share a transaction and one change of the totals. With `patience` the first one waits a moment for the others, too. The
 * answer is whether the change holds.
 */
export function together(
  commit: (changes: readonly Change[]) => Promise<readonly RefusedChange[]>,
  patience: Patience = { ms: 0, expected: () => 0 },
) {
  let waiting: Waiting[] = [];
  let writing = false;
  let wake = () => {};
  const allHere = () => waiting.length >= patience.expected();
  const gathered = () => Promise.race([wait(patience.ms), new Promise<void>((resolve) => (wake = resolve))]);
  const write = async () => {
    writing = true;
    while (waiting.length > 0) {
      if (!allHere()) await gathered();
      const taken = waiting;
      waiting = [];
      await settle(taken);
    }
    writing = false;
  };
  const settle = async (taken: readonly Waiting[]) => {
    try {
      const refused = new Set((await commit(taken.map(({ change }) => change))).map(({ change }) => change));
      for (const { change, resolve } of taken) resolve(!refused.has(change));
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
  };
  return (change: Change): Promise<boolean> =>
    new Promise((resolve, reject) => {
      waiting.push({ change, resolve, reject });
      if (!writing) void write();
      else if (allHere()) wake();
    });
}
