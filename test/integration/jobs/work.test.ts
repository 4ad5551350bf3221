import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { handler as cancel } from '../../../functions/jobs/cancel.ts';
import { handler as get } from '../../../functions/jobs/get.ts';
import { handler as list } from '../../../functions/jobs/list.ts';
import { handler as resume } from '../../../functions/jobs/resume.ts';
import { handler as sweep } from '../../../functions/jobs/sweep.ts';
import { CrmError } from '../../../lib/core/errors.ts';
import { defineJob, type JobKind } from '../../../lib/jobs/kind.ts';
import { announceJob, jobWrites, readJob, startJob } from '../../../lib/jobs/store.ts';
import { JobMessage, workOn } from '../../../lib/jobs/work.ts';
import { attributes } from '../../../lib/table/conditions.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
const sqs = mockClient(SQSClient);
const waiting: JobMessage[] = [];
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});
beforeEach(() => {
  waiting.length = 0;
  sqs.reset();
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }: { Entries?: { MessageBody?: string }[] }) => {
    waiting.push(...Entries.map(({ MessageBody = '' }) => JobMessage.parse(JSON.parse(MessageBody))));
    return { Successful: [], Failed: [] };
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const Tally = z.object({ pk: z.string(), n: z.number() });
/** Visits the numbers from 1 to `to`, three a slice, and marks each: what a back-fill does with records. */
const visit = (hooks: { before?: (from: number) => Promise<void> | void } = {}): JobKind =>
  defineJob({
    kind: 'visit',
    input: z.object({ to: z.number() }),
    cursor: z.object({ from: z.number() }),
    slice: async (_, { input: { to }, cursor: { from } = { from: 1 } }) => {
      await hooks.before?.(from);
      const end = Math.min(from + 2, to);
      return {
        done: end === to,
        cursor: { from: end + 1 },
        processed: end - from + 1,
        counts: { visited: end - from + 1 },
      };
    },
  });
const begin = (to: number, id?: string) =>
  startJob(database.app, { kind: 'visit', input: { to }, total: to, ...(id && { id }) });
/** Hands over everything that waits, each message `times` times. */
async function drain(kind: JobKind, times = 1): Promise<void> {
  for (let message = waiting.shift(); message; message = waiting.shift()) {
    const copies = Array.from({ length: times }, () => workOn(database.app, message as JobMessage, [kind]));
    await Promise.all(copies);
  }
}

test('a job goes through its slices to the end and says how far it is', async () => {
  const { id } = await begin(10);
  await drain(visit());
  const shown = await call(get, { path: { jobId: id }, headers: bearer() });
  expect(shown.body).toMatchObject({ status: 'COMPLETED', done: 10, total: 10, counts: { visited: 10 } });
  const all = await call(list, { headers: bearer() });
  expect((all.body as { results: { id: string }[] }).results.map((job) => job.id)).toContain(id);
});

test('messages that come three times at once count every slice once', async () => {
  const { id } = await begin(30);
  await drain(visit(), 3);
  expect(await readJob(database.app, id)).toMatchObject({ status: 'COMPLETED', done: 30, counts: { visited: 30 } });
});

test('a worker that dies in a slice leaves the job where it stood, and the next try ends it', async () => {
  const { id } = await begin(9);
  let dead = false;
  const dying = visit({
    before: (from) => {
      if (from !== 4 || dead) return;
      dead = true;
      throw Object.assign(new Error('gone'), { name: 'TimeoutError' });
    },
  });
  const message = { jobId: id, turn: 1 };
  await expect(workOn(database.app, message, [dying])).rejects.toThrow('gone');
  expect(await readJob(database.app, id)).toMatchObject({
    status: 'RUNNING',
    done: 3,
    attempts: 1,
    lastError: 'TimeoutError',
  });
  await workOn(database.app, message, [dying]);
  expect(await readJob(database.app, id)).toMatchObject({ status: 'COMPLETED', done: 9, attempts: 0 });
});

test('a turn that is over hands on to a message; one that was never sent is sent by the repeat of the turn before', async () => {
  const { id } = await begin(9);
  waiting.length = 0;
  const clock = vi.spyOn(performance, 'now');
  clock.mockReturnValue(0);
  const slow = visit({ before: () => void clock.mockReturnValue(60_000) });
  await workOn(database.app, { jobId: id, turn: 1 }, [slow]);
  clock.mockRestore();
  expect(await readJob(database.app, id)).toMatchObject({ turn: 2, done: 3 });
  expect(waiting).toEqual([{ jobId: id, turn: 2 }]);
  waiting.length = 0;
  await workOn(database.app, { jobId: id, turn: 1 }, [visit()]);
  expect(waiting).toEqual([{ jobId: id, turn: 2 }]);
  await drain(visit());
  expect(await readJob(database.app, id)).toMatchObject({ status: 'COMPLETED', done: 9 });
});

test('a job that nobody announced is begun by the sweep, within two minutes', async () => {
  const { job, writes } = await jobWrites(database.app, { kind: 'visit', input: { to: 2 } });
  await database.app.table.commit(writes);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 121_000 });
  await sweep();
  expect(waiting).toContainEqual({ jobId: job.id, turn: 1 });
  await drain(visit());
  expect(await readJob(database.app, job.id)).toMatchObject({ status: 'COMPLETED' });
});

