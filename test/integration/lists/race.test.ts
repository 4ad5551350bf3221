import { afterAll, beforeAll, expect, test } from 'vitest';
import { associate } from '../../../lib/associations/store.ts';
import type { App } from '../../../lib/core/app.ts';
import { follow } from '../../../lib/lists/dynamic/follow.ts';
import type { Listener } from '../../../lib/lists/dynamic/listener.ts';
import { findListener } from '../../../lib/lists/dynamic/read-store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import type { Write } from '../../../lib/table/write.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { allOf, associatedWith, membersIn, property, storeList } from '../../support/dynamic-lists.ts';
import { mockJobs } from '../../support/reports.ts';

let database: Database;
let jobs: ReturnType<typeof mockJobs>;
beforeAll(async () => {
  jobs = mockJobs();
  database = await startDatabase();
});
afterAll(async () => {
  jobs.restore();
  await database.close();
});

const isA = (city: string) =>
  property('city', { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: [city] });
const ref = ({ objectType, id }: { objectType: string; id: string }) => ({ objectType, id });

/** A processor that stops when it has read and decided, until it is let go. */
function halted() {
  const decided = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const table = Object.create(database.app.table) as App['table'];
  table.commit = async (writes: readonly Write[]) => {
    decided.resolve();
    await go.promise;
    return database.app.table.commit(writes);
  };
  return { app: { ...database.app, table }, decided: decided.promise, go: go.resolve };
}

const task = (listener: Listener, id: string) => [{ listener, id, cause: [] }];

async function listOf(...given: Parameters<typeof storeList> extends [unknown, ...infer Rest] ? Rest : never) {
  const list = await storeList(database.app, ...given);
  await jobs.work(database.app);
  const listener = await findListener(database.app, list.listId);
  if (!listener) throw new Error('the list does not follow its filters');
  return { list, listener };
}

/** One processor has decided and waits; then `between` happens, and another one hears of it; then the first one goes on. */
async function raced(listener: Listener, id: string, between: () => Promise<unknown>): Promise<string[]> {
  const slow = halted();
  const first = follow(slow.app, task(listener, id));
  await slow.decided;
  await between();
  await follow(database.app, task(listener, id));
  slow.go();
  await first;
  return membersIn(database.app, listener.listId);
}

test('a decision on a record that was changed meanwhile is made anew, though nothing had to be written for the change', async () => {
  const { listener } = await listOf(allOf([isA('秋田')]));
  const { id } = await createRecord(database.app, '0-1', { email: 'r1@example.co.jp', city: '秋田' });
  const back = () => updateRecord(database.app, '0-1', { id }, { city: '東京' });
  expect(await raced(listener, id, back)).toEqual([]);
});

test('a decision by what is associated is made anew when another one looked meanwhile', async () => {
  const { listener } = await listOf(allOf([], [associatedWith('0-2', 279, [isA('山形')])]));
  const contact = await createRecord(database.app, '0-1', { email: 'r2@example.co.jp' });
  const firm = await createRecord(database.app, '0-2', { name: '会社', city: '山形' });
  await associate(database.app, ref(contact), ref(firm), 'default');
  const away = () => updateRecord(database.app, '0-2', firm, { city: '東京' });
  expect(await raced(listener, contact.id, away)).toEqual([]);
  await updateRecord(database.app, '0-2', firm, { city: '山形' });
  await follow(database.app, task(listener, contact.id));
  await updateRecord(database.app, '0-2', firm, { city: '東京' });
  const home = () => updateRecord(database.app, '0-2', firm, { city: '山形' });
  expect(await raced(listener, contact.id, home)).toEqual([contact.id]);
});

test('nobody comes into a list from the archive', async () => {
  const { listener } = await listOf(allOf([isA('弘前')]));
  const { id } = await createRecord(database.app, '0-1', { email: 'r3@example.co.jp', city: '弘前' });
  expect(await raced(listener, id, () => archiveRecord(database.app, '0-1', id))).toEqual([]);
});

test('a decision by former filters comes too late when the back-fill of the new ones was there', async () => {
  const { id } = await createRecord(database.app, '0-1', { email: 'r4@example.co.jp', city: '青森' });
  const { list, listener } = await listOf(allOf([isA('八戸')]));
  await updateRecord(database.app, '0-1', { id }, { city: '八戸' });
  const slow = halted();
  const first = follow(slow.app, task(listener, id));
  await slow.decided;
  const changed = await listOf(allOf([isA('十和田')]), { before: list });
  slow.go();
  await first;
  expect(await membersIn(database.app, changed.list.listId)).toEqual([]);
});
