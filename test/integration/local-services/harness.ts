import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { EventSourceModel, Invoke, QueueModel, StackModel } from '../../../cdk/local/model.ts';
import { Services } from '../../../cdk/local/services/services.ts';
import type { StreamRecord, TableStreams } from '../../../cdk/local/services/stream-poller.ts';
import { WireError } from '../../../cdk/local/services/wire-error.ts';

export const functionArn = (id: string) => `arn:aws:lambda:us-east-1:000000000000:function:${id}`;
export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

export function queue(name: string, more: Partial<QueueModel> = {}): QueueModel {
  return {
    name,
    arn: queueArn(name),
    url: `http://127.0.0.1/000000000000/${name}`,
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    ...more,
  };
}

export function source(more: Pick<EventSourceModel, 'source'> & Partial<EventSourceModel>): EventSourceModel {
  return {
    id: 'source',
    functionId: 'worker',
    batchSize: 10,
    maximumBatchingWindowSeconds: 0,
    filters: [],
    bisectOnError: false,
    maximumRetryAttempts: -1,
    reportBatchItemFailures: true,
    ...more,
  };
}

type Model = Pick<StackModel, 'queues' | 'rules' | 'buses' | 'eventSources' | 'secrets' | 'configurationSets'>;

/** A stream that a test writes to. It outlives the services that read it, as a table's file does. */
export class FakeStream implements TableStreams {
  readonly records: StreamRecord[] = [];
  readonly #listeners = new Set<(table: string) => void>();

  append(...images: Record<string, unknown>[]): void {
    for (const image of images) {
      const SequenceNumber = String(100_000_000_000_000_000_000n + BigInt(this.records.length + 1));
      const dynamodb = { SequenceNumber, ApproximateCreationDateTime: 1_700_000_000, SizeBytes: 100, NewImage: image };
      this.records.push({ eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/crm/stream/1', dynamodb });
    }
    for (const listener of this.#listeners) listener('crm');
  }

  readStream(_: string, { after, limit }: { after?: string; limit: number }): readonly StreamRecord[] {
    return this.records
      .filter(({ dynamodb }) => BigInt(dynamodb.SequenceNumber) > BigInt(after ?? '0'))
      .slice(0, limit);
  }

  latestSequence(): string {
    return this.records.at(-1)?.dynamodb.SequenceNumber ?? '0';
  }

  onStream(listener: (table: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Calls that functions got, and what they answer. */
export class FakeFunctions {
  readonly calls: { functionId: string; payload: unknown }[] = [];
  answer: (payload: never, functionId: string) => ReturnType<Invoke> | Awaited<ReturnType<Invoke>> = () => ({
    payload: null,
  });

  readonly invoke: Invoke = async (functionId, payload) => {
    this.calls.push({ functionId, payload });
    return await this.answer(payload as never, functionId);
  };
}

export function given(
  model: Partial<Model> = {},
  options: { file?: string; functions?: FakeFunctions; stream?: FakeStream } = {},
) {
  const functions = options.functions ?? new FakeFunctions();
  const stream = options.stream ?? new FakeStream();
  const reports: string[] = [];
  const services = new Services({
    file: options.file ?? ':memory:',
    model: {
      queues: [],
      rules: [],
      buses: [],
      eventSources: [],
      secrets: [],
      configurationSets: [],
      functions: ['worker', 'other'].map((id) => ({ id, arn: functionArn(id) })),
      ...model,
    },
    invoke: functions.invoke,
    report: (line) => reports.push(line),
  });
  return { services, functions, stream, reports };
}

/** A wire endpoint over the services, for the real SDK clients. */
export async function startEndpoint(services: Services) {
  const server = createServer(async (request, response) => {
    try {
      const { contentType, body } = await answer(services, request, await text(request));
      response.writeHead(200, { 'content-type': contentType }).end(body);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const { statusCode, headers, body } = error.toResponse();
      response.writeHead(statusCode, headers).end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    config: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  services: Services,
  request: IncomingMessage,
  body: string,
): Promise<{ contentType: string; body: string }> {
  const [service, action = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (action === '') {
    const form = new URLSearchParams(body);
    return { contentType: 'text/xml', body: services.ses.execute(form.get('Action') ?? '', form) };
  }
  const wire = { AmazonSQS: services.sqs, AWSEvents: services.bus, secretsmanager: services.secrets }[service ?? ''];
  if (!wire) throw new Error(`No service for ${service}`);
  return {
    contentType: String(request.headers['content-type']),
    body: JSON.stringify(await wire.execute(action, JSON.parse(body))),
  };
}
