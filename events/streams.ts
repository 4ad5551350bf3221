/** Readers of the table's stream. `filter` is a Lambda event filter pattern on the stream record. */
export type StreamReader = {
  readonly worker: string;
  readonly filter: Record<string, unknown>;
  readonly batchSize: number;
  /** Tries before a record goes to the dead-letter queue (the batch is bisected first). */
  readonly maximumRetryAttempts: number;
};

/** Event items are written once and never rewritten by a request, so only their INSERT matters. */
const newEventItem = { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'event#' }] } } } };

export const streamReaders = [
  { worker: 'stream/publish', filter: newEventItem, batchSize: 100, maximumRetryAttempts: 20 },
  { worker: 'stream/project', filter: newEventItem, batchSize: 100, maximumRetryAttempts: 20 },
] as const satisfies readonly StreamReader[];
