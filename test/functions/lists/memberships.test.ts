import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as addFromList } from '../../../functions/lists/add-from-list.ts';
import { handler as batchRead } from '../../../functions/lists/batch-read-memberships.ts';
import { handler as changeMembers } from '../../../functions/lists/change-members.ts';
import { handler as listMembers } from '../../../functions/lists/list-members.ts';
import { handler as listOfRecord } from '../../../functions/lists/list-of-record.ts';
import { handler as remove } from '../../../functions/lists/remove.ts';
import { handler as removeAllMembers } from '../../../functions/lists/remove-all-members.ts';
import { handler as removeMembers } from '../../../functions/lists/remove-members.ts';
import { startJob } from '../../../lib/jobs/store.ts';
import { copyKind, emptyKind } from '../../../lib/lists/job-kinds.ts';
import { membersPage } from '../../../lib/lists/member-pages.ts';
import { isMember, readList } from '../../../lib/lists/store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { listKey } from '../../../lib/table/list-keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { listsOf } from '../../support/lists.ts';

let database: Database;
const { contact, newList, add, members, joined, work, restore } = listsOf(() => database);
const headers = bearer();
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  restore();
  await database.close();
});

const contacts = (count: number) => Promise.all(Array.from({ length: count }, contact));
const idsIn = (listId: string) => membersPage(database.app, listId, { limit: 1000 });
const copy = (listId: string, sourceListId: string) => call(addFromList, { headers, path: { listId, sourceListId } });
const actor = { kind: 'token' as const, id: '1' };

/** As if its filters had been there: what people may do with it is decided by its kind. */
async function makeDynamic(listId: string): Promise<void> {
  await database.app.table.commit([{ update: listKey(listId), set: { processingType: 'DYNAMIC' } }]);
}

test('records come in and go once each; ids without a record of the type are named', async () => {
  const listId = await newList();
  const [one, two] = [await contact(), await contact()];
  const company = (await createRecord(database.app, '0-2', { name: '株式会社サンプル' })).id;
  const gone = '1780000000000001';
  const wrong = [gone, company, 'abc', 'あ'.repeat(900)];
  expect((await add(listId, [one, Number(two), one, ...wrong])).body).toEqual({
    recordsIdsAdded: [one, two],
    recordIdsRemoved: [],
    recordIdsMissing: wrong,
  });
  expect((await add(listId, [one])).body).toMatchObject({ recordsIdsAdded: [] });
  expect(await isMember(database.app, listId, { objectType: '0-1', id: one })).toBe(true);
  const change = { recordIdsToAdd: [], recordIdsToRemove: [one, gone] };
  expect((await call(changeMembers, { headers, path: { listId }, body: change })).body).toMatchObject({
    recordIdsRemoved: [one],
  });
  expect((await call(removeMembers, { headers, path: { listId }, body: [one] })).body).toMatchObject({
    recordIdsRemoved: [],
  });
  expect(await isMember(database.app, listId, { objectType: '0-1', id: one })).toBe(false);
});

test('adding at once from several sides makes one member with one event', async () => {
  const listId = await newList();
  const id = await contact();
  const answers = await Promise.all(Array.from({ length: 6 }, () => add(listId, [id])));
  expect(answers.flatMap(({ body }) => (body as { recordsIdsAdded: string[] }).recordsIdsAdded)).toEqual([id]);
});

test('whoever adds to a list that is deleted meanwhile was before the deletion, or is told', async () => {
  const listId = await newList();
  const ids = await contacts(8);
  const [deleted, ...added] = await Promise.all([
    call(remove, { headers, path: { listId } }),
    ...ids.map((id) => add(listId, [id])),
  ]);
  expect(deleted?.status).toBe(204);
  expect(added.every(({ status }) => status === 200 || status === 404)).toBe(true);
  const came = added.flatMap(({ status, body }) =>
    status === 200 ? (body as { recordsIdsAdded: string[] }).recordsIdsAdded : [],
  );
  expect((await idsIn(listId)).recordIds).toEqual(came.toSorted());
});

test('members are paged by id in both directions, to the last one', async () => {
  const listId = await newList();
  const ids = (await contacts(60)).toSorted();
  await add(listId, ids);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await members(listId, { limit: '25', ...(after && { after }) });
    seen.push(...page.results.map(({ recordId }) => recordId));
    after = page.paging?.next?.after;
  } while (after);
  expect(seen).toEqual(ids);
  const back = await members(listId, { limit: '2', before: ids[3] ?? '' });
  expect(back.results.map(({ recordId }) => recordId)).toEqual([ids[2], ids[1]]);
  expect(back.paging?.prev).toMatchObject({ before: ids[1], link: expect.stringMatching(/^https:.*before=/) });
  expect(await members(listId, { before: ids[1] ?? '' })).toEqual({ results: [expect.anything()] });
  const wrong: Record<string, string>[] = [{ after: 'x' }, { before: '-1' }, { limit: '0' }, { limit: '251' }];
  for (const query of wrong) expect((await call(listMembers, { headers, path: { listId }, query })).status).toBe(400);
});

