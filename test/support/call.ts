import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

export type Call = {
  readonly method?: string;
  readonly url?: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
  /** Bytes that are no text: they come in base64. */
  readonly rawBody?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sourceIp?: string;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly text: string;
};

type Handler = (event: APIGatewayProxyEventV2, context: Context) => unknown;

/** The payload that API Gateway's HTTP API (format 2.0) sends to a function. */
export function gatewayEvent(call: Call): APIGatewayProxyEventV2 {
  const { method = 'POST', url = '/', query = {}, body, headers = {} } = call;
  return {
    version: '2.0',
    routeKey: `${method} ${url}`,
    rawPath: url,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { host: 'api.test', 'x-forwarded-proto': 'https', ...headers },
    queryStringParameters: query,
    pathParameters: call.path ?? {},
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(call.rawBody && { body: call.rawBody.toString('base64') }),
    isBase64Encoded: call.rawBody !== undefined,
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'api.test',
      domainPrefix: 'api',
      http: { method, path: url, protocol: 'HTTP/1.1', sourceIp: call.sourceIp ?? '203.0.113.7', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: `${method} ${url}`,
      stage: '$default',
      time: '22/Nov/2026:00:00:00 +0000',
      timeEpoch: Date.parse('2026-11-22T00:00:00Z'),
    },
  };
}

/** Calls a handler through the door that API Gateway uses, and reads the answer. */
export async function call(handler: unknown, request: Call = {}): Promise<Answer> {
  const result = (await (handler as Handler)(
    gatewayEvent(request),
    {} as Context,
  )) as APIGatewayProxyStructuredResultV2;
  const text = result.body ?? '';
  const headers = Object.fromEntries(
    Object.entries(result.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const json = (headers['content-type'] ?? '').includes('json');
  return { status: result.statusCode ?? 200, headers, body: json && text ? JSON.parse(text) : text, text };
}
