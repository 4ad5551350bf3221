import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler as create } from '../../../functions/lists/create.ts';
import { handler as get } from '../../../functions/lists/get.ts';
import { handler as getByName } from '../../../functions/lists/get-by-name.ts';
import { handler as listByIds } from '../../../functions/lists/list-by-ids.ts';
import { handler as mapId } from '../../../functions/lists/map-id.ts';
import { handler as mapIds } from '../../../functions/lists/map-ids.ts';
import { handler as remove } from '../../../functions/lists/remove.ts';
import { handler as rename } from '../../../functions/lists/rename.ts';
import { handler as restore } from '../../../functions/lists/restore.ts';
import { handler as search } from '../../../functions/lists/search.ts';
import { startJob } from '../../../lib/jobs/store.ts';
import { cleanupKind } from '../../../lib/lists/job-kinds.ts';
import { membersPage } from '../../../lib/lists/member-pages.ts';
import { membershipsOf } from '../../../lib/lists/members.ts';
import { findList, isMember } from '../../../lib/lists/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { listsOf } from '../../support/lists.ts';

let database: Database;
const { contact, newList, add, work, restore: restoreQueue } = listsOf(() => database);
const headers = bearer();
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  restoreQueue();
  await database.close();
});

const made = (body: unknown) => call(create, { headers, body });
const renamed = (listId: string, listName?: string) =>
  call(rename, { headers, method: 'PUT', path: { listId }, query: listName === undefined ? {} : { listName } });
const removed = (listId: string) => call(remove, { headers, path: { listId } });
const restored = (listId: string) => call(restore, { headers, path: { listId } });
const named = (listName: string, objectTypeId = 'contacts') =>
  call(getByName, { headers, path: { objectTypeId, listName } });

test("a list is made in HubSpot's shape and read by its id, by its name and among others", async () => {
  const settings = {
    listPermissions: { teamsWithEditAccess: [1], usersWithEditAccess: [] },
    membershipSettings: { includeUnassigned: true },
  };
  const listId = await newList({ name: 'NPSの送信先', ...settings });
  const list = {
    listId,
    name: 'NPSの送信先',
    objectTypeId: '0-1',
    processingType: 'MANUAL',
    processingStatus: 'COMPLETE',
    listVersion: 1,
    size: 0,
    ...settings,
  };
  expect((await call(get, { headers, path: { listId } })).body).toMatchObject({ list });
  expect((await named('ｎｐｓの送信先')).body).toMatchObject({ list });
  expect(await named('NPSの送信先', 'companies')).toMatchObject({ status: 404 });
  expect(await named('NPSの')).toMatchObject({ status: 404, body: { subCategory: 'ILS.LIST_NOT_FOUND' } });
  expect((await call(listByIds, { headers, query: { listIds: `${listId},999` } })).body).toMatchObject({
    lists: [list],
  });
});

test('a name is taken once, however it is spelt, and by whoever of several comes first', async () => {
  await newList({ name: 'ＮＰＳ　2026' });
  const again = { name: 'nps 2026', objectTypeId: 'contacts', processingType: 'MANUAL' };
  expect(await made(again)).toMatchObject({ status: 400, body: { subCategory: 'ILS.DUPLICATE_LIST_NAMES' } });
  const atOnce = await Promise.all(Array.from({ length: 5 }, () => made({ ...again, name: '同時' })));
  expect(atOnce.map(({ status }) => status).toSorted()).toEqual([200, 400, 400, 400, 400]);
});

test.each([
  ['an unknown type of records', { objectTypeId: 'unicorns' }],
  ['a DYNAMIC list without filters', { processingType: 'DYNAMIC' }],
  ['a MANUAL list with filters', { filterBranch: { filterBranchType: 'OR' } }],
  ['a filter that is none', { processingType: 'DYNAMIC', filterBranch: { filterBranchType: 'PERHAPS' } }],
  ['an unknown kind', { processingType: 'MAGIC' }],
  ['no name', { name: '' }],
  ['a name that is too long', { name: 'あ'.repeat(201) }],
  ['permissions of another shape', { listPermissions: { usersWithEditAccess: ['x'] } }],
])('%s is refused', async (_, wrong) => {
  const answer = await made({ name: 'x', objectTypeId: '0-1', processingType: 'MANUAL', ...wrong });
  expect(answer).toMatchObject({ status: 400, body: { status: 'error', category: 'VALIDATION_ERROR' } });
});

test('a list in a folder that is not there is refused and leaves its name free', async () => {
  const body = { name: '宙に浮く', objectTypeId: '0-1', processingType: 'MANUAL' };
  expect(await made({ ...body, listFolderId: 4711 })).toMatchObject({
    status: 404,
    body: { subCategory: 'ILS.LIST_FOLDER_NOT_FOUND' },
  });
  expect((await made(body)).status).toBe(200);
});

test('a list gets another name; the old one is free, one that is taken is refused', async () => {
  const [listId] = [await newList({ name: '旧名' }), await newList({ name: '別のリスト' })];
  expect((await renamed(listId, '新名')).body).toMatchObject({ updatedList: { name: '新名', listVersion: 2 } });
  expect((await renamed(listId, '新名 ')).body).toMatchObject({ updatedList: { name: '新名 ' } });
  expect(await renamed(listId, '別のリスト')).toMatchObject({ status: 400 });
  expect(await renamed(listId)).toMatchObject({ status: 400, body: { errors: [{ in: 'listName' }] } });
  expect(await renamed('999', 'x')).toMatchObject({ status: 404 });
  await newList({ name: '旧名' });
  expect((await named('新名')).body).toMatchObject({ list: { listId } });
});

