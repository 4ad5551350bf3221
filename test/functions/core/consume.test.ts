import '../../support/environment.ts';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import type { App } from '../../../lib/core/app.ts';
import { consume, NotYet, subscribe } from '../../../lib/core/consume.ts';
import { CrmError } from '../../../lib/core/errors.ts';
import { created } from '../../support/given.ts';

const batch = (...bodies: readonly unknown[]) =>
  ({
    Records: bodies.map((body, n) => ({
      messageId: `m${n}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  }) as SQSEvent;
const failuresOf = ({ batchItemFailures }: { batchItemFailures: { itemIdentifier: string }[] }) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const Work = z.object({ n: z.number() });

test('only the messages that failed come back', async () => {
  const done: number[] = [];
  const handler = consume('area/work', Work, async ({ n }) => {
    if (n === 2) throw new Error('of this one');
    done.push(n);
  });
  expect(failuresOf(await handler(batch({ n: 1 }, { n: 2 }, { n: 3 })))).toEqual(['m1']);
  expect(done).toEqual([1, 3]);
});

test('a message that is no JSON or of another shape comes back and stops no other', async () => {
  const done: number[] = [];
  const handler = consume('area/work', Work, async ({ n }) => {
    done.push(n);
  });
  expect(failuresOf(await handler(batch('{', { n: 'one' }, { n: 3 })))).toEqual(['m0', 'm1']);
  expect(done).toEqual([3]);
});

test.each([
  ['work that is not possible yet', new NotYet('leased'), 'WARN'],
  ['a busy service', Object.assign(new Error('x'), { name: 'ThrottlingException' }), 'WARN'],
  ['an answer of ours that says no', new CrmError('SERVICE_UNAVAILABLE', 'x'), 'WARN'],
  ['a bug', new TypeError('hanako@example.co.jp'), 'ERROR'],
])('%s is logged by its weight, with the message to look for', async (_, error, level) => {
  const handler = consume('area/work', Work, () => Promise.reject(error));
  expect(failuresOf(await handler(batch({ n: 1 })))).toEqual(['m0']);
  const line = lines.find((each) => each.includes('area/work')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ level, function: 'area/work', messageId: 'm0' });
  expect(line).not.toContain('hanako');
});

test('what a subscription does has the event at the end of its causes, and the worker as its actor', async () => {
  const event = created('7');
  const detail = { ...event.detail, cause: ['first'] };
  let seen: App | undefined;
  const handler = subscribe('area/react', async (_, app) => {
    seen = app;
  });
  expect(failuresOf(await handler(batch({ 'detail-type': event.type, source: 'tsunagi', detail })))).toEqual([]);
  expect(seen?.cause).toEqual(['first', event.detail.id]);
  expect(seen?.actor).toEqual({ kind: 'system', id: 'area/react' });
});
