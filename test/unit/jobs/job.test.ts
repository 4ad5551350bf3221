import { expect, test } from 'vitest';
import { afterSlice, type Job, toPublicJob, turnOf } from '../../../lib/jobs/job.ts';

const now = '2026-11-25T00:00:10.000Z';
const job: Job = {
  id: '1',
  kind: 'count',
  status: 'RUNNING',
  version: 4,
  turn: 3,
  input: {},
  cursor: { after: '7' },
  total: 100,
  done: 20,
  counts: { added: 18 },
  attempts: 2,
  lastError: 'TimeoutError',
  createdAt: '2026-11-25T00:00:00.000Z',
  startedAt: '2026-11-25T00:00:00.000Z',
  updatedAt: '2026-11-25T00:00:05.000Z',
};

test('a slice moves the cursor and adds its counts; its failed tries are forgotten', () => {
  const after = afterSlice(
    job,
    { done: false, cursor: { after: '9' }, processed: 5, counts: { added: 4, skipped: 1 } },
    now,
  );
  expect(after).toMatchObject({
    version: 5,
    cursor: { after: '9' },
    done: 25,
    counts: { added: 22, skipped: 1 },
    attempts: 0,
  });
  expect(after.lastError).toBeUndefined();
});

test('the last slice ends the job and leaves its result', () => {
  const after = afterSlice(job, { done: true, processed: 0, result: { equal: true } }, now);
  expect(after).toMatchObject({ status: 'COMPLETED', endedAt: now, result: { equal: true } });
  expect(after.cursor).toBeUndefined();
});

test('a watcher sees the rate and when it will be done', () => {
  expect(toPublicJob(job)).toMatchObject({ ratePerSecond: 4, estimatedEndAt: '2026-11-25T00:00:25.000Z' });
  expect(toPublicJob({ ...job, done: 0 })).not.toHaveProperty('ratePerSecond');
  expect(toPublicJob({ ...job, status: 'CANCELLED' })).not.toHaveProperty('estimatedEndAt');
});

test('the message of this turn works, the one before announces again, older ones do nothing', () => {
  expect([4, 3, 2, 1].map((turn) => turnOf(job, turn, now))).toEqual(['WORK', 'WORK', 'ANNOUNCE', 'DROP']);
  expect(turnOf({ ...job, status: 'CANCELLED' }, 3, now)).toBe('DROP');
});

test('a job whose time has not come is left to the message that comes then', () => {
  expect(turnOf({ ...job, notBefore: '2026-11-25T00:00:11.000Z' }, 3, now)).toBe('DROP');
  expect(turnOf({ ...job, notBefore: now }, 3, now)).toBe('WORK');
});
