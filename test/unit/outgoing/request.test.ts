import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type LookupFunction, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { callOutside, type OutgoingOptions, publicOnly } from '../../../lib/outgoing/request.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

async function serveRaw(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer(onSocket).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const post = (url: string, options: OutgoingOptions = { allowPrivate: true }) =>
  callOutside({ method: 'POST', url, headers: { 'content-type': 'application/json' }, body: '{"a":"あ"}' }, options);

test('a request arrives whole, and the answer comes back', async () => {
  const port = await serve(async (request, response) => {
    const chunks = await request.toArray();
    response.writeHead(201, { 'retry-after': '7' }).end(Buffer.concat(chunks));
  });
  expect(await post(`http://127.0.0.1:${port}/x`)).toEqual({
    kind: 'answer',
    status: 201,
    retryAfter: 7,
    headers: expect.objectContaining({ 'retry-after': '7' }),
    body: '{"a":"あ"}',
    complete: true,
  });
});

test('a redirect is an answer like any other: it is not followed', async () => {
  let calls = 0;
  const port = await serve((_, response) => {
    calls += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'answer', status: 302 });
  expect(calls).toBe(1);
});

test('of an endless answer no more than 64 KB are read', async () => {
  const port = await serve((_, response) => {
    response.writeHead(200);
    const more = () => response.writable && response.write('x'.repeat(16_384), () => setImmediate(more));
    more();
  });
  const result = await post(`http://127.0.0.1:${port}/`);
  expect(result).toMatchObject({ kind: 'answer', status: 200 });
  expect(result.kind === 'answer' && result.body.length).toBe(65_536);
});

test('no connection means that nothing was sent', async () => {
  const port = await serve(() => undefined);
  for (const close of closers.splice(0)) close();
  expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'not-sent' });
});

test('a name that does not resolve means that nothing was sent', async () => {
  const lookup: LookupFunction = (_, __, callback) =>
    callback(Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' }), '', 0);
  expect(await post('http://nowhere.test/', { allowPrivate: true, lookup })).toEqual({
    kind: 'not-sent',
    reason: 'ENOTFOUND',
  });
});

test('a time-out after the request went out leaves its fate unknown', async () => {
  const port = await serve(() => undefined);
  expect(await post(`http://127.0.0.1:${port}/`, { allowPrivate: true, timeoutMs: 50 })).toEqual({
    kind: 'unknown',
    reason: 'no answer within 50 ms',
  });
});

test('a connection that is cut after the request went out leaves its fate unknown', async () => {
  const port = await serveRaw((socket) => socket.once('data', () => socket.destroy()));
  expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'unknown' });
});

test('an answer whose body never ends in time is still the answer that it began', async () => {
  const port = await serve((_, response) => {
    response.writeHead(200).write('ok');
  });
  expect(await post(`http://127.0.0.1:${port}/`, { allowPrivate: true, timeoutMs: 100 })).toMatchObject({
    kind: 'answer',
    status: 200,
    body: 'ok',
  });
});

test.each([
  'http://example.com/',
  'ftp://example.com/',
  'https://user:secret@example.com/',
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://169.254.169.254/latest/meta-data/',
  'https://2130706433/',
  'https://0x7f.1/',
  'not an address',
])('%s is refused without a connection', async (url) => {
  const lookup: LookupFunction = () => {
    throw new Error('it must not be looked up');
  };
  expect(await post(url, { allowPrivate: false, lookup })).toMatchObject({ kind: 'refused' });
});

const resolvesTo =
  (...addresses: readonly { address: string; family: number }[]): LookupFunction =>
  (_, options, callback) =>
    options.all ? callback(null, [...addresses]) : callback(null, addresses[0]?.address ?? '', addresses[0]?.family);

test.each([
  ['a loopback address', [{ address: '127.0.0.1', family: 4 }]],
  ['the metadata service', [{ address: '169.254.169.254', family: 4 }]],
  ['a mapped address', [{ address: '::ffff:10.0.0.1', family: 6 }]],
  [
    'a public and a private address',
    [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ],
  ],
  ['nothing', []],
])('a public name that resolves to %s is refused at the connection', async (_, addresses) => {
  const result = await post('https://rebinding.example.com/', {
    allowPrivate: false,
    lookup: resolvesTo(...addresses),
  });
  expect(result).toEqual({ kind: 'refused', reason: 'rebinding.example.com is not a public address' });
});

test('a name that resolves differently the second time is looked up once, for the connection itself', async () => {
  const answers = [
    { address: '8.8.8.8', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ];
  let asked = 0;
  const lookup: LookupFunction = (hostname, options, callback) => {
    const answer = answers[asked] ?? { address: '127.0.0.1', family: 4 };
    asked += 1;
    resolvesTo(answer)(hostname, options, callback);
  };
  const connectedTo = await new Promise((resolve) =>
    publicOnly(lookup)('rebinding.example.com', { all: false }, (error, address) => resolve(error ?? address)),
  );
  expect([connectedTo, asked]).toEqual(['8.8.8.8', 1]);
});
