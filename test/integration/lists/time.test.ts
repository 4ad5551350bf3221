import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sweep } from '../../../lib/due/due.ts';
import { checkDue, DueCheck } from '../../../lib/lists/dynamic/check-due.ts';
import { createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { allOf, membersIn, property, storeList } from '../../support/dynamic-lists.ts';
import { allEvents, deliver, mockJobs } from '../../support/reports.ts';

let database: Database;
let jobs: ReturnType<typeof mockJobs>;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime('2026-11-25T01:00:00.000Z');
  jobs = mockJobs();
  database = await startDatabase();
});
afterAll(async () => {
  jobs.restore();
  vi.useRealTimers();
  await database.close();
});

const seen = new Set<string>();
async function catchUp(): Promise<void> {
  const fresh = (await allEvents(database.app)).filter(({ sk }) => !seen.has(sk));
  for (const { sk } of fresh) seen.add(sk);
  for (let start = 0; start < fresh.length; start += 100) await deliver(fresh.slice(start, start + 100));
}

/** The clock goes on to that time, and what was due until then is done; each message comes twice. */
async function at(time: string): Promise<number> {
  vi.setSystemTime(time);
  const messages: DueCheck[] = [];
  await sweep(
    database.app,
    async (queue, bodies) => {
      if (queue === 'list-checks') messages.push(...bodies.map((body) => DueCheck.parse(body)));
    },
    () => false,
  );
  for (const message of [...messages, ...messages]) await checkDue(database.app, message);
  return messages.length;
}

const dealList = async (name: string, operation: Record<string, unknown>) => {
  const list = await storeList(database.app, allOf([property(name, operation)]), { objectTypeId: '0-3' });
  await jobs.work(database.app);
  return list;
};
const deal = (closedate: string) =>
  createRecord(database.app, '0-3', { dealname: '契約', pipeline: 'default', dealstage: 'closedwon', closedate });

test('time alone brings a deal in, and takes it out again, at its minute', async () => {
  const soon = { operationType: 'ROLLING_DATE_RANGE', operator: 'IS_LESS_THAN_X_DAYS_FROM_NOW', numberOfDays: 3 };
  const list = await dealList('closedate', soon);
  const { id } = await deal('2026-11-30T00:00:30.000Z');
  await catchUp();
  expect(await membersIn(database.app, list.listId)).toEqual([]);
  await at('2026-11-27T00:00:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([]);
  await at('2026-11-27T00:01:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([id]);
  await at('2026-11-30T00:01:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([]);
});

test('a later change makes what was due void', async () => {
  const past = { operationType: 'ROLLING_DATE_RANGE', operator: 'IS_MORE_THAN_X_DAYS_AGO', numberOfDays: 1 };
  const list = await dealList('closedate', past);
  const { id } = await deal('2026-12-01T00:00:00.000Z');
  await catchUp();
  await updateRecord(database.app, '0-3', { id }, { closedate: '2026-12-05T00:00:00.000Z' });
  await catchUp();
  await at('2026-12-02T00:01:00.000Z');
  const others = await membersIn(database.app, list.listId);
  expect(others).not.toContain(id);
  await at('2026-12-06T00:01:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([...others, id].toSorted());
});

test('a day begins at midnight in Japan, and the back-fill knows what is due as well', async () => {
  const { id } = await deal('2026-12-20T03:00:00.000Z');
  await catchUp();
  const today = { operationType: 'CALENDAR_DATE', operator: 'IN_THIS_TIME_UNIT', timeUnit: 'DAY' };
  const list = await dealList('closedate', today);
  await at('2026-12-19T14:59:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([]);
  await at('2026-12-19T15:00:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([id]);
  await at('2026-12-20T15:00:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([]);
});

test('when a property was changed is known from the log', async () => {
  const fresh = { operationType: 'ROLLING_PROPERTY_UPDATED', operator: 'UPDATED_IN_LAST_X_DAYS', numberOfDays: 2 };
  const list = await dealList('dealname', fresh);
  vi.setSystemTime('2026-12-24T00:00:00.000Z');
  const { id } = await deal('2027-01-01T00:00:00.000Z');
  await catchUp();
  expect(await membersIn(database.app, list.listId)).toEqual([id]);
  await at('2026-12-25T12:00:00.000Z');
  await updateRecord(database.app, '0-3', { id }, { dealname: '契約更新' });
  await catchUp();
  await at('2026-12-26T00:01:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([id]);
  await at('2026-12-27T12:01:00.000Z');
  expect(await membersIn(database.app, list.listId)).toEqual([]);
});
