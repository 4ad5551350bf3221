import type { Client } from '@hubspot/api-client';
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
});

test('the table agrees with itself at the end', () => expectVerified(local));
