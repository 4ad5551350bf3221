import '../../support/environment.ts';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import type { App } from '../../../lib/core/app.ts';
import { consume, consumeTogether, NotYet, subscribe } from '../../../lib/core/consume.ts';
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

const received = (tries: number) =>
  ({
    Records: [
      { messageId: 'm', body: '{"n":1}', receiptHandle: 'h', attributes: { ApproximateReceiveCount: `${tries}` } },
    ],
  }) as SQSEvent;
const heldFor = async (tries: number, error: Error) => {
  const held: [string, number][] = [];
  const hold = async (handle: string, seconds: number) => {
    held.push([handle, seconds]);
  };
  const handler = consume('area/work', Work, () => Promise.reject(error), { hold });
  expect(failuresOf(await handler(received(tries)))).toEqual(['m']);
  return held;
};

test('a message that failed comes back after a pause that doubles, up to a quarter of an hour', async () => {
  expect(await heldFor(1, new Error('x'))).toEqual([['h', 1]]);
  expect(await heldFor(4, new Error('x'))).toEqual([['h', 8]]);
  expect(await heldFor(12, new Error('x'))).toEqual([['h', 900]]);
});

test('a message that can do nothing before a time comes back then, so that no try is wasted', async () => {
  const inAMinute = new NotYet('Slack said so', Date.now() + 59_500);
  expect(await heldFor(1, inAMinute)).toEqual([['h', 60]]);
  expect(await heldFor(1, new NotYet('long ago', Date.now() - 5000))).toEqual([['h', 1]]);
  expect(await heldFor(1, new NotYet('in a year', Date.now() + 3e10))).toEqual([['h', 21_600]]);
});

test('a message that could not be held comes back all the same', async () => {
  const hold = () => Promise.reject(new Error('SQS is busy'));
  const handler = consume('area/work', Work, () => Promise.reject(new Error('x')), { hold });
  expect(failuresOf(await handler(received(1)))).toEqual(['m']);
});

test('messages run in turn, or at once where one must not wait for another', async () => {
  const traceOf = async (atOnce: boolean) => {
    const trace: string[] = [];
    const run = async ({ n }: { n: number }) => {
      trace.push(`${n} begins`);
      await new Promise(setImmediate);
      trace.push(`${n} ends`);
    };
    await consume('area/work', Work, run, { atOnce })(batch({ n: 1 }, { n: 2 }));
    return trace;
  };
  expect(await traceOf(false)).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
  expect((await traceOf(true)).slice(0, 2)).toEqual(['1 begins', '2 begins']);
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

test('a worker of whole batches gets what it understands, and what it names comes back with a pause', async () => {
  const held: [string, number][] = [];
  const hold = async (receipt: string, seconds: number) => void held.push([receipt, seconds]);
  const seen: number[][] = [];
  const handler = consumeTogether(
    'area/batch',
    Work,
    async (messages) => {
      seen.push(messages.map(({ n }) => n));
      return messages.map(({ n }) => (n === 2 ? new NotYet('later', Date.now() + 30_000) : undefined));
    },
    { hold },
  );
  const answer = await handler({
    Records: batch({ n: 1 }, '{', { n: 2 }, { n: 'x' }, { n: 3 }).Records.map((record, position) => ({
      ...record,
      receiptHandle: `r${position}`,
    })),
  });
  expect(failuresOf(answer)).toEqual(['m1', 'm2', 'm3']);
  expect(seen).toEqual([[1, 2, 3]]);
  expect(held.map(([receipt]) => receipt)).toEqual(['r1', 'r2', 'r3']);
  expect(held[1]?.[1]).toBeGreaterThan(25);
});

test('a batch whose worker fails comes back as a whole, also when its pause cannot be set', async () => {
  const handler = consumeTogether('area/batch', Work, () => Promise.reject(new Error('down')), {
    hold: () => Promise.reject(new Error('down too')),
  });
  expect(failuresOf(await handler(batch({ n: 1 }, { n: 2 })))).toEqual(['m0', 'm1']);
});
