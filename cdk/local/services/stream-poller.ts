import { randomUUID } from 'node:crypto';
import type { EventSourceModel } from '../model.ts';
import { backOffMs, failedItems } from './batch-result.ts';
import { matches } from './event-pattern.ts';
import type { PollerContext } from './event-sources.ts';

/** What a poller reads of a stream record; it hands on the whole. */
export type StreamRecord = {
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly ApproximateCreationDateTime: number;
    readonly SizeBytes: number;
  };
};

/** The change streams of the local tables. */
export type TableStreams = {
  readStream(tableName: string, options: { after?: string; limit: number }): readonly StreamRecord[];
  latestSequence(tableName: string): string;
  onStream(listener: (tableName: string) => void): () => void;
};

/** Records to be delivered in one call; a batch that fails is cut into several. */
type Segment = { readonly records: readonly StreamRecord[]; attempts: number; disturbed: boolean };

/** Lambda's limit for one call's payload. */
const maximumBatchBytes = 6_000_000;
/**
 * After a batch, changes gather for this long before the next one is read: under load one call takes many. Lambda itself asks a
 * shard four times a second.
 */
const gatherMs = 20;
/** So that a long stretch of records nobody wants does not hold up everything else. */
const pagesPerTurn = 20;

/**
 * Carries one table's stream to one function, in order, as a single shard. What the function has not finished is
 * delivered again, also after a restart: the checkpoint moves only over records that are done.
 */
export class StreamPoller {
  readonly #context: PollerContext;
  readonly #model: EventSourceModel;
  readonly #table: string;
  readonly #streams: TableStreams;
  readonly #functionArn: string;
  readonly #save: (sequence: string) => void;
  /** Read and wanted, but not yet part of a batch. */
  readonly #buffer: StreamRecord[] = [];
  /** The current batch, in the pieces that failures have cut it into. */
  #segments: Segment[] = [];
  #readThrough: string;
  #running: Promise<void> | undefined;
  /** Set by news that came while the poller was busy. */
  #woken = false;
  #unsubscribe: (() => void) | undefined;
  #resume: (() => void) | undefined;

  constructor(
    context: PollerContext,
    model: EventSourceModel,
    table: string,
    options: { streams: TableStreams; functionArn: string },
  ) {
    this.#context = context;
    this.#model = model;
    this.#table = table;
    this.#streams = options.streams;
    this.#functionArn = options.functionArn;
    const saved = context.store
      .statement<{ sequence: string }>('select sequence from checkpoint where source = ?')
      .get(model.id);
    const save = context.store.statement(
      'insert into checkpoint values (?, ?) on conflict do update set sequence = excluded.sequence',
    );
    this.#save = (sequence) => save.run(model.id, sequence);
    const latest = this.#streams.latestSequence(table);
    // A checkpoint beyond the stream's end belongs to a table that has been thrown away since.
    this.#readThrough = saved && !isAfter(saved.sequence, latest) ? saved.sequence : '0';
  }

