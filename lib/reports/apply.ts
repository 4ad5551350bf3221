import type { App } from '../core/app.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { pause, StaleRead } from '../table/contention.ts';
import { counterKey } from '../table/keys.ts';
import { commitMoves, type Delta, type Move } from '../table/moves.ts';
import { asksFirstOwner, contributionOf } from './contribution.ts';
import { contributionItem, counterIdOf, readTasks, type StoredContribution, type Task } from './contribution-store.ts';
import { firstOwnerOf } from './first-owner.ts';

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

async function movesOf(app: App, tasks: readonly Task[]): Promise<Move<Task>[]> {
  const moves: Move<Task>[] = [];
  for (const { task, record, stored } of await readTasks(app, tasks)) {
    const version = record?.version ?? afterEveryVersion;
    if (stored ? stored.version >= version : !record) continue;
    const firstOwner =
      stored?.firstOwner ?? (record && asksFirstOwner(task.report) ? await firstOwnerOf(app, record) : undefined);
    const contribution = record && contributionOf(task.report, record, firstOwner);
    moves.push({
      task,
      rows: [
        {
          put: contributionItem(task, version, contribution, firstOwner),
          when: stored ? versionIs(stored.version) : absent,
        },
      ],
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
  const add = { count: by, whole: by * amount.whole, micro: by * amount.micro };
  return [{ key: counterKey(counterIdOf(report), cell), add }];
}
