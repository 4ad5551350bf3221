import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, expect, test } from 'vitest';
import { Gateway } from '../../../cdk/local/gateway.ts';
import type { Outcome } from '../../../cdk/local/host/instance.ts';
import { type Listener, listen } from '../../../cdk/local/host/listen.ts';

const cors = { AllowOrigins: ['*'], AllowMethods: ['GET', 'POST'], AllowHeaders: ['content-type'], MaxAge: 60 };
let listener: Listener | undefined;
afterEach(() => listener?.close());

/** A gateway whose one function answers what `answer` says; returns its address and the events that it got. */
async function gateway(answer: (event: APIGatewayProxyEventV2) => Outcome) {
  const events: APIGatewayProxyEventV2[] = [];
  const served = new Gateway({
    routes: [
      { api: 'api', routeKey: 'POST /echo/{id}', functionId: 'f' },
      { api: 'api', routeKey: 'GET /echo/{id}', functionId: 'f' },
      { api: 'engage', routeKey: 'GET /marketing/{id}', functionId: 'f' },
      { api: 'engage', routeKey: 'GET /sends/{id}', functionId: 'f' },
      { api: 'public', routeKey: 'POST /forms/{id}', functionId: 'f' },
    ],
    cors: { public: cors },
    front: [
      { prefix: '/marketing/', api: 'engage' },
      { prefix: '', api: 'api' },
    ],
    accountId: '000000000000',
    now: () => Date.parse('2026-03-09T05:06:07.890Z'),
    invoke: async (_, payload) => {
      events.push(payload as APIGatewayProxyEventV2);
      return answer(payload as APIGatewayProxyEventV2);
    },
  });
  listener = await listen(
    (message, response) => served.serve(message, response),
    0,
    (line) => events.push(line as never),
  );
  return { url: `http://127.0.0.1:${listener.port}`, events };
}

const structured = (payload: Record<string, unknown> = {}) => ({ payload: { statusCode: 200, ...payload } });

test('a request arrives as payload format 2.0', async () => {
  const { url, events } = await gateway(() => structured());
  await fetch(`${url}/echo/a%40b.co?x=1&y=2&x=%E9%80%A3`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: 'a=1; b=2', 'X-Custom': 'one', 'user-agent': 'me' },
    body: '{"a":"繋"}',
  });
  expect(events[0]).toMatchObject({
    version: '2.0',
    routeKey: 'POST /echo/{id}',
    rawPath: '/echo/a@b.co',
    rawQueryString: 'x=1&y=2&x=%E9%80%A3',
    cookies: ['a=1', 'b=2'],
    headers: {
      'x-custom': 'one',
      'content-type': 'application/json',
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '127.0.0.1',
    },
    queryStringParameters: { x: '1,連', y: '2' },
    pathParameters: { id: 'a@b.co' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: url.replace('http://', ''),
      domainPrefix: '127',
      http: { method: 'POST', path: '/echo/a@b.co', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'me' },
      routeKey: 'POST /echo/{id}',
      stage: '$default',
      time: '09/Mar/2026:05:06:07 +0000',
      timeEpoch: 1773032767890,
    },
    body: '{"a":"繋"}',
    isBase64Encoded: false,
  });
  expect(events[0]?.headers).not.toHaveProperty('cookie');
  expect(events[0]?.requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test('plus signs, empty values and characters of every script arrive as API Gateway reads them', async () => {
  const { url, events } = await gateway(() => structured());
  await fetch(`${url}/echo/%E9%80%A3+%E7%B5%A1%2B?q=a+b%2Bc&empty=&bare&%E5%90%8D=%E7%94%B0`);
  expect(events[0]).toMatchObject({
    rawPath: '/echo/連+絡+',
    rawQueryString: 'q=a+b%2Bc&empty=&bare&%E5%90%8D=%E7%94%B0',
    pathParameters: { id: '連+絡+' },
    queryStringParameters: { q: 'a b+c', empty: '', bare: '', 名: '田' },
  });
});

test('a request without body, query and cookies has no such fields', async () => {
  const { url, events } = await gateway(() => structured());
  await fetch(`${url}/echo/1`);
  for (const field of ['body', 'cookies', 'queryStringParameters']) expect(events[0]).not.toHaveProperty(field);
  expect(events[0]?.rawQueryString).toBe('');
});

test('what is not text arrives as base64, form posts too', async () => {
  const { url, events } = await gateway(() => structured());
  await fetch(`${url}/echo/1`, { method: 'POST', body: new URLSearchParams({ a: '1' }) });
  expect(events[0]).toMatchObject({ isBase64Encoded: true, body: Buffer.from('a=1').toString('base64') });
});

test('a structured answer goes out with its status, headers and cookies', async () => {
  const { url } = await gateway(() =>
    structured({ statusCode: 201, headers: { 'X-A': 1 }, cookies: ['a=1', 'b=2; Path=/'], body: 'made' }),
  );
  const response = await fetch(`${url}/echo/1`);
  expect([
    response.status,
    await response.text(),
    response.headers.get('x-a'),
    response.headers.getSetCookie(),
  ]).toEqual([201, 'made', '1', ['a=1', 'b=2; Path=/']]);
});

test('a base64 answer goes out as bytes', async () => {
  const { url } = await gateway(() =>
    structured({
      isBase64Encoded: true,
      body: Buffer.from([0, 255, 10]).toString('base64'),
      headers: { 'content-type': 'image/png' },
    }),
  );
  const response = await fetch(`${url}/echo/1`);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 10]);
});

