import type { Clock, EventSourceModel, FunctionModel, Invoke } from '../model.ts';
import { validatePattern } from './event-pattern.ts';
import type { Faults } from './faults.ts';
import { QueuePoller } from './queue-poller.ts';
import type { Queues } from './queues.ts';
import type { Store } from './store.ts';
import { StreamPoller, type StreamRecord, type TableStreams } from './stream-poller.ts';

/** What every poller needs. */
export type PollerContext = {
  readonly store: Store;
  readonly clock: Clock;
  readonly queues: Queues;
  readonly faults: Faults;
  readonly invoke: Invoke;
  readonly report: (line: string) => void;
};

/** Lambda's event source mappings: they carry stream records and queue messages to functions, woken by arrival, never by a timer. */
export class EventSources {
  readonly #pollers: readonly (QueuePoller | StreamPoller)[];

  constructor(
    options: Omit<PollerContext, 'report'> & {
      sources: readonly EventSourceModel[];
      functions: readonly Pick<FunctionModel, 'id' | 'arn'>[];
      streams: TableStreams;
      report?: (line: string) => void;
    },
  ) {
    const context: PollerContext = { ...options, report: options.report ?? (() => undefined) };
    const streams = sharedPages(options.streams);
    this.#pollers = options.sources.map((model) => {
      for (const filter of model.filters) validatePattern(filter);
      if (model.source.kind === 'stream') {
        const functionArn = options.functions.find(({ id }) => id === model.functionId)?.arn ?? model.functionId;
        return new StreamPoller(context, model, model.source.tableName, { streams, functionArn });
      }
      const queue = options.queues.byArn(model.source.queueArn);
      if (!queue) throw new Error(`${model.id}: the stack has no queue ${model.source.queueArn}.`);
      return new QueuePoller(context, model, queue);
    });
  }

  start(): void {
    for (const poller of this.#pollers) poller.start();
  }

  /** Takes nothing new and waits for the calls that are under way. */
  async stop(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.stop()));
  }

  /** Unread stream records and messages that are visible, in flight or about to be tried again. */
  pending(): number {
    return this.#pollers.reduce((sum, poller) => sum + poller.pending(), 0);
  }
}

/** Readers of one table mostly ask for the same page at the same moment; reading it once halves the work. */
function sharedPages(streams: TableStreams): TableStreams {
  const newest = new Map<string, { readonly key: string; readonly page: readonly StreamRecord[] }>();
  return {
    latestSequence: (table) => streams.latestSequence(table),
    onStream: (listener) => streams.onStream(listener),
    readStream(table, options) {
      const key = `${options.after ?? ''}/${options.limit}/${streams.latestSequence(table)}`;
      const known = newest.get(table);
      if (known?.key === key) return known.page;
      const page = streams.readStream(table, options);
      newest.set(table, { key, page });
      return page;
    },
  };
}
