import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as bulkEdits } from '../../../functions/changesets/bulk-edit.ts';
import { handler as getSet } from '../../../functions/changesets/get.ts';
import { handler as listSets } from '../../../functions/changesets/list.ts';
import { handler as undo } from '../../../functions/changesets/undo.ts';
import { handler as createPipeline } from '../../../functions/pipelines/create.ts';
import { associate, dissociate, listAssociated } from '../../../lib/associations/store.ts';
import { changeSetWrites, completeChangeSetWrites } from '../../../lib/changesets/store.ts';
import type { App } from '../../../lib/core/app.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { cancelJob, readJob, resumeJob } from '../../../lib/jobs/store.ts';
import { workOn } from '../../../lib/jobs/work.ts';
import { createList } from '../../../lib/lists/change.ts';
import { changeMembers } from '../../../lib/lists/members.ts';
import { isMember } from '../../../lib/lists/store.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import type { RecordRef } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { dyingKinds } from '../../support/dying.ts';
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
type SetBody = {
  id: string;
  status: string;
  undoneBy?: string;
  jobId?: string;
  counts: Record<string, number>;
  kept: { recordId: string; property?: string; reason: string }[];
  refused: { recordId: string; message: string }[];
  rows: { type: string; recordId: string; changes?: Record<string, unknown> }[];
  paging?: { next: { after: string; link: string } };
};

let made = 0;
function email(): string {
  made += 1;
  return `undo${made}@example.co.jp`;
}
const contact = (properties: Record<string, string> = {}, app: App = database.app) =>
  createRecord(app, '0-1', { email: email(), ...properties });
const current = (ref: RecordRef) => readRecord(database.app, ref.objectType, ref);

/** Makes changes as one change set. */
async function together(changes: (app: App) => Promise<unknown>): Promise<string> {
  const { changeSet, writes } = changeSetWrites(database.app, { kind: 'NAME_FIX', title: 'まとめて' });
  await database.app.table.commit(writes);
  await changes({ ...database.app, changeSetId: changeSet.id });
  await database.app.table.commit(await completeChangeSetWrites(database.app, changeSet.id));
  return changeSet.id;
}
const view = async (changeSetId: string, query = {}) =>
  (await call(getSet, { headers, path: { changeSetId }, query })).body as SetBody;
async function undone(changeSetId: string): Promise<SetBody> {
  expect((await call(undo, { headers, path: { changeSetId } })).status).toBe(202);
  await desk.drain();
  return view(changeSetId);
}

test('values go back, but for those that somebody changed since, even when they look the same', async () => {
  const record = await contact({ lastname: '旧', firstname: '旧', jobtitle: '旧' });
  const id = await together((app) =>
    updateRecord(app, '0-1', record, { lastname: '新', firstname: '新', jobtitle: '新', city: '東京' }),
  );
  await updateRecord(database.app, '0-1', record, { firstname: '別' });
  await updateRecord(database.app, '0-1', record, { jobtitle: '別' });
  await updateRecord(database.app, '0-1', record, { jobtitle: '新' });
  const set = await undone(id);
  expect(set).toMatchObject({ status: 'UNDONE', counts: { undone: 1, kept: 2 } });
  expect(set.kept.map(({ property, reason }) => [property, reason]).sort()).toEqual([
    ['firstname', 'CHANGED_LATER'],
    ['jobtitle', 'CHANGED_LATER'],
  ]);
  const after = (await current(record))?.properties;
  expect(after).toMatchObject({ lastname: '旧', firstname: '別', jobtitle: '新' });
  expect(after?.city).toBeUndefined();
});

test('two changes of one value in a set go back to before the first', async () => {
  const record = await contact({ lastname: '一' });
  const id = await together(async (app) => {
    await updateRecord(app, '0-1', record, { lastname: '二' });
    await updateRecord(app, '0-1', record, { lastname: '三' });
  });
  expect((await undone(id)).kept).toEqual([]);
  expect((await current(record))?.properties.lastname).toBe('一');
});

test('created records go to the archive, unless others worked with them', async () => {
  const others = await createRecord(database.app, '0-2', { name: '他' });
  const made: Record<string, RecordRef> = {};
  const id = await together(async (app) => {
    made.plain = await contact({}, app);
    made.edited = await contact({}, app);
    made.associated = await contact({}, app);
    const firm = await createRecord(app, '0-2', { name: '組' });
    made.withOwn = await createRecord(
      app,
      '0-1',
      { email: email() },
      {
        associations: [{ to: { id: firm.id, objectType: '0-2' }, types: 'default' }],
      },
    );
    made.firm = firm;
  });
  await updateRecord(database.app, '0-1', made.edited as RecordRef, { lastname: '手' });
  await associate(database.app, others, made.associated as RecordRef, 'default');
  const set = await undone(id);
  expect(set.kept.map(({ recordId, reason }) => [recordId, reason]).sort()).toEqual(
    [
      [made.edited?.id, 'EDITED_LATER'],
      [made.associated?.id, 'ASSOCIATED_LATER'],
    ].sort(),
  );
  const there = async (name: string) => (await current(made[name] as RecordRef)) !== undefined;
  for (const name of ['plain', 'withOwn', 'firm']) expect(await there(name)).toBe(false);
  for (const name of ['edited', 'associated']) expect(await there(name)).toBe(true);
});

