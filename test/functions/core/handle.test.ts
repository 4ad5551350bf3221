import '../../support/environment.ts';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import type { App } from '../../../lib/core/app.ts';
import { MissingVariable } from '../../../lib/core/environment.ts';
import { CrmError } from '../../../lib/core/errors.ts';
import { handle, type InputOf, Reply } from '../../../lib/core/handle.ts';
import { operations } from '../../../lib/core/operation.ts';
import { StaleRead } from '../../../lib/table/contention.ts';
import { type Answer, type Call, call, gatewayEvent } from '../../support/call.ts';
import { givenToken, tableClient } from './given-token.ts';

const dynamo = tableClient();
beforeEach(() => {
  dynamo.reset();
  dynamo.on(GetCommand).resolves({});
});

const things = operations('things', {
  change: {
    route: 'POST /things/{thingId}',
    summary: 'Change a thing',
    scope: 'things',
    path: z.object({ thingId: z.string() }),
    query: z.object({ limit: z._default(z.coerce.number().check(z.int()), 10) }),
    body: z.object({ name: z.string(), size: z.optional(z.number()) }),
    status: [201, 207],
    output: z.object({ id: z.string(), size: z.optional(z.number()) }),
    uses: ['table:read'],
    maxBodyBytes: 1000,
  },
  remove: { route: 'DELETE /things/{thingId}', summary: 'Remove a thing', scope: 'things', status: 204, uses: [] },
  raw: { route: 'POST /raw', summary: 'Takes any text', scope: 'public', rawBody: true, status: 200, uses: [] },
});

type Input = InputOf<typeof things.change>;
type Output = Awaited<ReturnType<Parameters<typeof handle<typeof things.change>>[1]>>;

const change = (run: (input: Input, app: App) => Promise<Output>, request: Call = {}) =>
  call(handle(things.change, run), {
    url: '/things/7',
    path: { thingId: '7' },
    body: { name: 'x' },
    ...request,
    headers: { ...givenToken(dynamo, { tokenId: 't-1' }), ...request.headers },
  });
const answerTo = (error: unknown) => change(() => Promise.reject(error));

/** What a call answers and the errors that it logs. */
async function logged(run: () => Promise<Answer>) {
  const written: string[] = [];
  const sinks = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0),
  );
  const answer = await run();
  for (const sink of sinks) sink.mockRestore();
  return { answer, lines: written.filter((line) => line.includes('unexpected error')) };
}

describe('a request', () => {
  test('reaches the handler parsed, with what the row leaves open filled in', async () => {
    let seen: Input | undefined;
    await change(async (input) => {
      seen = input;
      return { id: '1' };
    });
    expect(seen).toMatchObject({
      path: { thingId: '7' },
      query: { limit: 10 },
      body: { name: 'x' },
      text: '{"name":"x"}',
    });
  });

  test('carries where it came from and under what address', async () => {
    let seen: Input | undefined;
    const request = { query: { limit: '5' }, sourceIp: '198.51.100.9', headers: { 'user-agent': 'a' } };
    await change(async (input) => {
      seen = input;
      return { id: '1' };
    }, request);
    expect(seen?.request).toMatchObject({
      origin: 'https://api.test',
      url: '/things/7?limit=5',
      sourceIp: '198.51.100.9',
    });
    expect(seen?.request.headers['user-agent']).toBe('a');
    expect(seen?.query.limit).toBe(5);
  });

  test('names the fields that are missing', async () => {
    const answer = await change(async () => ({ id: '1' }), { body: { size: 1 } });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        category: 'VALIDATION_ERROR',
        message: 'Invalid input JSON on line 1, column 1: Some required fields were not set: [name]',
        errors: [{ code: 'REQUIRED_FIELD', in: 'name' }],
      },
    });
  });

  test('with a bad parameter is refused before its body is read', async () => {
    const answer = await change(async () => ({ id: '1' }), { query: { limit: 'many' }, body: 'no json' });
    expect(answer).toMatchObject({ status: 400, body: { context: { fields: ['limit'] } } });
  });

  test('that is no JSON is told where it stops being JSON', async () => {
    const answer = await change(async () => ({ id: '1' }), { body: '{\n  "name": "x",\n  size: 1 }' });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ message: 'Invalid input JSON on line 3, column 3: the body is not JSON' });
  });

  test('without a body is refused where the row wants one', async () => {
    expect((await change(async () => ({ id: '1' }), { body: '' })).status).toBe(400);
  });

  test('is measured in bytes, not in characters', async () => {
    const run = vi.fn(async () => ({ id: '1' }));
    const answer = await change(run, { body: { name: 'あ'.repeat(400) } });
    expect(answer).toMatchObject({ status: 413, body: { subCategory: 'REQUEST_TOO_LARGE' } });
    expect(run).not.toHaveBeenCalled();
  });

  test('that comes in base64, as API Gateway sends what it takes for binary, is read as text', async () => {
    const handler = handle(things.raw, async ({ text }) => new Reply(200, text, { 'content-type': 'text/plain' }));
    const event = {
      ...gatewayEvent({ url: '/raw' }),
      body: Buffer.from('日本語').toString('base64'),
      isBase64Encoded: true,
    };
    expect(await handler(event, {} as never)).toMatchObject({ statusCode: 200, body: '日本語' });
  });
});

