import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import { type KeyedRequest, onceForKey } from '../idempotency/claim.ts';
import { Meter } from '../table/meter.ts';
import { knowsVersion } from './aliases.ts';
import { type App, app, type Once } from './app.ts';
import { authorise } from './authorise.ts';
import { CrmError, fromZod } from './errors.ts';
import { errorsAsHubSpot } from './errors-as-hubspot.ts';
import { heedsKey, type Operation, type Registered, usualOperationSeconds } from './operation.ts';

type Parsed<S> = S extends z.ZodMiniType ? z.output<S> : undefined;

export type InputOf<Op extends Operation> = {
  readonly path: Parsed<Op['path']>;
  readonly query: Parsed<Op['query']>;
  readonly body: Parsed<Op['body']>;
  /** The body as it came, for rows with `rawBody`. */
  readonly text: string;
  readonly request: RequestFacts;
};

export type RequestFacts = {
  readonly method: string;
  /** Scheme and host under which the client reached us, for absolute links. */
  readonly origin: string;
  /** Path and query as the client sent them. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Each as `name=value`; API Gateway takes them out of the headers. */
  readonly cookies: readonly string[];
  readonly sourceIp: string;
  readonly correlationId: string;
};

/** An answer with a status, headers or a body that is not the row's JSON. */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  /** `body`: a string or bytes go out as they are (set a content type), anything else as JSON. */
  constructor(status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

type OutputOf<Op extends Operation> = Op['output'] extends z.ZodMiniType
  ? z.input<Op['output']> | Reply
  : Reply | undefined;
type Run<Op extends Operation> = (input: InputOf<Op>, app: App) => Promise<OutputOf<Op>>;

const defaultMaxBodyBytes = 1024 * 1024;

/**
 * The handler of one row: parse, authorise, run, answer with the row's status and output shape. Errors become HubSpot's body.
 * With request header `x-tsunagi-cost: 1` the answer says what it cost in DynamoDB calls and units.
 */
export const handle = <const Op extends Registered>(operation: Op, run: Run<Op>) =>
  middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(errorsAsHubSpot(operation))
    .use(authorise(operation))
    .handler(async (event, context) => {
      const meter = event.headers['x-tsunagi-cost'] ? new Meter() : undefined;
      const input = read(operation, event) as InputOf<Op>;
      const { actor, scopes } = context as typeof context & Pick<App, 'actor' | 'scopes'>;
      if (!operation.route.startsWith('GET ')) refuseUnheeded(operation, input.request);
      const own = app({ actor, ...(scopes && { scopes }), ...(meter && { meter }) });
      const respond = async (once?: Once) =>
        answer(operation, await run(input, once ? { ...own, once } : own), {
          ...input.request,
          ...(meter && { cost: String(meter) }),
        });
      const key = heedsKey(operation) ? event.headers['idempotency-key'] : undefined;
      if (key === undefined) return respond();
      return onceForKey(own, keyedRequest(operation, { key, actor, event, text: input.text }), respond);
    });

/** A second run sets, replaces or deletes the same; a POST must say that it makes nothing twice. */
const keyedRequest = (
  operation: Operation,
  { key, actor, event, text }: { key: string; actor: App['actor']; event: APIGatewayProxyEventV2; text: string },
): KeyedRequest => {
  const { method } = event.requestContext.http;
  return {
    key,
    caller: `${actor.kind}:${actor.id}`,
    request: `${method} ${event.rawPath}?${event.rawQueryString}\n${text}`,
    leaseMs: ((operation.timeoutSeconds ?? usualOperationSeconds) + 5) * 1000,
    repeatable: operation.repeatable ?? method !== 'POST',
  };
};

/** A condition that an operation does not look at must not be passed over (RFC 9110, 13.1.1). */
function refuseUnheeded({ ifMatch }: Operation, { headers }: RequestFacts): void {
  if (headers['if-match'] === undefined || ifMatch) return;
  throw new CrmError('VALIDATION_ERROR', 'This operation does not take If-Match', {
    context: { header: ['If-Match'] },
  });
}

function read(operation: Operation, event: APIGatewayProxyEventV2) {
  requireKnownVersion(event);
  const text = bodyOf(operation, event);
  return {
    path: parse(operation.path, decoded(event.pathParameters), 'path'),
    query: parse(operation.query, event.queryStringParameters ?? {}, 'query'),
    body: operation.body && parse(operation.body, readJson(text), 'body'),
    text,
    request: facts(event),
  };
}

/** A dated spelling of a path serves the versions that HubSpot has; another one is a path that there is not. */
function requireKnownVersion({ routeKey, rawPath, pathParameters }: APIGatewayProxyEventV2): void {
  const version = routeKey.includes('/{version}') ? pathParameters?.version : undefined;
  if (version !== undefined && !knowsVersion(routeKey, version))
    throw new CrmError('OBJECT_NOT_FOUND', `Unable to find the path ${rawPath}`);
}

const decoded = (path: APIGatewayProxyEventV2['pathParameters']) => path ?? {};

/**
 * The host that clients of the token APIs call is told by the stack, so nobody can make links lead elsewhere; of the public API it is the
 * one that API Gateway was reached at. Localhost says in a header that it has no TLS.
 */
function facts(event: APIGatewayProxyEventV2): RequestFacts {
  const query = event.rawQueryString ? `?${event.rawQueryString}` : '';
  return {
    method: event.requestContext.http.method,
    origin: `${event.headers['x-forwarded-proto'] ?? 'https'}://${process.env.API_HOST ?? event.requestContext.domainName}`,
    url: `${event.rawPath}${query}`,
    headers: event.headers,
    cookies: event.cookies ?? [],
    sourceIp: event.requestContext.http.sourceIp,
    correlationId: event.requestContext.requestId,
  };
}

function bodyOf({ maxBodyBytes = defaultMaxBodyBytes, binaryBody }: Operation, event: APIGatewayProxyEventV2): string {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) {
    throw new CrmError(
      'VALIDATION_ERROR',
      `The request body is larger than the ${maxBodyBytes} bytes that this operation takes`,
      {
        status: 413,
        subCategory: 'REQUEST_TOO_LARGE',
      },
    );
  }
  return bytes.toString(binaryBody ? 'latin1' : 'utf8');
}

function parse(schema: z.ZodMiniType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value, { reportInput: true });
  if (!result.success) throw fromZod(result.error.issues, where);
  return result.data;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = Number(/position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? 0);
    const before = text.slice(0, position).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    throw new CrmError(
      'VALIDATION_ERROR',
      `Invalid input JSON on line ${before.length}, column ${column}: the body is not JSON`,
    );
  }
}

const bodyFor = (body: unknown) =>
  body instanceof Uint8Array
    ? { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
    : { body: typeof body === 'string' ? body : JSON.stringify(body) };

function answer(
  { status, output }: Operation,
  result: unknown,
  { correlationId, cost }: RequestFacts & { cost?: string },
): APIGatewayProxyStructuredResultV2 {
  const usual = typeof status === 'number' ? status : status[0];
  const reply = result instanceof Reply ? result : new Reply(usual, result);
  // A mismatch here is our bug, so the ZodError escapes and becomes a logged 500.
  const body = output && reply.status < 300 && typeof reply.body !== 'string' ? output.parse(reply.body) : reply.body;
  return {
    statusCode: reply.status,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json;charset=utf-8' }),
      'cache-control': 'no-store',
      'x-hubspot-correlation-id': correlationId,
      'x-request-id': correlationId,
      ...(cost && { 'x-tsunagi-cost': cost }),
      ...reply.headers,
    },
    ...(body !== undefined && bodyFor(body)),
  };
}
