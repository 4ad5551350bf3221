import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as listAssociations } from '../../../functions/associations/list.ts';
import { handler as getSet } from '../../../functions/changesets/get.ts';
import { handler as listSets } from '../../../functions/changesets/list.ts';
import { handler as undo } from '../../../functions/changesets/undo.ts';
import { handler as batchUpdate } from '../../../functions/objects/batch-update.ts';
import { handler as create } from '../../../functions/objects/create.ts';
import { handler as get } from '../../../functions/objects/get.ts';
import { handler as list } from '../../../functions/objects/list.ts';
import { handler as merge } from '../../../functions/objects/merge.ts';
import { handler as update } from '../../../functions/objects/update.ts';
import { associate, dissociate } from '../../../lib/associations/store.ts';
import { createList } from '../../../lib/lists/change.ts';
import { changeMembers, membershipsOf } from '../../../lib/lists/members.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';

import { recordKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { jobDesk } from '../../support/jobs.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const desk = jobDesk(() => database);
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  const wrong = await disagreements(database);
  expect(wrong.filter(({ what }) => !what.startsWith('its size'))).toEqual([]);
  desk.close();
  await database.close();
});

const headers = bearer();
type Body = { id: string; properties: Record<string, string | null>; [name: string]: unknown };
type SetBody = {
  id: string;
  status: string;
  kind: string;
  counts: Record<string, number>;
  kept: { property?: string; reason: string; recordId: string }[];
  rows: { type: string }[];
};

let made = 0;
function email(): string {
  made += 1;
  return `merge${made}@example.co.jp`;
}
const contact = (properties: Record<string, string> = {}) =>
  createRecord(database.app, '0-1', { email: email(), ...properties });
const company = (name: string) => createRecord(database.app, '0-2', { name });
const path = { objectType: 'contacts' };
const mergeThem = (primaryObjectId: string, objectIdToMerge: string, objectType = 'contacts') =>
  call(merge, { headers, path: { objectType }, body: { primaryObjectId, objectIdToMerge } });
const read = async (objectId: string) =>
  (await call(get, {
    headers,
    path: { ...path, objectId },
    query: { properties: 'email,firstname,lastname,phone,hs_merged_object_ids,hs_additional_emails' },
  })) as { status: number; body: Body };
const companiesOf = async (objectId: string) =>
  (
    (await call(listAssociations, { headers, path: { ...path, objectId, toObjectType: 'companies' } })).body as {
      results: { toObjectId: string; associationTypes: { typeId: number }[] }[];
    }
  ).results.map(({ toObjectId, associationTypes }) => [
    String(toObjectId),
    associationTypes.map(({ typeId }) => typeId).sort(),
  ]);
const setOf = async (mergedId: string) => {
  const { results } = (await call(listSets, { headers, query: { kind: 'MERGE' } })).body as {
    results: (SetBody & { title: string })[];
  };
  return results.find(({ title }) => title.startsWith(mergedId))?.id ?? '';
};
const view = async (changeSetId: string) => (await call(getSet, { headers, path: { changeSetId } })).body as SetBody;
async function undoMergeOf(mergedId: string): Promise<SetBody> {
  const changeSetId = await setOf(mergedId);
  const answer = await call(undo, { headers, path: { changeSetId } });
  expect(answer.status).toBe(202);
  await desk.drain();
  return view(changeSetId);
}

test('the primary keeps its id and values, its blanks are filled, and every address leads to it', async () => {
  const one = await contact({ lastname: '山田' });
  const other = await contact({ lastname: '山本', firstname: '花子', phone: '03-1234-5678' });
  const answer = await mergeThem(one.id, other.id);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    id: one.id,
    properties: {
      email: one.properties.email,
      lastname: '山田',
      firstname: '花子',
      phone: '03-1234-5678',
      hs_merged_object_ids: other.id,
      hs_additional_emails: other.properties.email,
    },
  });
  const byAddress = await call(get, {
    headers,
    path: { ...path, objectId: other.properties.email ?? '' },
    query: { idProperty: 'email' },
  });
  expect((byAddress.body as Body).id).toBe(one.id);
  const again = await call(create, { headers, path, body: { properties: { email: other.properties.email } } });
  expect(again.status).toBe(409);
  expect(again.body).toMatchObject({ message: `Contact already exists. Existing ID: ${one.id}` });
});

test('the old id still reads and changes the survivor; a batch does not take it, and no list shows it', async () => {
  const [one, other] = [await contact(), await contact()];
  await mergeThem(one.id, other.id);
  expect((await read(other.id)).body.id).toBe(one.id);
  const changed = await call(update, {
    headers,
    path: { ...path, objectId: other.id },
    body: { properties: { firstname: '次郎' } },
  });
  expect(changed.body).toMatchObject({ id: one.id, properties: { firstname: '次郎' } });
  const batch = await call(batchUpdate, {
    headers,
    path,
    body: { inputs: [{ id: other.id, properties: { firstname: '三郎' } }] },
  });
  expect(batch.body).toMatchObject({ results: [], numErrors: 1 });
  const archived = await call(list, { headers, path, query: { archived: 'true' } });
  expect((archived.body as { results: Body[] }).results.map(({ id }) => id)).not.toContain(other.id);
});