test('an answer without statusCode is the body of a 200', async () => {
  const { url } = await gateway(() => ({ payload: { a: 1 } }));
  const response = await fetch(`${url}/echo/1`);
  expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
    200,
    'application/json',
    { a: 1 },
  ]);
});

test.each([
  ['a failed function', { error: { type: 'Error', message: 'secret detail' } }],
  ['a status that is no number', { payload: { statusCode: 'soon' } }],
  ['a body that is no text', { payload: { statusCode: 200, body: { a: 1 } } }],
])('%s answers 500 and says nothing', async (_, outcome) => {
  const { url } = await gateway(() => outcome);
  const response = await fetch(`${url}/echo/1`);
  expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
});

test('a path that no route has answers 404, and no function runs', async () => {
  const { url, events } = await gateway(() => structured());
  const response = await fetch(`${url}/nowhere`);
  expect([response.status, await response.json(), events.length]).toEqual([404, { message: 'Not Found' }, 0]);
});

test('a path that the front sends to an API without it answers 404, as in the cloud', async () => {
  const { url, events } = await gateway(() => structured());
  const statuses = await Promise.all(
    ['/marketing/1', '/sends/1', '/marketing', '/echo/1'].map(async (path) => (await fetch(`${url}${path}`)).status),
  );
  expect([statuses, events.map(({ requestContext }) => requestContext.apiId).sort()]).toEqual([
    [200, 404, 404, 200],
    ['api', 'engage'],
  ]);
});

test('a body of more than 20 MiB answers 413, whether its size is announced or not', async () => {
  const { url, events } = await gateway(() => structured());
  const large = Buffer.alloc(21 * 1024 * 1024, 'x');
  const announced = await fetch(`${url}/echo/1`, { method: 'POST', body: large });
  const streamed = await fetch(`${url}/echo/1`, {
    method: 'POST',
    body: new Blob([large]).stream(),
    ...{ duplex: 'half' },
  });
  expect([announced.status, streamed.status, events.length]).toEqual([413, 413, 0]);
});

test('the gateway answers a preflight itself and lets other origins read, where the API says so', async () => {
  const { url, events } = await gateway(() =>
    structured({ headers: { 'Access-Control-Allow-Origin': 'https://mine.example' } }),
  );
  const origin = 'https://lp.example';
  const preflight = await fetch(`${url}/forms/1`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });
  expect([
    preflight.status,
    preflight.headers.get('access-control-allow-origin'),
    preflight.headers.get('access-control-allow-methods'),
  ]).toEqual([204, '*', 'GET,POST']);
  expect([
    preflight.headers.get('access-control-allow-headers'),
    preflight.headers.get('access-control-max-age'),
    events.length,
  ]).toEqual(['content-type', '60', 0]);
  const posted = await fetch(`${url}/forms/1`, { method: 'POST', headers: { origin }, body: '{}' });
  expect(posted.headers.get('access-control-allow-origin')).toBe('*');
});

test('an API without CORS leaves the headers to its functions', async () => {
  const { url } = await gateway(() => structured());
  const response = await fetch(`${url}/echo/1`, { headers: { origin: 'https://lp.example' } });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('a second system on the same port is refused with a sentence', async () => {
  const { url } = await gateway(() => structured());
  await expect(
    listen(
      async () => undefined,
      Number(new URL(url).port),
      () => undefined,
    ),
  ).rejects.toThrow(/is taken by another program/);
});

test('a request whose line and headers are too long is refused before any function sees it', async () => {
  const { url, events } = await gateway(() => structured());
  expect((await fetch(`${url}/echo/1?x=${'a'.repeat(17_000)}`)).status).toBe(431);
  expect((await fetch(`${url}/echo/1?x=${'a'.repeat(9_000)}`)).status).toBe(200);
  expect(events).toHaveLength(1);
});
