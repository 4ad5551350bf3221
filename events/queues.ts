/** A work queue: messages that one worker sends to another. Every queue has a dead-letter queue of its own. */
export type WorkQueue = {
  readonly name: string;
  readonly worker: string;
  readonly batchSize: number;
  /** Deliveries before a message goes to the dead-letter queue. */
  readonly maxReceiveCount: number;
};

export const queues = [
  { name: 'flow-steps', worker: 'flows/step', batchSize: 10, maxReceiveCount: 12 },
  { name: 'jobs', worker: 'jobs/work', batchSize: 1, maxReceiveCount: 12 },
  { name: 'list-checks', worker: 'lists/check', batchSize: 10, maxReceiveCount: 12 },
  { name: 'visits', worker: 'tracking/refresh', batchSize: 10, maxReceiveCount: 12 },
  { name: 'salesforce', worker: 'salesforce/reconcile', batchSize: 10, maxReceiveCount: 12 },
  // A mail that waits for its turn at a slow pace comes often; what ends among the dead letters is brought again by `send-dispatch`.
  { name: 'bulk-mail', worker: 'sends/deliver', batchSize: 10, maxReceiveCount: 60 },
] as const satisfies readonly WorkQueue[];
