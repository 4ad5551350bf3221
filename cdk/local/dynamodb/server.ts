import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamoEngine } from './engine.ts';
import { DynamoError, serialization } from './errors.ts';
import { isRecord } from './value.ts';

const TARGET = /^DynamoDB_20120810\.([A-Za-z]+)$/;

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw serialization(error instanceof Error ? error.message : String(error));
  }
  if (!isRecord(body)) throw serialization('Expected a JSON object');
  return body;
}

async function answer(
  engine: DynamoEngine,
  request: IncomingMessage,
  scans: boolean,
): Promise<Record<string, unknown>> {
  const body = await readBody(request);
  const action = TARGET.exec(String(request.headers['x-amz-target']))?.[1];
  if (action === undefined)
    throw new DynamoError('UnknownOperationException', 'The header x-amz-target names no action');
  return scans && action === 'Scan' ? engine.scan(body) : engine.execute(action, body);
}

function send(response: ServerResponse, status: number, body: Record<string, unknown>): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof DynamoError
      ? error
      : new DynamoError('InternalServerError', error instanceof Error ? String(error.stack) : String(error), {}, 500);
  send(response, known.statusCode, known.toBody());
}

/** Serves an engine over DynamoDB's wire protocol on a loopback port. Signatures are not checked. `scans`: for operators' tools. */
export function startDynamoServer(
  engine: DynamoEngine,
  port = 0,
  { scans = false } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(engine, request, scans).then(
      (body) => send(response, 200, body),
      (error: unknown) => sendError(response, error),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: actual } = server.address() as AddressInfo;
      resolve({
        url: `http://127.0.0.1:${actual}`,
        close: () =>
          new Promise((closed, failed) => {
            server.close((error) => (error ? failed(error) : closed()));
            server.closeAllConnections();
          }),
      });
    });
  });
}