test('associations, memberships and the archive go back', async () => {
  const [one, other] = [await contact(), await contact()];
  const [first, second] = [
    await createRecord(database.app, '0-2', { name: 'a' }),
    await createRecord(database.app, '0-2', { name: 'b' }),
  ];
  const list = await createList(database.app, { name: 'undo', objectTypeId: '0-1', processingType: 'MANUAL' });
  await changeMembers(database.app, list, { add: [other.id], remove: [] });
  await associate(database.app, one, first, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]);
  const id = await together(async (app) => {
    await associate(app, one, second, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]);
    await dissociate(app, one, first, 'all');
    await changeMembers(app, list, { add: [one.id], remove: [other.id] });
    await archiveRecord(app, '0-1', other.id);
  });
  expect((await undone(id)).kept).toEqual([]);
  const { items } = await listAssociated(database.app, one, '0-2', { limit: 10 });
  expect(items).toEqual([{ to: { objectType: '0-2', id: first.id }, typeIds: [1, 279] }]);
  expect(await current(other)).toBeDefined();
  expect(await isMember(database.app, list.listId, other)).toBe(true);
  expect(await isMember(database.app, list.listId, one)).toBe(false);
});

test('a rule for values does not forbid the way back; a value that another record has by now does', async () => {
  const record = await contact({ lifecyclestage: 'lead' });
  const address = record.properties.email ?? '';
  const id = await together((app) => updateRecord(app, '0-1', record, { lifecyclestage: 'customer', email: email() }));
  await contact({ email: address });
  const set = await undone(id);
  expect(set.kept).toContainEqual(expect.objectContaining({ property: 'email', reason: 'UNIQUE_VALUE_TAKEN' }));
  expect((await current(record))?.properties.lifecyclestage).toBe('lead');
});

test('an undo of an undo makes the changes again, and the set can be undone again', async () => {
  const record = await contact({ lastname: '前' });
  const created: RecordRef[] = [];
  const id = await together(async (app) => {
    await updateRecord(app, '0-1', record, { lastname: '後' });
    created.push(await contact({}, app));
  });
  const first = await undone(id);
  expect((await current(record))?.properties.lastname).toBe('前');
  await undone(first.undoneBy ?? '');
  expect((await current(record))?.properties.lastname).toBe('後');
  expect(await current(created[0] as RecordRef)).toBeDefined();
  expect((await view(id)).status).toBe('COMPLETE');
  const again = await undone(id);
  expect(again.kept).toEqual([]);
  expect((await current(record))?.properties.lastname).toBe('前');
  expect(await current(created[0] as RecordRef)).toBeUndefined();
});

test('the undo dies at any write and goes on: each row once, later edits in between included', async () => {
  const records = await Promise.all(Array.from({ length: 12 }, () => contact({ lastname: '元' })));
  const id = await together(async (app) => {
    for (const record of records) await updateRecord(app, '0-1', record, { lastname: '次' });
  });
  expect((await call(undo, { headers, path: { changeSetId: id } })).status).toBe(202);
  let deaths = 0;
  for (let round = 0; (await desk.waiting()).length > 0 && round < 200; round += 1) {
    await desk.drain(dyingKinds(round, round % 2 === 1)).catch(() => {
      deaths += 1;
    });
    const undoneNow = [];
    for (const record of records) undoneNow.push((await current(record))?.properties.lastname);
    // Somebody sets one of those that went back to the value of the set again: that is his, and stays.
    const back = undoneNow.indexOf('元');
    if (back >= 0 && deaths === 3)
      await updateRecord(database.app, '0-1', records[back] as RecordRef, { lastname: '次' });
  }
  expect(deaths).toBeGreaterThan(3);
  const set = await view(id);
  expect(set).toMatchObject({ status: 'UNDONE', counts: { undone: 12, kept: 0 } });
  const values = [];
  for (const record of records) values.push((await current(record))?.properties.lastname);
  expect(values.filter((value) => value === '次')).toHaveLength(1);
});