test('members are paged in the order in which they came, in both directions', async () => {
  const listId = await newList();
  const ids = (await contacts(5)).toReversed();
  for (const id of ids) await add(listId, [id]);
  const first = await joined(listId, { limit: '3' });
  expect(first.results.map(({ recordId }) => recordId)).toEqual(ids.slice(0, 3));
  const rest = await joined(listId, { limit: '3', after: first.paging?.next?.after ?? '' });
  expect(rest.results.map(({ recordId }) => recordId)).toEqual(ids.slice(3));
  expect(rest.paging).toBeUndefined();
  const back = await joined(listId, { limit: '2', before: first.paging?.next?.after ?? '' });
  expect(back.results.map(({ recordId }) => recordId)).toEqual([ids[1], ids[0]]);
});

test('the members of a list that follows filters are not edited by hand', async () => {
  const [listId, other] = [await newList(), await newList()];
  const [id = ''] = await contacts(1);
  await add(listId, [id]);
  await makeDynamic(listId);
  const refused = { status: 400, body: { subCategory: 'ILS.INVALID_LIST_PROCESSING_TYPE' } };
  expect(await add(listId, [id])).toMatchObject(refused);
  expect(await call(removeMembers, { headers, path: { listId }, body: [id] })).toMatchObject(refused);
  expect(await call(removeAllMembers, { headers, path: { listId } })).toMatchObject(refused);
  expect(await copy(listId, other)).toMatchObject(refused);
  expect((await copy(other, listId)).status).toBe(204);
  expect(await idsIn(other)).toEqual({ recordIds: [id] });
});

test("another list's members are added, and a list is emptied, at once when it is small", async () => {
  const [listId, source, companies] = [await newList(), await newList(), await newList({ objectTypeId: '0-2' })];
  const ids = (await contacts(3)).toSorted();
  await add(source, ids);
  await add(listId, ids.slice(0, 1));
  expect((await copy(listId, source)).status).toBe(204);
  expect(await idsIn(listId)).toEqual({ recordIds: ids });
  expect(await copy(companies, source)).toMatchObject({
    status: 400,
    body: { subCategory: 'ILS.INVALID_OBJECT_TYPE' },
  });
  expect((await copy(listId, '999')).status).toBe(404);
  expect((await call(removeAllMembers, { headers, path: { listId } })).status).toBe(204);
  expect(await idsIn(listId)).toEqual({ recordIds: [] });
  expect(await idsIn(source)).toEqual({ recordIds: ids });
});

test('jobs add from a large list and empty one, each member once though a slice is repeated', async () => {
  const [listId, source] = [await newList(), await newList()];
  const ids = (await contacts(450)).toSorted();
  await add(source, ids);
  const { app } = database;
  await startJob(app, { kind: copyKind, input: { listId, sourceListId: source, actor } });
  await startJob(app, { kind: copyKind, input: { listId, sourceListId: source, actor } });
  await work();
  expect(await idsIn(listId)).toEqual({ recordIds: ids });
  await startJob(app, { kind: emptyKind, input: { listId, actor } });
  await work();
  expect(await idsIn(listId)).toEqual({ recordIds: [] });
  expect((await readList(app, listId)).deletedAt).toBeUndefined();
});

test('the lists of records are read, one record or many', async () => {
  const listId = await newList();
  const [one = '', two = ''] = await contacts(2);
  await add(listId, [one]);
  const path = { objectTypeId: 'contacts', recordId: one };
  expect((await call(listOfRecord, { headers, path })).body).toMatchObject({ results: [{ listId }] });
  const inputs = [one, two].map((recordId) => ({ objectTypeId: '0-1', recordId }));
  expect(await call(batchRead, { headers, body: { inputs } })).toMatchObject({
    status: 200,
    body: {
      status: 'COMPLETE',
      results: [
        { recordId: one, recordListMemberships: [{ listId }] },
        { recordId: two, recordListMemberships: [] },
      ],
    },
  });
  const wrong = [...inputs, { objectTypeId: 'unicorns', recordId: '1' }];
  expect(await call(batchRead, { headers, body: { inputs: wrong } })).toMatchObject({
    status: 207,
    body: { numErrors: 1, errors: [{ context: { ids: ['1'] } }], results: [{}, {}] },
  });
});