  start(): void {
    this.#unsubscribe = this.#streams.onStream((table) => {
      if (table === this.#table) this.#wake();
    });
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#resume?.();
    await this.#running;
  }

  pending(): number {
    const held = this.#segments.reduce((sum, { records }) => sum + records.length, this.#buffer.length);
    const unread = isAfter(this.#streams.latestSequence(this.#table), this.#readThrough) ? 1 : 0;
    return held + unread;
  }

  #wake(): void {
    this.#woken = true;
    this.#running ??= new Promise(setImmediate).then(() => this.#run());
  }

  async #run(): Promise<void> {
    while (this.#unsubscribe) {
      this.#woken = false;
      if (this.#segments.length === 0) await this.#nextBatch();
      const [segment] = this.#segments;
      if (!segment && !this.#woken) break;
      if (segment) await this.#deliver(segment);
      await this.#pause(gatherMs);
    }
    this.#running = undefined;
  }

  async #nextBatch(): Promise<void> {
    const { batchSize, maximumBatchingWindowSeconds } = this.#model;
    const windowEndsAt = this.#context.clock.now() + maximumBatchingWindowSeconds * 1000;
    await this.#fill(batchSize);
    while (
      this.#unsubscribe &&
      this.#buffer.length > 0 &&
      this.#buffer.length < batchSize &&
      this.#context.clock.now() < windowEndsAt
    ) {
      await this.#pause(windowEndsAt - this.#context.clock.now());
      await this.#fill(batchSize);
    }
    const records = this.#buffer.splice(0, fitting(this.#buffer, batchSize));
    if (records.length > 0) this.#segments = [{ records, attempts: 0, disturbed: false }];
  }

  /** Reads on until the buffer holds a batch or the stream is drained. */
  async #fill(batchSize: number): Promise<void> {
    for (let pages = 1; this.#unsubscribe && this.#buffer.length < batchSize; pages += 1) {
      const latest = this.#streams.latestSequence(this.#table);
      // The table was thrown away, and another one of its name begins anew.
      if (isAfter(this.#readThrough, latest)) this.#readThrough = '0';
      const page = this.#streams.readStream(this.#table, { after: this.#readThrough, limit: batchSize });
      this.#buffer.push(...page.filter((record) => this.#isWanted(record)));
      // An empty page before the end: the records in between are older than the stream keeps.
      this.#readThrough = page.at(-1)?.dynamodb.SequenceNumber ?? latest;
      if (page.length < batchSize && !isAfter(this.#streams.latestSequence(this.#table), this.#readThrough)) return;
      if (pages % pagesPerTurn !== 0) continue;
      if (this.#buffer.length === 0) this.#save(this.#readThrough);
      await new Promise(setImmediate);
    }
  }

  #isWanted(record: StreamRecord): boolean {
    const { filters } = this.#model;
    return filters.length === 0 || filters.some((filter) => matches(filter, record));
  }

  async #deliver(segment: Segment): Promise<void> {
    const disturbance = segment.disturbed ? undefined : this.#context.faults.delivery('dynamodb');
    segment.disturbed = true;
    if (disturbance?.drop) {
      await this.#pause(disturbance.delayMs);
      return;
    }
    const payload = { Records: disturbance ? disturbance.order(segment.records) : segment.records };
    let result = await this.#context.invoke(this.#model.functionId, payload);
    if (disturbance?.duplicate && !result.error) result = await this.#context.invoke(this.#model.functionId, payload);
    const remaining = result.error ? segment.records : this.#unfinished(segment.records, result.payload);
    await this.#settle(segment, remaining, result.error);
  }

  /** Everything from the lowest failed record on is unfinished, whatever the function says about later ones. */
  #unfinished(records: readonly StreamRecord[], payload: unknown): readonly StreamRecord[] {
    if (!this.#model.reportBatchItemFailures) return [];
    const failed = failedItems(
      payload,
      records.map(({ dynamodb }) => dynamodb.SequenceNumber),
    );
    const lowest = records.findIndex(({ dynamodb }) => failed.has(dynamodb.SequenceNumber));
    return lowest === -1 ? [] : records.slice(lowest);
  }

  async #settle(
    segment: Segment,
    remaining: readonly StreamRecord[],
    error?: { type: string; message: string },
  ): Promise<void> {
    const done = segment.records.slice(0, segment.records.length - remaining.length);
    const last = done.at(-1);
    if (last) this.#save(last.dynamodb.SequenceNumber);
    const rest = this.#segments.slice(1);
    if (remaining.length === 0) {
      this.#segments = rest;
      return;
    }
    const { bisectOnError, maximumRetryAttempts } = this.#model;
    if (done.length > 0) {
      // Progress was made, so the rest starts with a fresh count.
      this.#segments = [{ records: remaining, attempts: 0, disturbed: true }, ...rest];
    } else if (bisectOnError && remaining.length > 1) {
      const middle = Math.ceil(remaining.length / 2);
      const halves = [remaining.slice(0, middle), remaining.slice(middle)];
      this.#segments = [
        ...halves.map((records) => ({ records, attempts: segment.attempts, disturbed: true })),
        ...rest,
      ];
    } else if (maximumRetryAttempts >= 0 && segment.attempts >= maximumRetryAttempts) {
      this.#giveUp(segment, error);
      this.#segments = rest;
      return;
    } else {
      segment.attempts += 1;
    }
    await this.#pause(backOffMs(segment.attempts));
  }

  /** The dead letter names the records; they stay readable in the stream for a day. */
  #giveUp({ records, attempts }: Segment, error?: { type: string; message: string }): void {
    const { queues, report, store } = this.#context;
    const last = records.at(-1);
    const deadLetters = this.#model.deadLetterArn === undefined ? undefined : queues.byArn(this.#model.deadLetterArn);
    if (!deadLetters)
      report(
        `${this.#model.id}: gave up on ${records.length} stream records after ${error?.type ?? 'reported failures'}; no dead-letter queue took them`,
      );
    store.transaction(() => {
      if (deadLetters) queues.send(deadLetters, { body: JSON.stringify(this.#deadLetter(records, attempts, error)) });
      if (last) this.#save(last.dynamodb.SequenceNumber);
    });
  }

  #deadLetter(records: readonly StreamRecord[], attempts: number, error?: { type: string }): Record<string, unknown> {
    const arrival = (record: StreamRecord | undefined) =>
      new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
    const [first, last] = [records[0], records.at(-1)];
    return {
      requestContext: {
        requestId: randomUUID(),
        functionArn: this.#functionArn,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: attempts + 1,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: error ? 'Unhandled' : null },
      version: '1.0',
      timestamp: new Date(this.#context.clock.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: 'shardId-00000000000000000000-00000000',
        startSequenceNumber: first?.dynamodb.SequenceNumber,
        endSequenceNumber: last?.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: arrival(first),
        approximateArrivalOfLastRecord: arrival(last),
        batchSize: records.length,
        streamArn: first?.eventSourceARN,
      },
    };
  }

  /** Waits by the clock; `stop` and whatever moves the clock end it early. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#context.clock.at(this.#context.clock.now() + ms, () => resolve());
      this.#resume = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** How many of the first records go into one call. */
function fitting(records: readonly StreamRecord[], batchSize: number): number {
  let bytes = 0;
  let count = 0;
  for (const { dynamodb } of records.slice(0, batchSize)) {
    bytes += dynamodb.SizeBytes;
    if (count > 0 && bytes > maximumBatchBytes) break;
    count += 1;
  }
  return count;
}

/** Sequence numbers are decimal and may be longer than a number holds. */
function isAfter(sequence: string, other: string): boolean {
  return BigInt(sequence) > BigInt(other);
}