test('a bulk edit changes what can be changed, lists what cannot, and is undone', async () => {
  const records = await Promise.all(Array.from({ length: 60 }, () => contact({ city: '大阪' })));
  const objectIds = [...records.map(({ id }) => id), '5', '5'];
  const answer = await call(bulkEdits, {
    headers,
    body: { objectType: 'contacts', objectIds, properties: { city: '東京' } },
  });
  expect(answer.status).toBe(202);
  const { changeSetId } = answer.body as { changeSetId: string };
  expect((await call(undo, { headers, path: { changeSetId } })).status).toBe(409);
  await desk.drain();
  const set = await view(changeSetId, { limit: '50' });
  expect(set).toMatchObject({ status: 'COMPLETE', kind: 'BULK_EDIT', counts: { refused: 1 } });
  expect(set.refused).toEqual([{ objectType: '0-1', recordId: '5', message: 'resource not found' }]);
  expect(set.rows).toHaveLength(50);
  expect(set.rows[0]?.changes).toEqual({ city: ['大阪', '東京'] });
  const rest = await view(changeSetId, { limit: '50', after: set.paging?.next.after });
  expect(rest.rows).toHaveLength(10);
  expect(rest.paging).toBeUndefined();
  await undone(changeSetId);
  for (const record of records) expect((await current(record))?.properties.city).toBe('大阪');
});

test('an undo of work that was cancelled takes back what its last slice still wrote, and nothing is added after it', async () => {
  const [one, other] = [await contact({ city: '大阪' }), await contact({ city: '大阪' })];
  const body = { objectType: 'contacts', objectIds: [one.id, other.id], properties: { city: '東京' } };
  const { changeSetId, jobId } = (await call(bulkEdits, { headers, body })).body as {
    changeSetId: string;
    jobId: string;
  };
  await cancelJob(database.app, jobId);
  const answer = await call(undo, { headers, path: { changeSetId } });
  expect(answer.status).toBe(202);
  await updateRecord({ ...database.app, changeSetId }, '0-1', one, { city: '東京' });
  const resumed = await resumeJob(database.app, jobId);
  await workOn(database.app, { jobId, turn: resumed.turn }, jobKinds);
  expect(await readJob(database.app, jobId)).toMatchObject({ status: 'FAILED' });
  expect((await current(other))?.properties.city).toBe('大阪');
  const undoJob = await readJob(database.app, (answer.body as { jobId: string }).jobId);
  const later: App = { ...database.app, now: () => new Date(Date.now() + 61_000).toISOString() };
  await workOn(later, { jobId: undoJob.id, turn: undoJob.turn }, jobKinds);
  expect(await view(changeSetId)).toMatchObject({ status: 'UNDONE', counts: { undone: 1 } });
  expect((await current(one))?.properties.city).toBe('大阪');
});

test('a bulk edit that no record could take is refused at once', async () => {
  const edit = (body: unknown) => call(bulkEdits, { headers, body });
  const { id } = await contact();
  const objectType = 'contacts';
  expect((await edit({ objectType, objectIds: [id], properties: { nosuch: '1' } })).status).toBe(400);
  expect((await edit({ objectType, objectIds: [id], properties: {} })).status).toBe(400);
  expect((await edit({ objectType, objectIds: [], properties: { city: '1' } })).status).toBe(400);
  expect((await edit({ objectType, objectIds: [id], properties: { city: '1' }, what: 1 })).body).toMatchObject({
    errors: [{ in: 'what' }],
  });
  expect((await edit({ objectType: 'nosuch', objectIds: [id], properties: { city: '1' } })).status).toBe(400);
  const many = Array.from({ length: 10_001 }, (_, n) => String(n + 1));
  expect((await edit({ objectType, objectIds: many, properties: { city: '1' } })).status).toBe(400);
});

test('change sets are listed newest first, by kind, page by page', async () => {
  const page = async (query: Record<string, string>) =>
    (await call(listSets, { headers, query })).body as {
      results: { id: string; kind: string }[];
      paging?: { next: { after: string } };
    };
  const all = await page({ limit: '100' });
  expect(all.results.map(({ id }) => id)).toEqual(
    all.results
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
  const edits = await page({ kind: 'BULK_EDIT' });
  expect(new Set(edits.results.map(({ kind }) => kind))).toEqual(new Set(['BULK_EDIT']));
  const first = await page({ limit: '2' });
  const second = await page({ limit: '2', after: first.paging?.next.after ?? '' });
  expect([...first.results, ...second.results]).toEqual(all.results.slice(0, 4));
  expect((await call(listSets, { headers, query: { kind: 'WHAT' } })).status).toBe(400);
});

test('a stage goes back to one that is not there any more', async () => {
  const stages = ['一', '二'].map((label, displayOrder) => ({ label, displayOrder, metadata: { probability: '0.5' } }));
  const made = await call(createPipeline, {
    headers,
    path: { objectType: 'deals' },
    body: { label: '試し', displayOrder: 5, stages },
  });
  const pipeline = made.body as { id: string; stages: { id: string; label: string }[] };
  const [from = '', to = ''] = ['一', '二'].map(
    (label) => pipeline.stages.find((stage) => stage.label === label)?.id ?? '',
  );
  const deal = await createRecord(database.app, '0-3', { dealname: '段階', pipeline: pipeline.id, dealstage: from });
  const id = await together((app) => updateRecord(app, '0-3', deal, { dealstage: to }));
  expect((await undone(id)).kept).toEqual([]);
  expect((await current(deal))?.properties.dealstage).toBe(from);
});
