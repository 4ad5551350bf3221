import type { IncomingMessage, ServerResponse } from 'node:http';
import { Admin } from './admin.ts';
import { builtAssembly, compileCacheOf } from './build.ts';
import { Gateway } from './gateway.ts';
import { responsePath } from './host/custom-resources.ts';
import { createTables } from './host/database.ts';
import type { Place } from './host/identity.ts';
import { type Listener, listen } from './host/listen.ts';
import { readModel } from './host/read-model.ts';
import { type Parts, wire } from './host/wiring.ts';
import type { StackModel } from './model.ts';
import { readAssembly, type Stack } from './template.ts';

export type LocalOptions = {
  /** The folder that holds all state; absent = memory only. */
  readonly home?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** A synthesized app; default: this project's, built from the sources as they are now. */
  readonly assembly?: string;
  /** Stacks at hand, instead of an assembly. */
  readonly stacks?: readonly Stack[];
  /** Changes what the templates say before anything starts: tests take away a grant, a rule, a variable. */
  readonly edit?: (model: StackModel) => StackModel;
  /** Milliseconds by which the clock starts ahead. */
  readonly advanceMs?: number;
  /** Another DynamoDB in place of the embedded engine. */
  readonly dynamodbEndpoint?: string;
  /** Called when the app has to be built, which takes a while. */
  readonly onBuild?: () => void;
  readonly report?: (line: string) => void;
  readonly onFunctionError?: (line: string) => void;
};

export type LocalAddresses = {
  readonly apiUrl: string;
  readonly publicUrl: string;
  readonly localUrl: string;
  readonly portalId: number;
  readonly accessToken: string;
  readonly dynamodbUrl: string;
  readonly pid: number;
};

/** The whole product on this machine. */
export type LocalSystem = LocalAddresses & {
  readonly model: StackModel;
  /** The newest lines that functions printed. */
  log(): readonly string[];
  /** Ends everything; state in a home folder stays. */
  stop(): Promise<void>;
};

const region = 'ap-northeast-1';
const accountId = '000000000000';
const expiryEveryMs = 60_000;
const patienceMs = 3000;

/** Runs the templates. Resolves when the system answers; requests that come earlier wait. */
export async function startLocal(options: LocalOptions = {}): Promise<LocalSystem> {
  const { report = () => undefined } = options;
  const web = new LateServer();
  const aws = new LateServer();
  const webListener = await listen(web.serve, options.port ?? 0, report);
  const awsListener = await listen(aws.serve, 0, report).catch((error: unknown) =>
    webListener.close().then(() => Promise.reject(error)),
  );
  const listeners = [webListener, awsListener];
  try {
    return await run(options, { web, aws, listeners });
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
}

type Servers = { readonly web: LateServer; readonly aws: LateServer; readonly listeners: readonly Listener[] };

async function run(options: LocalOptions, { web, aws, listeners }: Servers): Promise<LocalSystem> {
  const [origin = '', awsUrl = ''] = listeners.map(({ port }) => `http://127.0.0.1:${port}`);
  const place: Place = { region, accountId, awsUrl, apiUrl: origin };
  const assembly = options.assembly ?? (options.stacks ? undefined : await builtAssembly(options.onBuild));
  const read = readModel(options.stacks ?? readAssembly(assembly ?? ''), place);
  const { report = () => undefined, edit = (model: StackModel) => model, ...rest } = options;
  const parts = await wire({
    ...rest,
    ...(assembly && { compileCache: compileCacheOf(assembly) }),
    model: edit(read),
    place,
    report,
  });
  try {
    return await start(options, parts, { web, aws, listeners }, origin);
  } catch (error) {
    await close(parts);
    throw error;
  }
}

async function start(
  { advanceMs = 0 }: LocalOptions,
  parts: Parts,
  { web, aws, listeners }: Servers,
  origin: string,
): Promise<LocalSystem> {
  const { model, place, services, database, workers, endpoint, customResources } = parts;
  if (advanceMs > 0) services.clock.advance(advanceMs);
  workers.moveClock(services.clock.now() - Date.now());
  await createTables(database, model.tables);
  const localUrl = `${origin}/local`;
  connectSlack(parts, `${localUrl}/slack`);
  aws.open((message, response) =>
    message.url?.startsWith(responsePath)
      ? customResources.receive(message, response)
      : endpoint.serve(message, response),
  );
  for (const resource of model.customResources) {
    await customResources.bring(
      resource,
      place.awsUrl,
      `arn:aws:cloudformation:${region}:${accountId}:stack/local/local`,
    );
  }
  services.start(database);
  await workers.prewarm(model.eventSources.map(({ functionId }) => functionId));
  const addresses: LocalAddresses = {
    apiUrl: origin,
    publicUrl: origin,
    localUrl,
    portalId: Number(variable(model, 'PORTAL_ID') ?? 0),
    accessToken: secretText(parts, variable(model, 'ACCESS_TOKEN_SECRET_ARN')) ?? '',
    dynamodbUrl: place.awsUrl,
    pid: process.pid,
  };
  const gateway = new Gateway({ ...model, invoke: workers.invoke, accountId, now: () => services.clock.now() });
  const admin = new Admin(parts, addresses);
  web.open((message, response) =>
    admin.owns(message.url) ? admin.serve(message, response) : gateway.serve(message, response),
  );
  const expiry = setInterval(() => database.sweepExpired(), expiryEveryMs);
  const stop = async () => {
    clearInterval(expiry);
    const [webListener, awsListener] = listeners;
    await webListener?.close();
    await close(parts);
    await awsListener?.close();
  };
  return { ...addresses, model, log: () => parts.log.newest(), stop: once(stop) };
}

/** Workers may finish what they have at hand, but not keep everybody waiting: it would be repeated after the next start. */
async function close({ workers, services, database, log }: Parts): Promise<void> {
  const impatience = setTimeout(() => workers.stop(), patienceMs);
  await services.stop();
  clearTimeout(impatience);
  await workers.stop();
  await database.close();
  log.close();
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

const variable = (model: StackModel, name: string) =>
  model.functions.find(({ environment }) => name in environment)?.environment[name];

function secretText({ services }: Parts, SecretId: string | undefined): string | undefined {
  if (!SecretId) return undefined;
  const { SecretString } = services.secrets.execute('GetSecretValue', { SecretId });
  return typeof SecretString === 'string' ? SecretString : undefined;
}

/** Slack posts go to the local sink until somebody connects a Slack of his own. The port may differ from the last start's. */
function connectSlack(parts: Parts, webhookUrl: string): void {
  const SecretId = variable(parts.model, 'SLACK_SECRET_ARN');
  if (!SecretId) return;
  const value = secretText(parts, SecretId) ?? '';
  const isOwn = /^\{"webhookUrl":"http:\/\/127\.0\.0\.1:\d+\/local\/slack"\}$/.test(value);
  if (value === '' || isOwn)
    parts.services.secrets.execute('PutSecretValue', { SecretId, SecretString: JSON.stringify({ webhookUrl }) });
}

/** Holds a port from the first moment and lets requests wait until there is something to serve them. */
class LateServer {
  private openWith: (serve: LateServer['serve']) => void = () => undefined;
  private readonly ready = new Promise<LateServer['serve']>((resolve) => {
    this.openWith = resolve;
  });

  private opened: LateServer['serve'] | undefined;

  readonly serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const serve = this.opened ?? (await this.ready);
    return serve(message, response);
  };

  open(serve: LateServer['serve']): void {
    this.opened = serve;
    this.openWith(serve);
  }
}
