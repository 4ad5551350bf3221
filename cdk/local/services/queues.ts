import { randomUUID } from 'node:crypto';
import type { Clock, QueueModel } from '../model.ts';
import type { Faults } from './faults.ts';
import type { MessageAttributes } from './message-attributes.ts';
import { type MessageRow, prepareMessages } from './queue-statements.ts';
import type { Store } from './store.ts';

export type OutgoingMessage = {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly traceHeader?: string;
  readonly delaySeconds?: number;
  readonly sender?: string;
};

export type ReceivedMessage = {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly traceHeader?: string;
  readonly sender: string;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly receiveCount: number;
  /** Set on a dead letter: the ARN of the queue that gave up on it. */
  readonly sourceArn?: string;
  readonly visibleAt: number;
};

type Watch = { readonly listeners: Set<() => void>; timer?: { readonly at: number; readonly cancel: () => void } };

/**
 * The messages of every queue: visibility, delays, receive counts, dead letters. `SqsApi` puts SQS's wire protocol on
 * top of it; pollers and the event bus use it directly, so that handing work on shares one transaction with finishing it.
 */
export class Queues {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #faults: Faults;
  readonly #models: ReadonlyMap<string, QueueModel>;
  readonly #byArn: ReadonlyMap<string, QueueModel>;
  readonly #watches = new Map<string, Watch>();
  readonly #sql: ReturnType<typeof prepareMessages>;

  constructor(options: { store: Store; clock: Clock; faults: Faults; queues: readonly QueueModel[] }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#faults = options.faults;
    this.#models = new Map(options.queues.map((queue) => [queue.name, queue]));
    this.#byArn = new Map(options.queues.map((queue) => [queue.arn, queue]));
    this.#sql = prepareMessages(options.store);
    // Whoever had received these messages died with the process that ran before.
    this.#sql.releaseAll.run(this.#clock.now());
  }

  list(): QueueModel[] {
    return [...this.#models.values()];
  }

  named(name: string): QueueModel | undefined {
    return this.#models.get(name);
  }

  byArn(arn: string): QueueModel | undefined {
    return this.#byArn.get(arn);
  }

  /** Stores a message; joins the caller's transaction. Returns the message id. */
  send(queue: QueueModel, message: OutgoingMessage): string {
    const messageId = randomUUID();
    const now = this.#clock.now();
    const visibleAt = now + (message.delaySeconds ?? queue.delaySeconds) * 1000;
    this.#sql.insert.run(
      queue.name,
      messageId,
      message.body,
      message.attributes ? JSON.stringify(message.attributes) : null,
      message.traceHeader ?? null,
      message.sender ?? 'AIDALOCALSENDER',
      now,
      visibleAt,
    );
    this.#announce(queue.name, visibleAt);
    return messageId;
  }