test('associations move with their labels united; the survivor keeps its primary company', async () => {
  const [one, other] = [await contact(), await contact()];
  const [first, shared, last] = [await company('甲'), await company('乙'), await company('丙')];
  const primary = [{ associationCategory: 'HUBSPOT_DEFINED' as const, associationTypeId: 1 }];
  await associate(database.app, one, first, primary);
  await associate(database.app, one, shared, 'default');
  await associate(database.app, other, shared, primary);
  await associate(database.app, other, last, 'default');
  await associate(database.app, one, other, 'default').catch(() => undefined);
  await mergeThem(one.id, other.id);
  const companies = [
    [first.id, [1, 279]],
    [shared.id, [279]],
    [last.id, [279]],
  ].toSorted();
  expect((await companiesOf(one.id)).toSorted()).toEqual(companies);
  expect((await companiesOf(other.id)).toSorted()).toEqual(companies);
});

test('a company whose primary contact is merged away has the survivor as such', async () => {
  const [one, other] = [await contact(), await contact()];
  const only = await company('主');
  await associate(database.app, other, only, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]);
  await mergeThem(one.id, other.id);
  expect(await companiesOf(one.id)).toEqual([[only.id, [1, 279]]]);
});

test('memberships move once, also when the survivor is a member already', async () => {
  const [one, other] = [await contact(), await contact()];
  const lists = [];
  for (const name of ['A', 'B'])
    lists.push(
      await createList(database.app, { name: `merge ${name}`, objectTypeId: '0-1', processingType: 'MANUAL' }),
    );
  const [shared, single] = lists as [(typeof lists)[0], (typeof lists)[0]];
  await changeMembers(database.app, shared, { add: [one.id, other.id], remove: [] });
  await changeMembers(database.app, single, { add: [other.id], remove: [] });
  await mergeThem(one.id, other.id);
  const ids = async (record: { objectType: string; id: string }) =>
    (await membershipsOf(database.app, record)).map(({ listId }) => listId).sort();
  expect(await ids(one)).toEqual([shared.listId, single.listId].sort());
  expect(await ids(other)).toEqual([]);
  await undoMergeOf(other.id);
  expect(await ids(one)).toEqual([shared.listId]);
  expect(await ids(other)).toEqual([shared.listId, single.listId].sort());
});

test('bad merges are told apart', async () => {
  const [one, archived, merged, survivor] = [await contact(), await contact(), await contact(), await contact()];
  await archiveRecord(database.app, '0-1', archived.id);
  await mergeThem(survivor.id, merged.id);
  const deal = await company('別');
  expect((await mergeThem(one.id, one.id)).status).toBe(400);
  expect((await mergeThem(one.id, '99')).status).toBe(404);
  expect((await mergeThem(one.id, deal.id)).status).toBe(404);
  expect((await mergeThem(one.id, archived.id)).status).toBe(400);
  expect((await mergeThem(one.id, merged.id)).body).toMatchObject({ subCategory: 'OBJECT_MERGED' });
  expect((await mergeThem(merged.id, one.id)).status).toBe(400);
});

test('of two merges of the same pair, whichever way, one wins and the other is told', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [one, other] = [await contact(), await contact()];
    const answers = await Promise.all([mergeThem(one.id, other.id), mergeThem(other.id, one.id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const [first, second] = [await read(one.id), await read(other.id)];
    expect(first.body.id).toBe(second.body.id);
  }
});

test('a into b while b goes into c: one wins, the other is told or follows', async () => {
  for (let round = 0; round < 6; round += 1) {
    const [a, b, c] = [await contact(), await contact(), await contact()];
    const answers = await Promise.all([mergeThem(b.id, a.id), mergeThem(c.id, b.id)]);
    expect(answers.every(({ status }) => status === 200 || status === 400)).toBe(true);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  }
});

test('a merge against an update: nothing is lost', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [one, other] = [await contact(), await contact()];
    const change = (objectId: string, jobtitle: string) =>
      call(update, { headers, path: { ...path, objectId }, body: { properties: { jobtitle } } });
    const [merged, changed] = await Promise.all([mergeThem(one.id, other.id), change(other.id, '部長')]);
    expect([merged.status, changed.status]).toEqual([200, 200]);
    const survivor = await call(get, {
      headers,
      path: { ...path, objectId: one.id },
      query: { properties: 'jobtitle' },
    });
    expect(survivor.body).toMatchObject({ properties: { jobtitle: '部長' } });
  }
});

