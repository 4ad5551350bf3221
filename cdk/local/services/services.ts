import type { FunctionModel, Invoke, StackModel } from '../model.ts';
import { MovableClock } from './clock.ts';
import { Deliveries } from './deliveries.ts';
import { EventBus } from './event-bus.ts';
import { EventSources } from './event-sources.ts';
import { Faults } from './faults.ts';
import { settled } from './idle.ts';
import { Queues } from './queues.ts';
import { S3 } from './s3/s3.ts';
import { SalesforceOrg } from './salesforce/org.ts';
import { Schedules } from './schedules.ts';
import { Secrets } from './secrets.ts';
import { Ses } from './ses.ts';
import { Sinks } from './sinks.ts';
import { SqsApi } from './sqs-api.ts';
import { Store } from './store.ts';
import type { TableStreams } from './stream-poller.ts';

const clockSetting = 'clock.offset';

/** All local services of one stack over one file, put together in the order they need each other. */
export class Services {
  readonly store: Store;
  readonly clock: MovableClock;
  readonly faults = new Faults();
  readonly queues: Queues;
  readonly sqs: SqsApi;
  readonly deliveries: Deliveries;
  readonly bus: EventBus;
  readonly schedules: Schedules;
  readonly ses: Ses;
  readonly secrets: Secrets;
  readonly s3: S3;
  readonly sinks: Sinks;
  readonly salesforce: SalesforceOrg;
  #sources: EventSources | undefined;
  readonly #model: Pick<StackModel, 'eventSources'> & {
    readonly functions: readonly Pick<FunctionModel, 'id' | 'arn'>[];
  };
  readonly #invoke: Invoke;
  readonly #report: (line: string) => void;

  constructor(options: {
    /** A path, or `:memory:`. */
    file: string;
    /** The folder of the buckets' files; absent = one that goes with the system. */
    home?: string | undefined;
    model: Pick<StackModel, 'queues' | 'rules' | 'buses' | 'eventSources' | 'secrets' | 'configurationSets'> & {
      readonly fileBuckets?: StackModel['fileBuckets'];
      readonly functions: readonly Pick<FunctionModel, 'id' | 'arn'>[];
    };
    invoke: Invoke;
    /** Told of work that was given up with nowhere to put it. */
    report?: (line: string) => void;
    account?: string;
    region?: string;
  }) {
    const { account, invoke, model, region } = options;
    this.#model = model;
    this.#invoke = invoke;
    this.#report = options.report ?? (() => undefined);
    const place = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
    const store = new Store(options.file);
    const clock = new MovableClock({
      offset: Number(store.setting(clockSetting) ?? 0),
      onMove: (offset) => store.saveSetting(clockSetting, String(offset)),
    });
    const { faults } = this;
    this.store = store;
    this.clock = clock;
    this.queues = new Queues({ store, clock, faults, queues: model.queues });
    this.sqs = new SqsApi({ queues: this.queues, clock });
    this.deliveries = new Deliveries({
      store,
      clock,
      faults,
      invoke,
      queues: this.queues,
      functions: model.functions,
      report: this.#report,
    });
    this.bus = new EventBus({
      store,
      clock,
      faults,
      deliveries: this.deliveries,
      rules: model.rules,
      buses: model.buses,
      ...place,
    });
    this.schedules = new Schedules({ store, clock, deliveries: this.deliveries, rules: model.rules, ...place });
    this.ses = new Ses({ store, clock, bus: this.bus, configurationSets: model.configurationSets, ...place });
    this.secrets = new Secrets({ store, clock, secrets: model.secrets });
    this.s3 = new S3({ home: options.home, buckets: model.fileBuckets ?? [] });
    this.sinks = new Sinks({ store, clock });
    this.salesforce = new SalesforceOrg({ store, clock, faults });
  }

  /** Begins to deliver. Call it once, when functions can be called. */
  start(streams: TableStreams): void {
    const { clock, faults, queues, store } = this;
    const { eventSources: sources, functions } = this.#model;
    this.#sources = new EventSources({
      store,
      clock,
      queues,
      faults,
      invoke: this.#invoke,
      sources,
      functions,
      streams,
      report: this.#report,
    });
    this.deliveries.start();
    this.#sources.start();
    this.schedules.start();
  }

  /** Everything that is not done yet: stream records, deliveries, queued messages. Delayed messages and dead letters wait apart. */
  pending(): number {
    return this.deliveries.pending() + (this.#sources?.pending() ?? 0);
  }

  /** Resolves when nothing is pending; rejects after the time-out with what was left. */
  settled(timeoutMs?: number): Promise<void> {
    return settled([this.deliveries, ...(this.#sources ? [this.#sources] : [])], timeoutMs);
  }

  /** Takes nothing new, waits for the calls under way, and closes the file. */
  async stop(): Promise<void> {
    this.schedules.stop();
    await Promise.all([this.#sources?.stop(), this.deliveries.stop()]);
    this.clock.stop();
    this.s3.close();
    this.store.close();
  }
}