test('a job with a time begins then and not before', async () => {
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const job = await startJob(database.app, { kind: 'visit', input: { to: 2 }, at });
  expect(waiting).toEqual([]);
  await workOn(database.app, { jobId: job.id, turn: 1 }, [visit()]);
  expect(await readJob(database.app, job.id)).toMatchObject({ status: 'QUEUED', done: 0 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(at) + 61_000 });
  await sweep();
  await drain(visit());
  expect(await readJob(database.app, job.id)).toMatchObject({ status: 'COMPLETED', done: 2 });
});

test('cancelling ends it at once: the slice at work saves nothing; resuming goes on where it stood', async () => {
  const { id } = await begin(9);
  const path = { jobId: id };
  const cancelled = visit({
    before: async (from) => {
      if (from === 4) expect((await call(cancel, { path, headers: bearer() })).status).toBe(200);
    },
  });
  await drain(cancelled);
  expect(await readJob(database.app, id)).toMatchObject({ status: 'CANCELLED', done: 3 });
  expect((await call(cancel, { path, headers: bearer() })).status).toBe(409);
  expect((await call(resume, { path, headers: bearer() })).body).toMatchObject({ status: 'RUNNING' });
  await drain(visit());
  expect(await readJob(database.app, id)).toMatchObject({ status: 'COMPLETED', done: 9, counts: { visited: 9 } });
  expect((await call(resume, { path, headers: bearer() })).status).toBe(409);
});

test('a refusal ends the job as failed with its reason', async () => {
  const { id } = await begin(3);
  await drain(
    visit({
      before: () => {
        throw new CrmError('OBJECT_NOT_FOUND', 'The list is gone');
      },
    }),
  );
  expect(await readJob(database.app, id)).toMatchObject({ status: 'FAILED', error: 'The list is gone' });
});

test('a condition that a slice brings is decided anew, in one transaction with the cursor', async () => {
  const key = { pk: 'test#tally', sk: 'tally' };
  await database.app.table.commit([{ put: { ...key, n: 1 } }]);
  let runs = 0;
  const kind = defineJob({
    kind: 'visit',
    input: z.object({ to: z.number() }),
    cursor: z.unknown(),
    slice: async ({ table }) => {
      const { n = 0 } = (await table.get(key, Tally)) ?? {};
      runs += 1;
      if (runs === 1) await table.commit([{ put: { ...key, n: 5 } }]);
      return { done: true, processed: 1, also: [{ update: key, set: { n: n + 1 }, when: attributes({ n }) }] };
    },
  });
  const { id } = await begin(1);
  await drain(kind);
  expect(await readJob(database.app, id)).toMatchObject({ status: 'COMPLETED', done: 1 });
  expect(await database.app.table.get(key, Tally)).toMatchObject({ n: 6 });
});

test('an id that is taken is not started again, and announcing twice does the work once', async () => {
  const job = await begin(4, '77');
  await expect(begin(4, '77')).rejects.toThrow();
  await announceJob(job);
  await drain(visit());
  expect(await readJob(database.app, '77')).toMatchObject({ done: 4, counts: { visited: 4 } });
});

test('an unknown job is a 404', async () => {
  for (const handler of [get, cancel, resume])
    expect(await call(handler, { path: { jobId: '1' }, headers: bearer() })).toMatchObject({
      status: 404,
      body: { category: 'OBJECT_NOT_FOUND' },
    });
});
