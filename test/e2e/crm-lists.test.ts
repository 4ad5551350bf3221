import type { Client } from '@hubspot/api-client';
import type { ListSearchRequest } from '@hubspot/api-client/lib/codegen/crm/lists/index.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot, refusalOf } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

test("a list is made, filled, read and deleted by HubSpot's client, and its size follows within seconds", async () => {
  const { listsApi, membershipsApi } = client.crm.lists;
  const made = await listsApi.create({ name: 'サクセスの顧客', objectTypeId: '0-1', processingType: 'MANUAL' });
  const { listId } = made.list;
  const inputs = [1, 2, 3].map((n) => ({ properties: { email: `list${n}@example.co.jp` }, associations: [] }));
  const { results } = await client.crm.contacts.batchApi.create({ inputs });
  const ids = results.map(({ id }) => id).toSorted();

  expect((await membershipsApi.add(listId, ids)).recordsIdsAdded.toSorted()).toEqual(ids);
  const page = await membershipsApi.getPage(listId);
  expect(page.results.map(({ recordId }) => recordId)).toEqual(ids);
  expect((await membershipsApi.getLists('0-1', ids[0] ?? '')).results).toMatchObject([{ listId }]);
  await eventually('the size', async () => (await listsApi.getById(listId)).list.size === 3);

  await membershipsApi.remove(listId, ids.slice(0, 1));
  await eventually('the size', async () => (await listsApi.getAll([listId, '1'])).lists[0]?.size === 2);

  await listsApi.remove(listId);
  expect(await refusalOf(listsApi.getById(listId))).toMatchObject({ code: 404 });
  await listsApi.restore(listId);
  const joined = await membershipsApi.getPageOrderedByAddedToListDate(listId);
  expect(joined.results.map(({ recordId }) => recordId).toSorted()).toEqual(ids.slice(1));
  const found = await listsApi.doSearch({ query: 'サクセス', processingTypes: ['MANUAL'] } as ListSearchRequest);
  expect(found).toMatchObject({ total: 1, hasMore: false, lists: [{ listId, additionalProperties: {} }] });
});

test("lists lie in folders, are renamed and copied by HubSpot's client", async () => {
  const { listsApi, membershipsApi, foldersApi, mappingApi } = client.crm.lists;
  const body = { objectTypeId: '0-1', processingType: 'MANUAL' };
  const { list } = await listsApi.create({ ...body, name: '写し元' });
  const { list: copy } = await listsApi.create({ ...body, name: '写し先' });
  const { id } = await client.crm.contacts.basicApi.create({ properties: { email: 'copy@example.co.jp' } });
  await membershipsApi.add(list.listId, [id]);
  await membershipsApi.addAllFromList(copy.listId, list.listId);
  expect((await membershipsApi.getPage(copy.listId)).results).toMatchObject([{ recordId: id }]);
  await membershipsApi.removeAll(copy.listId);
  expect((await membershipsApi.getPage(copy.listId)).results).toEqual([]);

  const { updatedList } = await listsApi.updateName(list.listId, '写し元の新名');
  expect(updatedList).toMatchObject({ listId: list.listId, name: '写し元の新名' });
  expect((await listsApi.getByName('写し元の新名', '0-1')).list.listId).toBe(list.listId);
  const { folder } = await foldersApi.create({ name: '部署' });
  await foldersApi.moveList({ listId: list.listId, newFolderId: String(folder.id) });
  expect((await foldersApi.getAll(String(folder.id))).folder.childLists).toEqual([Number(list.listId)]);
  const mapped = await mappingApi.translateLegacyListIdToListIdBatch([list.listId, '1']);
  expect(mapped).toMatchObject({ missingLegacyListIds: ['1'], legacyListIdsToIdsMapping: [{ listId: list.listId }] });
});

test('the table agrees with itself at the end', () => expectVerified(local));