  /** Takes up to `limit` visible messages and hides them for `visibilitySeconds`; moves the hopeless to the dead-letter queue. */
  receive(queue: QueueModel, limit: number, visibilitySeconds = queue.visibilityTimeoutSeconds): ReceivedMessage[] {
    return this.#store.transaction(() => {
      const now = this.#clock.now();
      const received: ReceivedMessage[] = [];
      while (received.length < limit) {
        const rows = this.#sql.due.all(queue.name, now, limit - received.length);
        for (const row of rows) {
          const message = this.#take(queue, row, now, now + visibilitySeconds * 1000);
          if (message) received.push(message);
        }
        if (rows.length === 0) break;
      }
      return received;
    });
  }

  /** Removes a message that was received under this handle. False when another receive has taken it over. */
  delete(queue: QueueModel, receiptHandle: string): boolean {
    const { id, receipt } = readHandle(receiptHandle);
    return this.#sql.remove.run(id, queue.name, receipt).changes > 0;
  }

  /** Makes a received message visible after `seconds`. False when it is not in flight under this handle. */
  changeVisibility(queue: QueueModel, receiptHandle: string, seconds: number): boolean {
    const { id, receipt } = readHandle(receiptHandle);
    const visibleAt = this.#clock.now() + seconds * 1000;
    const changed = this.#sql.hide.run(visibleAt, id, queue.name, receipt).changes > 0;
    if (changed) this.#announce(queue.name, visibleAt);
    return changed;
  }

  /** Gives a failed message back after `delayMs`, unless its receiver has set a time itself. */
  release(queue: QueueModel, message: ReceivedMessage, delayMs: number): void {
    const { id, receipt } = readHandle(message.receiptHandle);
    const visibleAt = this.#clock.now() + delayMs;
    const { changes } = this.#sql.release.run(visibleAt, id, queue.name, receipt, message.visibleAt);
    if (changes > 0) this.#announce(queue.name, visibleAt);
  }

  purge(queue: QueueModel): void {
    this.#sql.purge.run(queue.name);
  }

  /** Moves every waiting dead letter to `destination`, or back to where it came from. Returns how many moved. */
  redrive(deadLetters: QueueModel, destination?: QueueModel): number {
    return this.#store.transaction(() => {
      let moved = 0;
      for (const { id, source_arn: sourceArn } of this.#sql.waiting.all(deadLetters.name, this.#clock.now())) {
        const target = destination ?? (sourceArn === null ? undefined : this.#byArn.get(sourceArn));
        if (!target) continue;
        this.#move(id, target, null);
        moved += 1;
      }
      return moved;
    });
  }

  counts(queue: QueueModel): { visible: number; inFlight: number; delayed: number } {
    const now = this.#clock.now();
    const row = this.#sql.counts.get(now, now, now, queue.name);
    return { visible: row?.visible ?? 0, inFlight: row?.in_flight ?? 0, delayed: row?.delayed ?? 0 };
  }

  /** How many messages could be received now, counted no further than `limit`. */
  visibleUpTo(queue: QueueModel, limit: number): number {
    return this.#sql.visibleUpTo.get(queue.name, this.#clock.now(), limit)?.count ?? 0;
  }

  /** Calls back, on a later turn, whenever messages may have become visible. Returns an unsubscribe. */
  watch(queue: QueueModel, listener: () => void): () => void {
    const watch = this.#watches.get(queue.name) ?? { listeners: new Set() };
    this.#watches.set(queue.name, watch);
    watch.listeners.add(listener);
    this.#armNext(queue.name, watch);
    return () => watch.listeners.delete(listener);
  }

  /** Messages that are visible, in flight or about to be tried again; not those delayed into the future. */
  pendingIn(queue: QueueModel): number {
    const now = this.#clock.now();
    return this.#sql.pending.get(queue.name, now, queue.name, now)?.count ?? 0;
  }

  #take(queue: QueueModel, row: MessageRow, now: number, visibleAt: number): ReceivedMessage | undefined {
    const { redrive } = queue;
    const deadLetters = redrive && this.#byArn.get(redrive.deadLetterArn);
    if (deadLetters && row.receive_count >= redrive.maxReceiveCount) {
      this.#move(row.id, deadLetters, queue.arn);
      return undefined;
    }
    if (row.disturbed === 0 && this.#disturb(queue, row, now)) return undefined;
    const receipt = randomUUID();
    const firstReceivedAt = row.first_received_at ?? now;
    this.#sql.take.run(visibleAt, firstReceivedAt, receipt, row.id);
    this.#announce(queue.name, visibleAt);
    return {
      messageId: row.message_id,
      receiptHandle: Buffer.from(`${row.id}:${receipt}`).toString('base64url'),
      body: row.body,
      ...(row.attributes === null ? {} : { attributes: JSON.parse(row.attributes) as MessageAttributes }),
      ...(row.trace_header === null ? {} : { traceHeader: row.trace_header }),
      ...(row.source_arn === null ? {} : { sourceArn: row.source_arn }),
      sender: row.sender,
      sentAt: row.sent_at,
      firstReceivedAt,
      receiveCount: row.receive_count + 1,
      visibleAt,
    };
  }

  /** Each message meets trouble once at most, so that a fault at rate 1 still lets everything through. True: not now. */
  #disturb(queue: QueueModel, row: MessageRow, now: number): boolean {
    const { duplicate, drop, reorder, delayMs } = this.#faults.delivery('sqs');
    if (duplicate) {
      this.#sql.duplicate.run(now, row.id);
      this.#announce(queue.name, now);
    }
    const visibleAt = drop || reorder ? now + delayMs : row.visible_at;
    if (duplicate || visibleAt > now) this.#sql.disturb.run(visibleAt, row.id);
    if (visibleAt > now) this.#announce(queue.name, visibleAt);
    return visibleAt > now;
  }

  #move(id: number, target: QueueModel, sourceArn: string | null): void {
    const now = this.#clock.now();
    this.#sql.move.run(target.name, now, sourceArn, id);
    this.#announce(target.name, now);
  }

  #announce(name: string, visibleAt: number): void {
    const watch = this.#watches.get(name);
    if (!watch) return;
    if (visibleAt <= this.#clock.now()) {
      for (const listener of watch.listeners) setImmediate(listener);
      return;
    }
    if (watch.timer && watch.timer.at <= visibleAt) return;
    watch.timer?.cancel();
    const cancel = this.#clock.at(visibleAt, () => {
      delete watch.timer;
      for (const listener of watch.listeners) setImmediate(listener);
      this.#armNext(name, watch);
    });
    watch.timer = { at: visibleAt, cancel };
  }

  /** One timer a queue, for the message that becomes visible next. */
  #armNext(name: string, watch: Watch): void {
    if (watch.timer) return;
    const next = this.#sql.next.get(name, this.#clock.now())?.visible_at;
    if (typeof next === 'number') this.#announce(name, next);
  }
}

function readHandle(handle: string): { id: number; receipt: string } {
  const [id = '', receipt = ''] = Buffer.from(handle, 'base64url').toString().split(':');
  return { id: /^\d+$/.test(id) ? Number(id) : -1, receipt };
}

/** A handle of our own making, current or not. */
export function isReceiptHandle(handle: string): boolean {
  const { id, receipt } = readHandle(handle);
  return id >= 0 && receipt.length === 36;
}
