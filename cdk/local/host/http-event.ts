import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { decode, type Match } from './route-table.ts';

export type Request = {
  readonly message: IncomingMessage;
  readonly body: Buffer;
  readonly path: string;
  readonly query: string;
  readonly now: number;
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** API Gateway's event for an HTTP API, payload format 2.0. */
export function httpEvent(
  { message, body, path: sent, query, now }: Request,
  { route, parameters }: Match,
  accountId: string,
): APIGatewayProxyEventV2 {
  const { headers, cookies } = headersOf(message);
  // An HTTP API decodes the path, whatever the name of `rawPath` says; the query stays as it was sent.
  const path = decode(sent);
  const host = headers.host ?? 'localhost';
  const sourceIp = (message.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const requestId = randomUUID();
  const method = message.method ?? 'GET';
  headers['x-forwarded-for'] = headers['x-forwarded-for'] ? `${headers['x-forwarded-for']}, ${sourceIp}` : sourceIp;
  headers['x-forwarded-proto'] = 'http';
  headers['x-forwarded-port'] = String(message.socket.localPort ?? '');
  headers['x-amzn-trace-id'] =
    `Root=1-${Math.floor(now / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)}`;
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers,
    ...(query && { queryStringParameters: queryParameters(query) }),
    requestContext: {
      accountId,
      apiId: route.api,
      domainName: host,
      domainPrefix: host.split(/[.:]/)[0] ?? '',
      http: { method, path, protocol: `HTTP/${message.httpVersion}`, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey: route.routeKey,
      stage: '$default',
      time: gatewayTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    ...bodyOf(body, headers['content-type']),
  };
}

/** Names in lower case, several values of one name joined by a comma; cookies have a field of their own. */
function headersOf({ rawHeaders }: IncomingMessage) {
  const headers: Record<string, string> = {};
  let cookies: string[] | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'cookie') cookies = [...(cookies ?? []), ...value.split(/;\s*/).filter(Boolean)];
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers, cookies };
}

/** Several values of one name are joined by a comma. */
function queryParameters(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

/** What API Gateway hands on as text; everything else, form posts too, arrives as base64. */
const textual = /^(text\/|application\/(json|javascript|xml)\b|[^;]+\+(json|xml)\b)/i;

function bodyOf(body: Buffer, contentType = ''): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = textual.test(contentType);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** `12/Mar/2020:19:03:58 +0000` */
function gatewayTime(now: number): string {
  const at = new Date(now);
  const [, time] = at.toISOString().split(/[T.]/);
  return `${String(at.getUTCDate()).padStart(2, '0')}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${time} +0000`;
}
