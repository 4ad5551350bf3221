import type { RefusedChange } from './ledger.ts';
import type { Change } from './recipient.ts';

type Waiting = {
  readonly change: Change;
  readonly resolve: (holds: boolean) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Commits each change at once when nothing is being written, and those that come meanwhile together after it: rows that are done at about
 * the same time share a transaction and one change of the totals, and none waits for a later one. The answer is whether the change holds.
 */
export function together(commit: (changes: readonly Change[]) => Promise<readonly RefusedChange[]>) {
  let waiting: Waiting[] = [];
  let writing = false;
  const write = async () => {
    writing = true;
    while (waiting.length > 0) {
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
    });
}
