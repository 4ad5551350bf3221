import { join } from 'node:path';
import { Endpoint } from '../endpoint.ts';
import { Iam } from '../iam.ts';
import type { Invoke, StackModel } from '../model.ts';
import { Services } from '../services/services.ts';
import { WorkerHost } from '../worker-host.ts';
import { CallCounts } from './call-counts.ts';
import { CustomResources } from './custom-resources.ts';
import { type Database, embeddedDatabase } from './database.ts';
import { FunctionLog } from './function-log.ts';
import type { Place } from './identity.ts';

export type WiringOptions = {
  readonly model: StackModel;
  readonly place: Place;
  /** The folder that holds all state; absent = memory only. */
  readonly home?: string;
  /** Another DynamoDB in place of the embedded engine. */
  readonly dynamodbEndpoint?: string;
  /** Told what a person at the terminal should know. */
  readonly report: (line: string) => void;
  /** Told every line that a function prints as an error. */
  readonly onFunctionError?: (line: string) => void;
};

/** All parts of a running system, connected, with nothing started yet. */
export type Parts = {
  readonly model: StackModel;
  readonly place: Place;
  readonly services: Services;
  readonly database: Database;
  readonly workers: WorkerHost;
  readonly endpoint: Endpoint;
  readonly counts: CallCounts;
  readonly customResources: CustomResources;
  readonly log: FunctionLog;
};

/** Connects the parts of a system. */
export async function wire(options: WiringOptions): Promise<Parts> {
  const { model, place, home, report } = options;
  const log = new FunctionLog(home && join(home, 'log', 'functions.log'), options.onFunctionError);
  const workers = new WorkerHost({
    functions: model.functions,
    awsUrl: place.awsUrl,
    region: place.region,
    log,
  });
  const invoke: Invoke = workers.invoke;
  const services = new Services({
    file: home ? join(home, 'services.sqlite') : ':memory:',
    home,
    model,
    invoke,
    report,
    account: place.accountId,
    region: place.region,
  });
  const database = await openDatabase(options, services);
  const counts = new CallCounts();
  const endpoint = new Endpoint({
    services: {
      dynamodb: ({ action, body }) =>
        action === 'Scan' && database.scan ? database.scan(body) : database.execute(action, body),
      events: ({ action, body }) => services.bus.execute(action, body),
      sqs: ({ action, body }) => services.sqs.execute(action, body),
      ses: ({ action, form }) => services.ses.execute(action, form ?? new URLSearchParams()),
      secretsmanager: ({ action, body }) => services.secrets.execute(action, body),
    },
    s3: services.s3,
    clock: services.clock,
    iam: new Iam(model.functions, place.accountId),
    place,
    secrets: model.secrets,
    faults: services.faults,
    counts,
    report,
  });
  const customResources = new CustomResources({ store: services.store, invoke });
  return { model, place, services, database, workers, endpoint, counts, customResources, log };
}

async function openDatabase(
  { home, dynamodbEndpoint, model, place, report }: WiringOptions,
  { clock }: Services,
): Promise<Database> {
  if (!dynamodbEndpoint) return embeddedDatabase(home ? join(home, 'dynamodb.sqlite') : ':memory:', () => clock.now());
  const { ExternalDatabase } = await import('./external-database.ts');
  return new ExternalDatabase({
    endpoint: dynamodbEndpoint,
    region: place.region,
    tables: model.tables.map(({ name }) => name),
    report,
  });
}