test('an association made while the merge runs is with the survivor or is refused', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [one, other, firm] = [await contact(), await contact(), await company('競')];
    const [merged, associated] = await Promise.all([
      mergeThem(one.id, other.id),
      associate(database.app, other, firm, 'default').then(
        () => true,
        () => false,
      ),
    ]);
    expect(merged.status).toBe(200);
    await desk.drain();
    expect((await companiesOf(one.id)).length).toBe(associated ? 1 : 0);
  }
});

test('an undone merge gives both records back as they were', async () => {
  const [one, other] = [await contact({ lastname: '山田' }), await contact({ firstname: '花子' })];
  const [mine, hers, both] = [await company('甲'), await company('乙'), await company('丙')];
  await associate(database.app, one, mine, 'default');
  await associate(database.app, other, hers, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]);
  await associate(database.app, one, both, 'default');
  await associate(database.app, other, both, 'default');
  const before = [await companiesOf(one.id), await companiesOf(other.id)].map((each) => each.toSorted());
  await mergeThem(one.id, other.id);
  const set = await undoMergeOf(other.id);
  expect(set).toMatchObject({ status: 'UNDONE', kept: [] });
  const [first, second] = [await read(one.id), await read(other.id)];
  expect(first.body).toMatchObject({
    id: one.id,
    properties: { lastname: '山田', firstname: null, hs_merged_object_ids: null, hs_additional_emails: null },
  });
  expect(second.body).toMatchObject({ id: other.id, properties: { firstname: '花子', email: other.properties.email } });
  expect([await companiesOf(one.id), await companiesOf(other.id)].map((each) => each.toSorted())).toEqual(before);
  const byAddress = await call(get, {
    headers,
    path: { ...path, objectId: other.properties.email ?? '' },
    query: { idProperty: 'email' },
  });
  expect((byAddress.body as Body).id).toBe(other.id);
});

test('what was changed since the merge stays and is listed; an undo can be undone', async () => {
  const [one, other] = [await contact(), await contact({ firstname: '花子', phone: '0312345678' })];
  const [left, removed] = [await company('残'), await company('外')];
  await associate(database.app, other, left, 'default');
  await associate(database.app, other, removed, 'default');
  await mergeThem(one.id, other.id);
  await updateRecord(database.app, '0-1', one, { firstname: '華子' });
  await dissociate(database.app, one, removed, 'all');
  const changeSetId = await setOf(other.id);
  const set = await undoMergeOf(other.id);
  expect(set.kept).toContainEqual(
    expect.objectContaining({ recordId: one.id, property: 'firstname', reason: 'CHANGED_LATER' }),
  );
  expect((await read(one.id)).body.properties).toMatchObject({ firstname: '華子', phone: null });
  expect((await read(other.id)).body.properties).toMatchObject({ firstname: '花子' });
  expect(await companiesOf(one.id)).toEqual([]);
  const undoId = ((await view(changeSetId)) as unknown as { undoneBy: string }).undoneBy;
  expect((await call(undo, { headers, path: { changeSetId: undoId } })).status).toBe(202);
  await desk.drain();
  expect((await read(other.id)).body).toMatchObject({
    id: one.id,
    properties: { firstname: '華子', phone: '0312345678' },
  });
  expect((await view(changeSetId)).status).toBe('COMPLETE');
  expect((await companiesOf(one.id)).map(([id]) => id)).toContain(left.id);
});

test('a change set is undone once', async () => {
  const [one, other] = [await contact(), await contact()];
  await mergeThem(one.id, other.id);
  const changeSetId = await setOf(other.id);
  const answers = await Promise.all([1, 2, 3].map(() => call(undo, { headers, path: { changeSetId } })));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
  await desk.drain();
  expect((await call(undo, { headers, path: { changeSetId } })).status).toBe(409);
  expect((await call(undo, { headers, path: { changeSetId: '1' } })).status).toBe(404);
});

test('more than 250 records are not merged into one, nor more than 40 further addresses', async () => {
  const [one, other] = [await contact(), await contact()];
  const { table } = database.app;
  const ids = Array.from({ length: 250 }, (_, n) => String(n + 1)).join(';');
  await table.commit([
    { update: recordKey(one), set: { properties: { ...one.properties, hs_merged_object_ids: ids } } },
  ]);
  expect((await mergeThem(one.id, other.id)).status).toBe(414);
  expect((await read(other.id)).body.id).toBe(other.id);
  await table.commit([{ update: recordKey(one), set: { properties: one.properties } }]);
  const addresses = Array.from({ length: 40 }, (_, n) => `more${n}@example.co.jp`);
  const [rich, last] = [await contact(), await contact()];
  for (const address of addresses) {
    const each = await contact({ email: address });
    expect((await mergeThem(rich.id, each.id)).status).toBe(200);
  }
  expect((await mergeThem(rich.id, last.id)).status).toBe(400);
  // All of its rows go and come with it.
  await archiveRecord(database.app, '0-1', rich.id);
  const again = await contact({ email: 'more7@example.co.jp' });
  expect(again.id).not.toBe(rich.id);
}, 20_000);
