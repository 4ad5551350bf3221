import { Admin } from './admin.ts';
import { builtAssembly } from './build.ts';
import { Gateway } from './gateway.ts';
import { responsePath } from './host/custom-resources.ts';
import { createTables } from './host/database.ts';
import type { Place } from './host/identity.ts';
import { openSmtp } from './host/inbound-mail.ts';
import { accessTokenOf, connectSlack, variableOf } from './host/known-secrets.ts';
import { LateServer } from './host/late-server.ts';
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
  /** Where a mail program hands in mail to the inbox. */
  readonly smtpUrl: string;
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

/** The two ports: one for the product and `/local`, one for what functions take for AWS. */
type Ports = {
  readonly web: LateServer;
  readonly aws: LateServer;
  readonly webListener: Listener;
  readonly awsListener: Listener;
};

/** Runs the templates. Resolves when the system answers; requests that come earlier wait. */
export async function startLocal(options: LocalOptions = {}): Promise<LocalSystem> {
  const { report = () => undefined } = options;
  const web = new LateServer();
  const aws = new LateServer();
  const webListener = await listen(web.serve, options.port ?? 0, report);
  const awsListener = await listen(aws.serve, 0, report);
  const ports: Ports = { web, aws, webListener, awsListener };
  try {
    return await run(options, ports);
  } catch (error) {
    await Promise.all([webListener.close(), awsListener.close()]);
    throw error;
  }
}

async function run(options: LocalOptions, ports: Ports): Promise<LocalSystem> {
  const origin = addressOf(ports.webListener);
  const place: Place = { region, accountId, awsUrl: addressOf(ports.awsListener), apiUrl: origin };
  const { report = () => undefined, edit = (read: StackModel) => read, ...rest } = options;
  const model = edit(readModel(options.stacks ?? readAssembly(await assemblyOf(options)), place));
  const parts = await wire({ ...rest, model, place, report });
  try {
    await bringUp(parts, options, ports);
    return open(parts, ports, origin, await openSmtp(parts));
  } catch (error) {
    await close(parts);
    throw error;
  }
}

const addressOf = ({ port }: Listener) => `http://127.0.0.1:${port}`;

const assemblyOf = async ({ assembly, onBuild }: LocalOptions) => assembly ?? (await builtAssembly(onBuild));

/** Everything that has to be there before the first request: tables, secrets, what custom resources make, and the readers. */
async function bringUp(parts: Parts, { advanceMs = 0 }: LocalOptions, { aws }: Ports): Promise<void> {
  const { model, place, services, database, workers, endpoint, customResources } = parts;
  if (advanceMs > 0) services.clock.advance(advanceMs);
  workers.moveClock(services.clock.now() - Date.now());
  await createTables(database, model.tables);
  connectSlack(parts, `${place.apiUrl}/local/slack`);
  aws.open((message, response) => {
    const isAnswer = message.url?.startsWith(responsePath) ?? false;
    return isAnswer ? customResources.receive(message, response) : endpoint.serve(message, response);
  });
  const stackArn = `arn:aws:cloudformation:${region}:${accountId}:stack/local/local`;
  for (const resource of model.customResources) await customResources.bring(resource, place.awsUrl, stackArn);
  services.start(database);
  // Every write needs the readers of the stream; other functions start when they are first called.
  const readers = model.eventSources.filter(({ source }) => source.kind === 'stream');
  await workers.prewarm(readers.map(({ functionId }) => functionId));
}

function open(
  parts: Parts,
  { web, webListener, awsListener }: Ports,
  origin: string,
  smtp: Awaited<ReturnType<typeof openSmtp>>,
): LocalSystem {
  const { model, place, services, database, workers } = parts;
  const addresses: LocalAddresses = {
    apiUrl: origin,
    publicUrl: origin,
    localUrl: `${origin}/local`,
    portalId: Number(variableOf(parts, 'PORTAL_ID') ?? 0),
    accessToken: accessTokenOf(parts),
    dynamodbUrl: place.awsUrl,
    pid: process.pid,
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
  };
  const gateway = new Gateway({ ...model, invoke: workers.invoke, accountId, now: () => services.clock.now() });
  const admin = new Admin(parts, addresses);
  web.open((message, response) =>
    admin.owns(message.url) ? admin.serve(message, response) : gateway.serve(message, response),
  );
  const expiry = setInterval(() => database.sweepExpired(), expiryEveryMs);
  const stop = once(async () => {
    clearInterval(expiry);
    await webListener.close();
    await smtp.close();
    await close(parts);
    await awsListener.close();
  });
  return { ...addresses, model, log: () => parts.log.newest(), stop };
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

function once(act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= act();
    return running;
  };
}