test('lists are found by a part of their name in any width, by kind, type and id, page by page', async () => {
  const ids = [
    await newList({ name: 'Ｓｅａｒｃｈ Ｃ', objectTypeId: '0-2' }),
    await newList({ name: 'search A' }),
    await newList({ name: 'search b', customProperties: { team: '東' } }),
  ];
  const find = async (body: unknown) =>
    (await call(search, { headers, body })).body as {
      lists: { listId: string; additionalProperties: Record<string, string> }[];
      total: number;
      offset: number;
      hasMore: boolean;
    };
  const found = await find({ query: 'SEARCH', sort: 'name', count: 2, additionalProperties: ['team'] });
  expect(found).toMatchObject({ total: 3, offset: 2, hasMore: true });
  expect(found.lists.map(({ listId }) => listId)).toEqual([ids[1], ids[2]]);
  expect(found.lists[1]?.additionalProperties).toEqual({ hs_list_size: '0', team: '東' });
  const rest = await find({ query: 'search', sort: 'name', count: 2, offset: 2 });
  expect(rest).toMatchObject({ total: 3, hasMore: false, lists: [{ listId: ids[0] }] });
  const companies = await find({ query: 'search', objectTypeId: 'companies' });
  expect(companies.lists.map(({ listId }) => listId)).toEqual([ids[0]]);
  expect(await find({ listIds: [ids[1], '999'], processingTypes: ['MANUAL'] })).toMatchObject({ total: 1 });
  expect(await find({ listIds: [ids[1]], processingTypes: ['DYNAMIC'] })).toMatchObject({ total: 0, lists: [] });
  expect((await call(search, { headers, body: { count: 501 } })).status).toBe(400);
  expect((await call(search, { headers, body: { sort: 'colour' } })).status).toBe(400);
});

test('a deleted list is gone for everybody, its name is free, and it comes back with its members', async () => {
  const listId = await newList({ name: '消えるリスト' });
  const id = await contact();
  await add(listId, [id]);
  expect((await removed(listId)).status).toBe(204);
  expect(await removed(listId)).toMatchObject({ status: 404, body: { subCategory: 'ILS.LIST_NOT_FOUND' } });
  expect((await call(get, { headers, path: { listId } })).status).toBe(404);
  expect((await add(listId, [id])).status).toBe(404);
  expect((await call(search, { headers, body: { query: '消える' } })).body).toMatchObject({ total: 0 });
  expect(await isMember(database.app, listId, { objectType: '0-1', id })).toBe(false);

  const other = await newList({ name: '消えるリスト' });
  expect(await restored(listId)).toMatchObject({ status: 400, body: { subCategory: 'ILS.DUPLICATE_LIST_NAMES' } });
  await renamed(other, '消えたリスト');
  expect((await restored(listId)).status).toBe(204);
  expect((await restored(listId)).status).toBe(204);
  expect(await isMember(database.app, listId, { objectType: '0-1', id })).toBe(true);
  expect((await call(search, { headers, body: { query: '消えるリスト' } })).body).toMatchObject({ total: 1 });
  expect((await restored('999')).status).toBe(404);
});

test('after 90 days a deleted list and its members are gone for good; one that was restored stays', async () => {
  const listId = await newList();
  const id = await contact();
  await add(listId, [id]);
  await removed(listId);
  const { deletedAt = '' } = (await findList(database.app, listId)) ?? {};
  const input = { listId, objectTypeId: '0-1', deletedAt };
  await restored(listId);
  await startJob(database.app, { kind: cleanupKind, input });
  await work();
  expect(await isMember(database.app, listId, { objectType: '0-1', id })).toBe(true);

  await removed(listId);
  const again = { ...input, deletedAt: (await findList(database.app, listId))?.deletedAt };
  await startJob(database.app, { kind: cleanupKind, input: again });
  await work();
  expect((await restored(listId)).status).toBe(404);
  expect(await findList(database.app, listId)).toBeUndefined();
  expect(await membersPage(database.app, listId, { limit: 10 })).toEqual({ recordIds: [] });
  expect(await membershipsOf(database.app, { objectType: '0-1', id })).toEqual([]);
});

test('a deleted list is not restored after 90 days, though its rows are still there', async () => {
  const listId = await newList();
  await removed(listId);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 90 * 86_400_000 + 60_000 });
  expect((await restored(listId)).status).toBe(404);
  vi.useRealTimers();
});

test('ids that HubSpot calls old are those that the lists have', async () => {
  const listId = await newList();
  expect((await call(mapId, { headers, query: { legacyListId: listId } })).body).toEqual({
    listId,
    legacyListId: listId,
  });
  expect((await call(mapId, { headers, query: { legacyListId: '999' } })).status).toBe(404);
  expect((await call(mapId, { headers })).status).toBe(400);
  expect((await call(mapIds, { headers, body: [listId, '999'] })).body).toEqual({
    legacyListIdsToIdsMapping: [{ listId, legacyListId: listId }],
    missingLegacyListIds: ['999'],
  });
});
