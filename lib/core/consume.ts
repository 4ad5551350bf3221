import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type * as z from 'zod/mini';
import { Delivered } from '../../events/define.ts';
import { type App, app } from './app.ts';
import { CrmError, isUnavailable } from './errors.ts';
import { logBug, logRetry } from './log.ts';

/** The work is not possible yet (a lease is held, a service is down): the message comes back, and nobody is alarmed. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

/**
 * A worker of a queue: each message is parsed and run on its own; those that threw come back alone (partial batch response).
 * Messages arrive at least once and in any order: `run` must be idempotent.
 */
export const consume =
  <S extends z.ZodMiniType>(workerId: string, schema: S, run: (message: z.output<S>, app: App) => Promise<void>) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    const memo = new Map<string, unknown>();
    for (const { messageId, body } of event.Records) {
      try {
        await run(schema.parse(JSON.parse(body)), app({ actor: { kind: 'system', id: workerId }, memo }));
      } catch (error) {
        const log = error instanceof NotYet || isUnavailable(error) || error instanceof CrmError ? logRetry : logBug;
        log(error, { function: workerId, messageId });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };

/** A worker of a subscription: gets the event; what it writes has the event at the end of its cause chain. */
export const subscribe = (workerId: string, run: (event: Delivered, app: App) => Promise<void>) =>
  consume(workerId, Delivered, (event, base) =>
    run(event, { ...base, cause: [...event.detail.cause, event.detail.id] }),
  );
