import type { EventSourceModel, QueueModel } from '../model.ts';
import { backOffMs, failedItems } from './batch-result.ts';
import { matches } from './event-pattern.ts';
import type { PollerContext } from './event-sources.ts';
import { md5, md5OfAttributes } from './message-attributes.ts';
import { systemAttributes } from './message-view.ts';
import type { ReceivedMessage } from './queues.ts';

const defaultConcurrency = 5;
/** While the function is at work, messages gather for this long, so that a stream of them arrives in batches. */
const gatherMs = 20;

/**
 * Carries a queue's messages to a function. A failed message comes back after a short pause instead of the rest of its
 * visibility timeout, unless the function has set a time itself; all else is as in the cloud.
 */
export class QueuePoller {
  readonly #context: PollerContext;
  readonly #model: EventSourceModel;
  readonly #queue: QueueModel;
  readonly #running = new Set<Promise<void>>();
  #unwatch: (() => void) | undefined;
  #windowEndsAt: number | undefined;
  #gathering: NodeJS.Timeout | undefined;

  constructor(context: PollerContext, model: EventSourceModel, queue: QueueModel) {
    this.#context = context;
    this.#model = model;
    this.#queue = queue;
  }

  start(): void {
    this.#unwatch = this.#context.queues.watch(this.#queue, () => this.#arrived());
    this.#pump();
  }

  async stop(): Promise<void> {
    this.#unwatch?.();
    this.#unwatch = undefined;
    clearTimeout(this.#gathering);
    await Promise.all(this.#running);
  }

  pending(): number {
    return this.#context.queues.pendingIn(this.#queue);
  }

  #arrived(): void {
    if (this.#running.size === 0) this.#pump();
    else this.#gathering ??= setTimeout(() => this.#pump(), gatherMs);
  }

  #pump(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const { queues } = this.#context;
    const concurrency = this.#model.maximumConcurrency ?? defaultConcurrency;
    while (this.#unwatch && this.#running.size < concurrency && this.#isBatchReady()) {
      const messages = queues.receive(this.#queue, this.#model.batchSize);
      if (messages.length === 0) return;
      const run = this.#deliver(messages).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  /** With a batching window a partial batch waits for company until the window closes. */
  #isBatchReady(): boolean {
    const { clock, queues } = this.#context;
    const windowMs = this.#model.maximumBatchingWindowSeconds * 1000;
    if (windowMs === 0) return true;
    const visible = queues.visibleUpTo(this.#queue, this.#model.batchSize);
    if (visible === 0) return false;
    const now = clock.now();
    if (visible < this.#model.batchSize && this.#windowEndsAt === undefined) {
      this.#windowEndsAt = now + windowMs;
      clock.at(this.#windowEndsAt, () => this.#pump());
    }
    if (visible < this.#model.batchSize && this.#windowEndsAt !== undefined && now < this.#windowEndsAt) return false;
    this.#windowEndsAt = undefined;
    return true;
  }

  async #deliver(received: readonly ReceivedMessage[]): Promise<void> {
    const { filters, functionId, reportBatchItemFailures } = this.#model;
    const messages = received.filter(
      (message) => filters.length === 0 || filters.some((filter) => matches(filter, filterView(message))),
    );
    // A message that no filter wants is deleted, as Lambda does; it will never be wanted.
    this.#finish(
      received.filter((message) => !messages.includes(message)),
      new Set(),
    );
    if (messages.length === 0) return;
    const records = messages.map((message) => this.#record(message));
    const { payload, error } = await this.#context.invoke(functionId, { Records: records });
    const ids = messages.map(({ messageId }) => messageId);
    const failed = error ? new Set(ids) : reportBatchItemFailures ? failedItems(payload, ids) : new Set<string>();
    this.#finish(messages, failed);
  }

  #finish(messages: readonly ReceivedMessage[], failed: ReadonlySet<string>): void {
    const { queues, store } = this.#context;
    store.transaction(() => {
      for (const message of messages) {
        if (failed.has(message.messageId)) queues.release(this.#queue, message, backOffMs(message.receiveCount));
        else queues.delete(this.#queue, message.receiptHandle);
      }
    });
  }

  #record(message: ReceivedMessage): Record<string, unknown> {
    const attributes = message.attributes ?? {};
    return {
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: systemAttributes(message),
      messageAttributes: messageAttributes(message),
      md5OfBody: md5(message.body),
      ...(Object.keys(attributes).length > 0 ? { md5OfMessageAttributes: md5OfAttributes(attributes) } : {}),
      eventSource: 'aws:sqs',
      eventSourceARN: this.#queue.arn,
      awsRegion: this.#queue.arn.split(':')[3] ?? '',
    };
  }
}

function messageAttributes(message: ReceivedMessage): Record<string, unknown> {
  const entries = Object.entries(message.attributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      ...(StringValue === undefined ? {} : { stringValue: StringValue }),
      ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    },
  ]);
  return Object.fromEntries(entries);
}

/** Filters look into a JSON body; a body that is no JSON is a plain text to them. */
function filterView(message: ReceivedMessage): Record<string, unknown> {
  return {
    messageId: message.messageId,
    body: jsonOrText(message.body),
    attributes: systemAttributes(message),
    messageAttributes: messageAttributes(message),
  };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
