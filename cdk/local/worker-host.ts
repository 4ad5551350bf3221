import { devNull } from 'node:os';
import type { FunctionLog } from './host/function-log.ts';
import { Instance, type Outcome } from './host/instance.ts';
import type { FunctionModel } from './model.ts';

export type WorkerHostOptions = {
  readonly functions: readonly FunctionModel[];
  /** Where every AWS call of a function goes. */
  readonly awsUrl: string;
  readonly region: string;
  readonly log: FunctionLog;
  /** Threads kept at a time, of some 25 MB each; beyond it the one that was idle the longest goes, as AWS recycles instances. */
  readonly maximumInstances?: number;
};

/** Runs functions, each in a worker thread of its own that is started on first use and keeps its module state. */
export class WorkerHost {
  private readonly options: WorkerHostOptions;
  private readonly functions: ReadonlyMap<string, FunctionModel>;
  /** In order of last use. */
  private readonly instances = new Map<string, Instance>();
  private readonly ending = new Set<Instance>();
  private readonly clockOffset = new SharedArrayBuffer(8);
  private running = 0;
  private stopped = false;

  constructor(options: WorkerHostOptions) {
    this.options = options;
    this.functions = new Map(options.functions.map((fn) => [fn.id, fn]));
  }

  /** Runs a function once. Never rejects: what goes wrong is in the outcome's `error`, as Lambda reports it. */
  readonly invoke = async (functionId: string, payload: unknown): Promise<Outcome> => {
    this.running += 1;
    try {
      const instance = this.instanceOf(functionId);
      if (!instance)
        return { error: { type: 'ResourceNotFoundException', message: `Function not found: ${functionId}` } };
      return await instance.invoke(payload);
    } finally {
      this.running -= 1;
    }
  };

  /** Loads functions before anybody calls them. */
  async prewarm(functionIds: Iterable<string>): Promise<void> {
    await Promise.all([...new Set(functionIds)].map((id) => this.instanceOf(id)?.started()));
  }

  /** Invocations that have not answered yet. */
  pending(): number {
    return this.running;
  }

  /** Moves the time that functions see, in milliseconds from real time. */
  moveClock(offsetMs: number): void {
    new Float64Array(this.clockOffset)[0] = offsetMs;
  }

  /** Ends every thread at once; what runs fails. */
  async stop(): Promise<void> {
    this.stopped = true;
    const all = [...this.instances.values(), ...this.ending];
    this.instances.clear();
    await Promise.all(all.map((instance) => instance.terminate()));
  }

  private instanceOf(functionId: string): Instance | undefined {
    const fn = this.functions.get(functionId);
    if (!fn || this.stopped) return undefined;
    const instance = this.instances.get(functionId) ?? this.start(fn);
    this.instances.delete(functionId);
    this.instances.set(functionId, instance);
    return instance;
  }

  private start(fn: FunctionModel): Instance {
    this.makeRoom();
    return new Instance({
      fn,
      environment: this.environmentOf(fn),
      clockOffset: this.clockOffset,
      log: this.options.log,
      onRetired: (instance) => this.forget(instance),
    });
  }

  private forget(instance: Instance): void {
    if (this.instances.get(instance.functionId) === instance) this.instances.delete(instance.functionId);
    this.ending.add(instance);
    instance.ended.then(() => this.ending.delete(instance));
  }

  private makeRoom(): void {
    const { maximumInstances = 40 } = this.options;
    if (this.instances.size < maximumInstances) return;
    const idle = [...this.instances.values()].find(({ busy }) => !busy);
    idle?.retire();
  }

  /** The function's own variables and those that Lambda sets; nothing of this machine's environment. */
  private environmentOf(fn: FunctionModel): Record<string, string> {
    const { awsUrl, region } = this.options;
    return {
      ...fn.environment,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT_URL: awsUrl,
      AWS_ACCESS_KEY_ID: fn.id,
      AWS_SECRET_ACCESS_KEY: 'local',
      // Keeps a developer's own AWS settings out of the functions.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: fn.assetPath,
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      _HANDLER: fn.handler,
    };
  }
}
