import type { App } from '../../core/app.ts';
import { CrmError } from '../../core/errors.ts';
import type { Job } from '../../jobs/job.ts';
import { announceJob, jobWrites } from '../../jobs/store.ts';
import { inParallel } from '../../table/in-parallel.ts';
import { orStale, type Step } from '../../table/steps.ts';
import { backfillKind } from '../job-kinds.ts';
import type { StoredList } from '../schema.ts';
import { compile, type Listener } from './listener.ts';
import { listenersOf } from './store.ts';

/** Their jobs are made in the transaction that deletes or restores the list. */
const mostDependents = 20;

/** The lists that follow filters which name this list. */
async function dependentsOf(app: App, { listId, objectTypeId }: StoredList): Promise<Listener[]> {
  const listeners = await listenersOf(app, objectTypeId);
  return listeners.filter((listener) =>
    compile(listener).places.some(({ objectType, needs }) => objectType === objectTypeId && needs.lists.has(listId)),
  );
}

/**
 * The jobs that look again at all candidates of the lists that depend on a list: no event tells of its members when it is deleted or
 * comes back as a whole. Their steps belong into that transaction. @throws CrmError 400 when more than twenty lists depend on it
 */
export async function dependentSteps(
  app: App,
  list: StoredList,
): Promise<{ readonly steps: Step[]; readonly announce: () => Promise<void> }> {
  const dependents = await dependentsOf(app, list);
  if (dependents.length > mostDependents) throw tooMany(list, dependents.length);
  const orders = await inParallel(dependents, 4, ({ listId, generation }) =>
    jobWrites(app, { kind: backfillKind, input: { listId, generation } }),
  );
  return {
    steps: orders.flatMap(({ writes }) => writes.map(orStale)),
    announce: () => announceAll(orders.map(({ job }) => job)),
  };
}

async function announceAll(jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) await announceJob(job);
}

const tooMany = ({ listId, name }: StoredList, count: number) =>
  new CrmError(
    'VALIDATION_ERROR',
    `The filters of ${count} lists name the list '${name}'; ${mostDependents} is the most`,
    {
      context: { listId: [listId] },
    },
  );
