import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createList } from '../../../lib/lists/change.ts';
import { changeMembers } from '../../../lib/lists/members.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { listKey, listListenerKey, listSizeDayKey, listSizeKey, memberKey } from '../../../lib/table/list-keys.ts';
import { listStateKey } from '../../../lib/table/list-state-keys.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { allOf, membersIn, property } from '../../support/dynamic-lists.ts';
import { jobDesk } from '../../support/jobs.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const desk = jobDesk(() => database);
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => {
  desk.close();
  return database.close();
});

const look = () => disagreements(database, { kept: ['dynamic list'] });

let made = 0;
const contact = (lastname: string) => {
  made += 1;
  return createRecord(database.app, '0-1', { email: `list${made}@example.co.jp`, lastname });
};

/** A list with these filters whose back-fill is over. Its size is the projector's, which does not run here. */
async function followed(filterBranch: Readonly<Record<string, unknown>>) {
  made += 1;
  const input = { name: `検査${made}`, objectTypeId: '0-1', processingType: 'DYNAMIC' as const, filterBranch };
  const list = await createList(database.app, input);
  await desk.drain();
  const size = (await membersIn(database.app, list.listId)).length;
  await database.app.table.commit([{ put: { ...listSizeKey(list.listId), size } }]);
  return list;
}

const called = (lastname: string) =>
  allOf([property('lastname', { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: [lastname] })]);
const problem = (what: string) => expect.objectContaining({ check: 'dynamic list', what });

describe('lists that follow their filters', () => {
  test('who meets them is in, and nobody else', async () => {
    const [inside, outside] = [await contact('佐藤'), await contact('鈴木')];
    const list = await followed(called('佐藤'));
    expect(await look()).toEqual([]);

    const { table } = database.app;
    const keyOf = ({ id }: { readonly id: string }) => memberKey(list.listId, id);
    const row = { ...keyOf(outside), entity: 'member', recordId: outside.id };
    await table.commit([{ remove: keyOf(inside) }, { put: row }]);
    const found = await look();
    expect(found).toContainEqual(problem('meets its filters and is no member'));
    expect(found).toContainEqual(problem('is a member and does not meet its filters'));

    const back = { ...keyOf(inside), entity: 'member', recordId: inside.id };
    await table.commit([{ remove: keyOf(outside) }, { put: back }]);
    expect(await look()).toEqual([]);
  });

  test('while new filters are being applied nothing is asked of it', async () => {
    await contact('高橋');
    const list = await followed(called('高橋'));
    const { table } = database.app;
    await table.commit([{ update: listKey(list.listId), set: { processingStatus: 'PROCESSING' } }]);
    const late = await contact('高橋');
    expect(await look()).toEqual([]);
    await table.commit([{ update: listKey(list.listId), set: { processingStatus: 'COMPLETE' } }]);
    expect(await look()).toMatchObject([
      { key: expect.stringContaining(late.id), what: 'meets its filters and is no member' },
    ]);
    await changeMembers(database.app, list, { add: [late.id], remove: [] });
    await table.commit([{ put: { ...listSizeKey(list.listId), size: 2 } }]);
    expect(await look()).toEqual([]);
  });

  test('a record that time takes out of the list is looked at again then', async () => {
    const record = await contact('田中');
    const recent = property('createdate', {
      operationType: 'TIME_RANGED',
      operator: 'IS_BETWEEN',
      lowerBoundEndpointBehavior: 'INCLUSIVE',
      upperBoundEndpointBehavior: 'INCLUSIVE',
      lowerBoundTimePoint: { timeType: 'INDEXED', indexReference: { referenceType: 'NOW' }, offset: { days: -7 } },
      upperBoundTimePoint: { timeType: 'INDEXED', indexReference: { referenceType: 'NOW' } },
    });
    const list = await followed(allOf([recent]));
    expect(await membersIn(database.app, list.listId)).toContain(record.id);
    expect(await look()).toEqual([]);

    const { table } = database.app;
    const key = listStateKey(record, list.listId);
    const state = { ...key, entity: 'list-state', turn: 9, generation: 1 };
    await table.commit([{ remove: key }]);
    expect(await look()).toEqual([problem('is not looked at again when time alone changes the answer')]);
    const [soon, longAgo] = [new Date(Date.now() + 86_400_000), new Date(Date.now() - 86_400_000)];
    await table.commit([{ put: { ...state, dueAt: soon.toISOString() } }]);
    expect(await look()).toEqual([]);
    await table.commit([{ put: { ...state, dueAt: longAgo.toISOString() } }]);
    expect(await look()).toEqual([problem('was not looked at when its time had come')]);
    await table.commit([{ put: { ...state, dueAt: soon.toISOString() } }]);
  });

  test('a list that does not hear of changes, and one that hears with filters it has no more', async () => {
    const list = await followed(called('伊藤'));
    const { table } = database.app;
    const key = listListenerKey('0-1', list.listId);
    const row = { ...key, entity: 'list-listener', ...list };
    await table.commit([{ remove: key }]);
    expect(await look()).toEqual([problem('its list does not hear of this type')]);
    await table.commit([{ put: { ...row, generation: 7 } }]);
    expect(await look()).toEqual([problem('its list has other filters')]);
    await table.commit([{ put: row }, { put: { ...row, ...listListenerKey('0-3', list.listId) } }]);
    expect(await look()).toEqual([problem('its list does not look at this type')]);
    await table.commit([{ remove: listListenerKey('0-3', list.listId) }]);
    expect(await look()).toEqual([]);
  });
});

test('a size that is not the sum of its days', async () => {
  const list = await createList(database.app, { name: '日', objectTypeId: '0-1', processingType: 'MANUAL' });
  const record = await contact('山本');
  await changeMembers(database.app, list, { add: [record.id], remove: [] });
  const days = async () =>
    (await disagreements(database, { kept: ['list days'] })).filter(({ key }) => key === `list#${list.listId}`);
  const day = listSizeDayKey(list.listId, '2026-11-25');
  const { table } = database.app;
  await table.commit([{ put: { ...listSizeKey(list.listId), size: 1 } }, { put: { ...day, by: 2 } }]);
  expect(await days()).toMatchObject([{ check: 'list days', what: 'its size says 1, its days make 2' }]);
  await table.commit([{ put: { ...day, by: 1 } }]);
  expect(await days()).toEqual([]);
});