describe('an answer', () => {
  test("has the row's first status, its shape and nothing beyond it", async () => {
    const leaky = { id: '1', secret: 'x' } as { id: string };
    const answer = await change(async () => leaky);
    expect(answer).toMatchObject({ status: 201, text: '{"id":"1"}' });
    expect(answer.headers['content-type']).toBe('application/json;charset=utf-8');
  });

  test('may have another status and headers of its own', async () => {
    const answer = await change(async () => new Reply(207, { id: '2', secret: 'x' }, { location: '/things/2' }));
    expect(answer).toMatchObject({ status: 207, body: { id: '2' } });
    expect(answer.headers.location).toBe('/things/2');
  });

  test('of 204 has neither a body nor a content type', async () => {
    const answer = await call(
      handle(things.remove, async () => undefined),
      { headers: givenToken(dynamo) },
    );
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers).not.toHaveProperty('content-type');
  });

  test('says what it cost when it is asked', async () => {
    dynamo.on(GetCommand, { Key: { pk: 'a', sk: 'b' } }).resolves({ ConsumedCapacity: { CapacityUnits: 1.5 } });
    const run = async (_: Input, { table }: App) => {
      await table.get({ pk: 'a', sk: 'b' }, z.object({}));
      return { id: '1' };
    };
    expect((await change(run, { headers: { 'x-tsunagi-cost': '1' } })).headers['x-tsunagi-cost']).toBe(
      'calls=1;rru=1.5;wru=0',
    );
    expect((await change(run)).headers).not.toHaveProperty('x-tsunagi-cost');
  });

  test('that does not fit the row is a bug, not an answer', async () => {
    const wrong = { id: 1, secret: 'x' } as unknown as { id: string };
    const answer = await change(async () => wrong);
    expect(answer).toMatchObject({ status: 500, body: { message: 'internal error' } });
    expect(answer.text).not.toContain('secret');
  });
});

describe('an error', () => {
  test('has one id in the body and in both headers', async () => {
    const { body, headers } = await answerTo(new CrmError('OBJECT_NOT_FOUND', 'resource not found'));
    const { correlationId } = body as { correlationId: string };
    expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers).toMatchObject({ 'x-hubspot-correlation-id': correlationId, 'x-request-id': correlationId });
  });

  test.each([
    ['VALIDATION_ERROR', 400],
    ['INVALID_AUTHENTICATION', 401],
    ['MISSING_SCOPES', 403],
    ['OBJECT_NOT_FOUND', 404],
    ['CONFLICT', 409],
    ['RATE_LIMITS', 429],
    ['SERVICE_UNAVAILABLE', 503],
  ] as const)('of category %s answers %i', async (category, status) => {
    expect(await answerTo(new CrmError(category, 'why'))).toMatchObject({
      status,
      body: { status: 'error', category, message: 'why' },
    });
  });

  test('says when to come back', async () => {
    const { headers } = await answerTo(new CrmError('RATE_LIMITS', 'slow down', { retryAfter: 10 }));
    expect(headers['retry-after']).toBe('10');
  });

  const named = (name: string) => Object.assign(new Error('of the table with values of people'), { name });
  test.each([
    ['a read that stayed stale', new StaleRead('x')],
    ['a throttle', named('ThrottlingException')],
    ['used-up throughput', named('ProvisionedThroughputExceededException')],
    ['a transaction that others kept out', new TransactionCanceledException({ message: 'x', $metadata: {} })],
    ['a connection that broke', Object.assign(new Error('x'), { code: 'ECONNRESET' })],
  ])('of %s is a 503 that may be tried again', async (_, error) => {
    const answer = await answerTo(error);
    expect(answer).toMatchObject({ status: 503, body: { category: 'SERVICE_UNAVAILABLE' } });
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.text).not.toContain('people');
  });

  test('of a variable that the stack does not bring is logged with its name', async () => {
    const { lines } = await logged(() => answerTo(new MissingVariable('The function has no variable BUS_NAME')));
    expect(lines[0]).toContain('BUS_NAME');
  });

  test('that nobody foresaw is a bare 500, logged once with its place and without what people typed', async () => {
    const { answer, lines } = await logged(() => answerTo(new TypeError('hanako@example.co.jp is not a function')));
    const { correlationId, ...body } = answer.body as Record<string, unknown>;
    expect({ status: answer.status, body }).toEqual({
      status: 500,
      body: { status: 'error', message: 'internal error', category: 'INTERNAL_ERROR' },
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ function: 'things/change', correlationId, error: 'TypeError' });
    expect(lines[0]).not.toContain('hanako');
  });
});
