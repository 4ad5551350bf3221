import { queues, type WorkQueue } from '../../events/queues.ts';
import { type Schedule, schedules } from '../../events/schedules.ts';
import { type StreamReader, streamReaders } from '../../events/streams.ts';
import { type Subscription, subscriptions } from '../../events/subscriptions.ts';
import { operations, workers } from '../../functions/operations.ts';
import type { QueueName, Registered, RegisteredWorker } from '../../lib/core/operation.ts';

/** The lists that the stacks are computed from. */
export interface Tables {
  readonly operations: readonly Registered[];
  readonly workers: readonly RegisteredWorker[];
  readonly subscriptions: readonly Subscription[];
  readonly queues: readonly (WorkQueue & { readonly name: QueueName })[];
  readonly schedules: readonly Schedule[];
  readonly streamReaders: readonly StreamReader[];
}

/** Tsunagi's own lists. */
export const tsunagi: Tables = { operations, workers, subscriptions, queues, schedules, streamReaders };

/** How long a worker may run. */
export const timeoutOf = (worker: RegisteredWorker): number => worker.timeoutSeconds ?? 30;

/** The registered worker of that id; a trigger that names a worker that does not exist is a mistake of the tables. */
export function workerOf(tables: Tables, id: string): RegisteredWorker {
  const worker = tables.workers.find((row) => row.id === id);
  if (!worker) throw new Error(`events/ names the worker ${id}, which no area registers in functions/operations.ts`);
  return worker;
}

/** Whether a worker may send to a work queue that it reads, as a run of many steps or a long job does. */
export const continuesItself = (worker: RegisteredWorker, { queues }: Pick<Tables, 'queues'>): boolean =>
  queues.some((queue) => queue.worker === worker.id && worker.uses.includes(`queue:${queue.name}`));
