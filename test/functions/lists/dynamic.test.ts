import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as create } from '../../../functions/lists/create.ts';
import { handler as get } from '../../../functions/lists/get.ts';
import { handler as remove } from '../../../functions/lists/remove.ts';
import { handler as restoreList } from '../../../functions/lists/restore.ts';
import { handler as updateFilters } from '../../../functions/lists/update-filters.ts';
import { membersPage } from '../../../lib/lists/member-pages.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { eventPrefix } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { allOf, property } from '../../support/dynamic-lists.ts';
import { listsOf } from '../../support/lists.ts';

let database: Database;
const { newList, add, work, restore } = listsOf(() => database);
const headers = bearer();
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  restore();
  await database.close();
});

let made = 0;
const contactIn = async (city: string) => {
  made += 1;
  return (await createRecord(database.app, '0-1', { email: `dynamic${made}@example.co.jp`, city })).id;
};
const livesIn = (...values: string[]) =>
  allOf([property('city', { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values })]);
const listOf = async (listId: string, query = {}) =>
  ((await call(get, { headers, path: { listId }, query })).body as { list: Record<string, unknown> }).list;
const changed = (listId: string, filterBranch: unknown, query = {}) =>
  call(updateFilters, { headers, path: { listId }, query, body: { filterBranch } });
const idsIn = async (listId: string) => (await membersPage(database.app, listId, { limit: 100 })).recordIds;

test('a list is filled by its filters, which are answered to those who ask, and follows others when they are changed', async () => {
  const [tokyo, osaka] = [await contactIn('東京'), await contactIn('大阪')];
  const listId = await newList({ processingType: 'DYNAMIC', filterBranch: livesIn('東京') });
  expect(await listOf(listId)).toMatchObject({ processingStatus: 'PROCESSING', processingType: 'DYNAMIC' });
  expect(await listOf(listId)).not.toHaveProperty('filterBranch');
  await work();
  expect(await listOf(listId, { includeFilters: 'true' })).toMatchObject({
    processingStatus: 'COMPLETE',
    filterBranch: livesIn('東京'),
  });
  expect(await idsIn(listId)).toEqual([tokyo]);
  expect((await changed(listId, livesIn('大阪'))).body).toMatchObject({
    updatedList: { processingStatus: 'PROCESSING', listVersion: 2, filterBranch: livesIn('大阪') },
  });
  await work();
  expect(await idsIn(listId)).toEqual([osaka]);
});

const Event = z.object({ type: z.string(), detail: z.looseObject({ listId: z.optional(z.string()) }) });

test('whom new filters bring in enters flows only when that is asked for', async () => {
  const id = await contactIn('京都');
  const quietOf = async (query: Readonly<Record<string, string>>) => {
    const listId = await newList({ processingType: 'DYNAMIC', filterBranch: livesIn('どこにもない') });
    await changed(listId, livesIn('京都'), query);
    await work();
    const events = await database.app.table.all({ pk: `0-1#${id}`, prefix: eventPrefix }, Event);
    return events.find(({ type, detail }) => type === 'list.member-added' && detail.listId === listId)?.detail.quiet;
  };
  expect(await quietOf({})).toBe(true);
  expect(await quietOf({ enrollObjectsInWorkflows: 'true' })).toBeUndefined();
});

test('a snapshot is filled once, then by hand', async () => {
  const id = await contactIn('札幌');
  const listId = await newList({ processingType: 'SNAPSHOT', filterBranch: livesIn('札幌') });
  await work();
  expect(await idsIn(listId)).toEqual([id]);
  const other = await contactIn('那覇');
  expect((await add(listId, [other])).body).toMatchObject({ recordsIdsAdded: [other] });
  expect(await changed(listId, livesIn('那覇'))).toMatchObject({
    status: 400,
    body: { subCategory: 'ILS.INVALID_LIST_PROCESSING_TYPE' },
  });
});

test('a list that was deleted is brought up to date when it is restored', async () => {
  const before = await contactIn('仙台');
  const listId = await newList({ processingType: 'DYNAMIC', filterBranch: livesIn('仙台') });
  await work();
  await call(remove, { headers, path: { listId } });
  const meanwhile = await contactIn('仙台');
  await call(restoreList, { headers, path: { listId } });
  expect(await listOf(listId)).toMatchObject({ processingStatus: 'PROCESSING' });
  await work();
  expect(await idsIn(listId)).toEqual([before, meanwhile].toSorted());
});

test('filters that cannot be evaluated are refused, and a list that others need is not deleted', async () => {
  const body = { name: 'だめなリスト', objectTypeId: '0-1', processingType: 'DYNAMIC' };
  const unknown = allOf([property('shoe_size', { operationType: 'NUMBER', operator: 'IS_EQUAL_TO', value: 43 })]);
  for (const filterBranch of [unknown, {}, { filterBranchType: 'OR', filters: [{ filterType: 'MAGIC' }] }, 'x'])
    expect(await call(create, { headers, body: { ...body, filterBranch } })).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR' },
    });
  const listId = await newList();
  const inList = allOf([{ filterType: 'IN_LIST', listId, operator: 'IN_LIST' }]);
  const other = await newList({ processingType: 'DYNAMIC', filterBranch: inList });
  expect(await call(remove, { headers, path: { listId } })).toMatchObject({
    status: 400,
    body: { subCategory: 'ILS.LIST_IN_USE', context: { dependents: [other] } },
  });
  expect((await changed(other, allOf([{ filterType: 'IN_LIST', listId: other, operator: 'IN_LIST' }]))).status).toBe(
    400,
  );
});
