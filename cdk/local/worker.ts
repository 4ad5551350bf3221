import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** What a worker thread is told when it starts. */
export type WorkerSetup = {
  readonly assetPath: string;
  /** `objects/create.handler`: file and export, as Lambda has it. */
  readonly handler: string;
  /** One Float64: milliseconds between real time and the system's clock. */
  readonly clockOffset: SharedArrayBuffer;
  readonly facts: {
    readonly functionName: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
    readonly logStreamName: string;
  };
};

export type Invocation = { readonly requestId: string; readonly payload: unknown; readonly timeoutMs: number };

/** `result` is JSON, as Lambda sends it; absent when the handler returned nothing. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** The handler could not be loaded; the thread is of no use. */
  | { readonly kind: 'broken'; readonly error: Failure }
  | { readonly kind: 'done'; readonly requestId: string; readonly result?: string }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: Failure };
type Failure = { readonly type: string; readonly message: string };

type Handler = (event: unknown, context: unknown) => unknown;

/** Makes this thread's `Date` follow the system's clock. Must run before the bundle is loaded. */
function followClock(buffer: SharedArrayBuffer): void {
  const offset = new Float64Array(buffer);
  const RealDate = Date;
  const realNow = RealDate.now;
  const now = () => realNow() + (offset[0] ?? 0);
  RealDate.now = now;
  const LocalDate: DateConstructor = new Proxy(RealDate, {
    construct: (target, values, newTarget): Date =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget === LocalDate ? target : newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = LocalDate;
  globalThis.Date = LocalDate;
}

/** Lambda knows a handler by file and export; the file is an ES module or CommonJS. */
async function load({ assetPath, handler }: WorkerSetup): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const path = ['.mjs', '.js', '.cjs']
    .map((extension) => join(assetPath, file + extension))
    .find((candidate) => existsSync(candidate));
  if (!path) throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const found = module[name];
  if (typeof found !== 'function') {
    throw Object.assign(new Error(`${handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return found as Handler;
}

const describe = (error: unknown) =>
  error instanceof Error
    ? { type: error.name, message: error.message }
    : { type: 'Error', message: typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error)) };

function contextOf({ facts }: WorkerSetup, { requestId, timeoutMs }: Invocation) {
  const started = performance.now();
  return {
    ...facts,
    functionVersion: '$LATEST',
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(timeoutMs - (performance.now() - started))),
  };
}

async function run(setup: WorkerSetup, handler: Handler, invocation: Invocation): Promise<WorkerMessage> {
  const { requestId, payload } = invocation;
  try {
    const result = JSON.stringify(await handler(payload, contextOf(setup, invocation)));
    return { kind: 'done', requestId, ...(result !== undefined && { result }) };
  } catch (error) {
    console.error(
      JSON.stringify({
        level: 'ERROR',
        requestId,
        ...describe(error),
        trace: error instanceof Error ? error.stack : undefined,
      }),
    );
    return { kind: 'failed', requestId, error: describe(error) };
  }
}

async function main(setup: WorkerSetup, send: (message: WorkerMessage) => void): Promise<void> {
  // With the bundle, and gone with it: many threads compile the same chunks.
  enableCompileCache(join(setup.assetPath, 'compiled'));
  followClock(setup.clockOffset);
  let handler: Handler;
  try {
    handler = await load(setup);
  } catch (error) {
    console.error(error);
    send({ kind: 'broken', error: describe(error) });
    return;
  }
  parentPort?.on('message', (invocation: Invocation) => {
    run(setup, handler, invocation).then(send);
  });
  send({ kind: 'ready' });
}

if (parentPort) {
  const port = parentPort;
  await main(workerData as WorkerSetup, (message) => port.postMessage(message));
}
