import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { FunctionModel } from '../model.ts';
import type { Invocation, WorkerMessage, WorkerSetup } from '../worker.ts';
import type { FunctionLog } from './function-log.ts';

/** What a run of a function came to: its answer, or the error that Lambda would report. */
export type Outcome = {
  readonly payload?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
};

export type InstanceOptions = {
  readonly fn: FunctionModel;
  readonly environment: Readonly<Record<string, string>>;
  readonly clockOffset: SharedArrayBuffer;
  readonly log: FunctionLog;
  /** The thread is gone, or takes no more work. */
  readonly onRetired: (instance: Instance) => void;
};

type Waiting = { readonly resolve: (outcome: Outcome) => void; readonly timer: NodeJS.Timeout };

/** Lambda's limit on a synchronous answer. */
const largestAnswer = 6_291_556;
/** Lambda gives 10 s to load; a developer's busy machine gets more. */
const startMs = 60_000;

/** One worker thread that holds one function, as a Lambda instance does, but serving several requests at a time. */
export class Instance {
  readonly functionId: string;
  private readonly options: InstanceOptions;
  private readonly worker: Worker;
  private readonly ready: Promise<Outcome | undefined>;
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>;
  private readonly waiting = new Map<string, Waiting>();
  private settleReady: (failure: Outcome | undefined) => void = () => undefined;
  private retired = false;
  private accepted = 0;
  /** Why it can no longer answer, once its thread is gone. */
  private death: Outcome | undefined;

  constructor(options: InstanceOptions) {
    const { fn, log } = options;
    this.options = options;
    this.functionId = fn.id;
    this.worker = startWorker(options);
    log.follow(fn.id, this.worker.stdout, false);
    log.follow(fn.id, this.worker.stderr, true);
    this.ready = new Promise((resolve) => {
      this.settleReady = resolve;
    });
    const tooSlow = setTimeout(
      () => this.die({ type: 'Sandbox.Timedout', message: `Init took longer than ${startMs / 1000} seconds` }),
      startMs,
    );
    this.ready.then(() => clearTimeout(tooSlow));
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', () => resolve());
    });
    this.worker.on('message', (message: WorkerMessage) => this.receive(message));
    this.worker.on('error', (error: Error) => {
      log.write(fn.id, `${error.name}: ${error.message}`, true);
      this.die({ type: 'Runtime.UnhandledError', message: error.message });
    });
    this.worker.on('exit', (code) =>
      this.die({ type: 'Runtime.ExitError', message: `Runtime exited with exit status ${code}` }),
    );
  }

  /** Whether somebody waits for an answer. */
  get busy(): boolean {
    return this.accepted > 0;
  }

  /** Resolves when the handler is loaded or could not be. */
  async started(): Promise<void> {
    await this.ready;
  }

  async invoke(payload: unknown): Promise<Outcome> {
    this.accepted += 1;
    try {
      return await this.run(payload);
    } finally {
      this.accepted -= 1;
      if (this.retired) this.endIfDone();
    }
  }

  /** Takes no more work and ends when the work at hand is done. */
  retire(): void {
    if (this.retired) return;
    this.retired = true;
    this.options.onRetired(this);
    this.endIfDone();
  }

  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private async run(payload: unknown): Promise<Outcome> {
    const requestId = randomUUID();
    const failure = await this.ready;
    if (failure) return failure;
    if (this.death) return this.death;
    const timeoutMs = this.options.fn.timeoutSeconds * 1000;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.timeOut(requestId), timeoutMs);
      this.waiting.set(requestId, { resolve, timer });
      this.worker.postMessage({ requestId, payload, timeoutMs } satisfies Invocation);
    });
  }

  private receive(message: WorkerMessage): void {
    if (message.kind === 'ready') this.settleReady(undefined);
    else if (message.kind === 'broken') this.die(message.error);
    else this.settle(message.requestId, outcomeOf(message));
  }

  private settle(requestId: string, outcome: Outcome): void {
    const waiting = this.waiting.get(requestId);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(requestId);
    waiting.resolve(outcome);
  }

  /** AWS throws the instance away. Requests that share the thread here may still finish, then it goes. */
  private timeOut(requestId: string): void {
    const message = `RequestId: ${requestId} Error: Task timed out after ${this.options.fn.timeoutSeconds.toFixed(2)} seconds`;
    this.options.log.write(this.functionId, message, true);
    this.retire();
    this.settle(requestId, { error: { type: 'Sandbox.Timedout', message } });
  }

  private die(error: { type: string; message: string }): void {
    this.death ??= { error };
    this.settleReady(this.death);
    for (const requestId of [...this.waiting.keys()]) this.settle(requestId, this.death);
    this.retire();
  }

  private endIfDone(): void {
    if (this.busy) return;
    // The promise only says that the thread has gone; whoever has to wait for that calls terminate().
    void this.worker.terminate();
  }
}

function outcomeOf(message: Extract<WorkerMessage, { kind: 'done' | 'failed' }>): Outcome {
  if (message.kind === 'failed') return { error: message.error };
  if (message.result === undefined) return {};
  if (Buffer.byteLength(message.result) > largestAnswer) {
    const text = `Response payload size exceeded maximum allowed payload size (${largestAnswer} bytes).`;
    return { error: { type: 'Function.ResponseSizeTooLarge', message: text } };
  }
  return { payload: JSON.parse(message.result) };
}

function startWorker({ fn, environment, clockOffset }: InstanceOptions): Worker {
  const setup: WorkerSetup = {
    assetPath: fn.assetPath,
    handler: fn.handler,
    clockOffset,
    facts: {
      functionName: fn.name,
      invokedFunctionArn: fn.arn,
      memoryLimitInMB: String(fn.memoryMb),
      logGroupName: `/aws/lambda/${fn.name}`,
      logStreamName: `local/[$LATEST]${randomUUID().replaceAll('-', '')}`,
    },
  };
  return new Worker(workerModule(), {
    workerData: setup,
    env: { ...environment },
    stdout: true,
    stderr: true,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    name: fn.id,
    resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb, maxYoungGenerationSizeMb: 64 },
  });
}

let workerUrl: URL | undefined;
/** The thread's module without its types: each thread would load a compiler to take them away, which takes longer than its function does. */
function workerModule(): URL {
  workerUrl ??= new URL(
    `data:text/javascript,${encodeURIComponent(withoutTypes(new URL('../worker.ts', import.meta.url)))}`,
  );
  return workerUrl;
}

/** Node warns that the function is an experiment, as type stripping itself no longer is. */
function withoutTypes(file: URL): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(readFileSync(file, 'utf8'));
  } finally {
    process.emitWarning = emitWarning;
  }
}
