import type { Outcome } from './instance.ts';

/** An HTTP answer, ready to be written. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
};

/** A message of the gateway itself. */
export const gatewayMessage = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

const serverError = () => gatewayMessage(500, 'Internal Server Error');

/** What API Gateway makes of a function's answer: a structured one has a `statusCode`, anything else is a body for a 200. */
export function httpAnswer({ payload, error }: Outcome): HttpAnswer {
  if (error) return serverError();
  if (!isObject(payload) || !('statusCode' in payload)) return plainAnswer(payload);
  const status = Number(payload.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return serverError();
  if (payload.body !== undefined && payload.body !== null && typeof payload.body !== 'string') return serverError();
  const body = payload.body ?? '';
  return {
    status,
    headers: headersOf(payload, body !== ''),
    body: payload.isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

function plainAnswer(payload: unknown): HttpAnswer {
  const body = typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? 'null');
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function headersOf(payload: Record<string, unknown>, hasBody: boolean): Record<string, string | readonly string[]> {
  const headers: Record<string, string | readonly string[]> = hasBody
    ? { 'content-type': 'text/plain;charset=UTF-8' }
    : {};
  for (const [name, value] of Object.entries(isObject(payload.headers) ? payload.headers : {})) {
    if (value !== null && value !== undefined) headers[name.toLowerCase()] = String(value);
  }
  const { cookies } = payload;
  if (Array.isArray(cookies) && cookies.length > 0) headers['set-cookie'] = cookies.map(String);
  return headers;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
