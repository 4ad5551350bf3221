import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as addMembers } from '../../../functions/lists/add-members.ts';
import { handler as changeMembers } from '../../../functions/lists/change-members.ts';
import { handler as create } from '../../../functions/lists/create.ts';
import { handler as get } from '../../../functions/lists/get.ts';
import { handler as listByIds } from '../../../functions/lists/list-by-ids.ts';
import { handler as listMembers } from '../../../functions/lists/list-members.ts';
import { handler as listOfRecord } from '../../../functions/lists/list-of-record.ts';
import { handler as remove } from '../../../functions/lists/remove.ts';
import { handler as removeMembers } from '../../../functions/lists/remove-members.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { JobMessage, workOn } from '../../../lib/jobs/work.ts';
import { membershipsOf } from '../../../lib/lists/members.ts';
import { isMember, membersPage } from '../../../lib/lists/store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

const sqs = mockClient(SQSClient);
sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
const announced = () =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? [])
    .map(({ MessageBody = '' }) => JobMessage.parse(JSON.parse(MessageBody)));

let database: Database;
let made = 0;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});

type ListBody = { list: { listId: string; name: string } };
const headers = bearer();
const next = () => {
  made += 1;
  return made;
};
const contact = async () => (await createRecord(database.app, '0-1', { email: `list${next()}@example.co.jp` })).id;
async function newList(name = `リスト${next()}`): Promise<string> {
  const answer = await call(create, { headers, body: { name, objectTypeId: '0-1', processingType: 'MANUAL' } });
  expect(answer.status).toBe(200);
  return (answer.body as ListBody).list.listId;
}
const add = (listId: string, ids: readonly unknown[]) => call(addMembers, { headers, path: { listId }, body: ids });

test("a list is made in HubSpot's shape and read by its id and among others", async () => {
  const listId = await newList('NPSの送信先');
  const list = {
    listId,
    name: 'NPSの送信先',
    objectTypeId: '0-1',
    processingType: 'MANUAL',
    processingStatus: 'COMPLETE',
    size: 0,
  };
  expect((await call(get, { headers, path: { listId } })).body).toMatchObject({ list });
  expect((await call(listByIds, { headers, query: { listIds: `${listId},999` } })).body).toMatchObject({
    lists: [list],
  });
});

test('a name is taken once, however it is spelt', async () => {
  await newList('ＮＰＳ　2026');
  const again = await call(create, {
    headers,
    body: { name: 'nps 2026', objectTypeId: 'contacts', processingType: 'MANUAL' },
  });
  expect(again).toMatchObject({ status: 400, body: { subCategory: 'ILS.DUPLICATE_LIST_NAMES' } });
});

test('what lists do not do is refused by its name', async () => {
  const body = { name: 'x', objectTypeId: '0-1', processingType: 'DYNAMIC', filterBranch: { filterBranchType: 'OR' } };
  expect(await call(create, { headers, body })).toMatchObject({
    status: 400,
    body: { errors: [{ in: 'processingType' }, { in: 'filterBranch' }] },
  });
});

test('records come in and go once each; ids without a record are named', async () => {
  const listId = await newList();
  const [one, two] = [await contact(), await contact()];
  const gone = '1780000000000001';
  expect((await add(listId, [one, Number(two), one, gone])).body).toEqual({
    recordsIdsAdded: [one, two],
    recordIdsRemoved: [],
    recordIdsMissing: [gone],
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
  expect((await call(listOfRecord, { headers, path: { objectTypeId: 'contacts', recordId: two } })).body).toMatchObject(
    {
      results: [{ listId }],
    },
  );
});

test('adding at once from several sides makes one member with one event', async () => {
  const listId = await newList();
  const id = await contact();
  const answers = await Promise.all(Array.from({ length: 6 }, () => add(listId, [id])));
  expect(answers.flatMap(({ body }) => (body as { recordsIdsAdded: string[] }).recordsIdsAdded)).toEqual([id]);
});

test('members are paged by id, to the last one', async () => {
  const listId = await newList();
  const ids = await Promise.all(Array.from({ length: 60 }, contact));
  await add(listId, ids);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const query = { limit: '25', ...(after && { after }) };
    const { body } = await call(listMembers, { headers, path: { listId }, query });
    const page = body as { results: { recordId: string }[]; paging?: { next: { after: string } } };
    seen.push(...page.results.map(({ recordId }) => recordId));
    after = page.paging?.next.after;
  } while (after);
  expect(seen).toEqual(ids.toSorted());
  expect(await membersPage(database.app, listId, { limit: 100 })).toEqual({ recordIds: seen });
});

test('a deleted list is gone with its members, and its name is free', async () => {
  const listId = await newList('消えるリスト');
  const id = await contact();
  await add(listId, [id]);
  expect((await call(remove, { headers, path: { listId } })).status).toBe(204);
  expect(await call(get, { headers, path: { listId } })).toMatchObject({
    status: 404,
    body: { subCategory: 'ILS.LIST_NOT_FOUND' },
  });
  expect(await isMember(database.app, listId, { objectType: '0-1', id })).toBe(false);
  await newList('消えるリスト');
  for (const message of announced()) await workOn(database.app, message, jobKinds);
  expect(await membersPage(database.app, listId, { limit: 10 })).toEqual({ recordIds: [] });
  expect(await membershipsOf(database.app, { objectType: '0-1', id })).toEqual([]);
});
