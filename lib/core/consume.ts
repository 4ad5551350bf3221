import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod/mini';
import { Delivered } from '../../events/define.ts';
import { type App, app } from './app.ts';
import { CrmError, isUnavailable } from './errors.ts';
import { logBug, logRetry } from './log.ts';

/** The work is not possible yet (a lease is held, a service is down): the message comes back, and nobody is alarmed. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  /** The time in milliseconds before which another try is no use; absent when nobody knows. */
  readonly until: number | undefined;

  constructor(message: string, until?: number) {
    super(message);
    this.until = until;
  }
}

function logFailure(error: unknown, where: Readonly<Record<string, string>>): void {
  const log = error instanceof NotYet || isUnavailable(error) || error instanceof CrmError ? logRetry : logBug;
  log(error, where);
}

type Options = {
  /** Lets a message that failed come back after so many seconds; without it that takes the queue's visibility time-out. */
  readonly hold?: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Runs the messages of a batch at once, for work that waits for others: a slow receiver then holds up its own message alone. */
  readonly atOnce?: boolean;
};

/**
 * A worker of a queue: each message is parsed and run, in turn; those that threw come back alone (partial batch response).
 * Messages arrive at least once and in any order: `run` must be idempotent.
 */
export const consume = <S extends z.ZodMiniType>(
  workerId: string,
  schema: S,
  run: (message: z.output<S>, app: App) => Promise<void>,
  { hold, atOnce = false }: Options = {},
) => {
  const succeeds = async (record: SQSRecord, memo: Map<string, unknown>): Promise<boolean> => {
    const { messageId, body } = record;
    try {
      await run(schema.parse(JSON.parse(body)), app({ actor: { kind: 'system', id: workerId }, memo }));
      return true;
    } catch (error) {
      logFailure(error, { function: workerId, messageId });
      await hold?.(record.receiptHandle, pauseSeconds(record, error)).catch((failed: unknown) =>
        logRetry(failed, { function: workerId, messageId }),
      );
      return false;
    }
  };
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const memo = new Map<string, unknown>();
    const running: Promise<boolean>[] = [];
    for (const record of Records) {
      running.push(succeeds(record, memo));
      if (!atOnce) await running.at(-1);
    }
    const succeeded = await Promise.all(running);
    const failed = Records.filter((_, position) => !succeeded[position]);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
};

type BatchOptions = { readonly hold: (receiptHandle: string, seconds: number) => Promise<void> };

/**
 * A worker whose messages are handled together. `run` returns for each message the error that it is to come back with, or undefined when
 * it is done; what it throws brings all of them back.
 */
export const consumeTogether =
  <S extends z.ZodMiniType>(
    workerId: string,
    schema: S,
    run: (messages: readonly z.output<S>[], app: App) => Promise<readonly (Error | undefined)[]>,
    { hold }: BatchOptions,
  ) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const parsed = Records.map(({ body }) => schema.safeParse(readJson(body)));
    const messages = parsed.flatMap(({ success, data }) => (success ? [data as z.output<S>] : []));
    const outcomes = [...(await ranTogether(workerId, messages, run))];
    const failed = Records.flatMap((record, position) => {
      const error = parsed[position]?.success ? outcomes.shift() : new TypeError('A message that nobody understands');
      return error ? [{ record, error }] : [];
    });
    for (const { record, error } of failed) {
      const { messageId, receiptHandle } = record;
      logFailure(error, { function: workerId, messageId });
      await hold(receiptHandle, pauseSeconds(record, error)).catch((problem: unknown) =>
        logRetry(problem, { function: workerId, messageId }),
      );
    }
    return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };

async function ranTogether<M>(
  workerId: string,
  messages: readonly M[],
  run: (messages: readonly M[], app: App) => Promise<readonly (Error | undefined)[]>,
): Promise<readonly (Error | undefined)[]> {
  if (messages.length === 0) return [];
  try {
    return await run(messages, app({ actor: { kind: 'system', id: workerId } }));
  } catch (error) {
    return messages.map(() => (error instanceof Error ? error : new Error('The worker failed')));
  }
}

const readJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** Twelve tries then last about three quarters of an hour. */
const longestBackOffSeconds = 15 * 60;
/** SQS hides a message for at most 12 hours in all. */
const longestWaitSeconds = 6 * 60 * 60;

/** Doubles with each try, and is never so short that the try would be wasted: each one counts towards the dead letters. */
function pauseSeconds({ attributes }: SQSRecord, error: unknown): number {
  const tries = Number(attributes?.ApproximateReceiveCount ?? 1);
  const backOff = Math.min(2 ** (tries - 1), longestBackOffSeconds);
  const until = error instanceof NotYet ? (error.until ?? 0) : 0;
  const wait = Math.ceil((until - Date.now()) / 1000);
  return Math.max(backOff, Math.min(wait, longestWaitSeconds));
}

/** A worker of a subscription: gets the event; what it writes has the event at the end of its cause chain. */
export const subscribe = (workerId: string, run: (event: Delivered, app: App) => Promise<void>) =>
  consume(workerId, Delivered, (event, base) =>
    run(event, { ...base, cause: [...event.detail.cause, event.detail.id] }),
  );
