import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as listUnassociated } from '../../../functions/associations/list-unassociated.ts';
import { handler as bulkEdits } from '../../../functions/changesets/bulk-edit.ts';
import { handler as getSet } from '../../../functions/changesets/get.ts';
import { handler as undo } from '../../../functions/changesets/undo.ts';
import { handler as startExport } from '../../../functions/exports/start.ts';
import { handler as exportStatus } from '../../../functions/exports/status.ts';
import { handler as cancelImport } from '../../../functions/imports/cancel.ts';
import { handler as importErrors } from '../../../functions/imports/list-errors.ts';
import { handler as importResult } from '../../../functions/imports/result.ts';
import { handler as nearLimit } from '../../../functions/limits/association-records.ts';
import { handler as dismiss } from '../../../functions/quality/dismiss.ts';
import { handler as fix } from '../../../functions/quality/fix.ts';
import { handler as listFindings } from '../../../functions/quality/list-findings.ts';
import { handler as timeline } from '../../../functions/timeline/list.ts';
import { handler as activity } from '../../../functions/timeline/list-activity.ts';
import { associate } from '../../../lib/associations/store.ts';
import { changeSetWrites, completeChangeSetWrites } from '../../../lib/changesets/store.ts';
import { ImportRequest } from '../../../lib/imports/schema.ts';
import { startImport } from '../../../lib/imports/store.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { workOn } from '../../../lib/jobs/work.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, limitedTo, startDatabase } from '../../support/database.ts';
import { jobDesk } from '../../support/jobs.ts';

let database: Database;
const desk = jobDesk(() => database);
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  desk.close();
  await database.close();
});

const areas = ['changesets', 'crm.import', 'crm.export', 'data-quality.read', 'data-quality.write'];
const others = ['crm.association-policies.read', 'activity.read'];
const dealsOnly = () => limitedTo(database, ...areas, ...others, 'crm.objects.deals.read', 'crm.objects.deals.write');
const naming = (scope: string) => ({ status: 403, text: expect.stringContaining(scope) });

const view = {
  exportType: 'VIEW',
  exportName: '一覧',
  objectProperties: ['hs_object_id'],
  format: 'CSV',
};

describe('a token for deals alone', () => {
  test('starts nothing with contacts', async () => {
    const headers = await dealsOnly();
    const edit = { objectType: 'contacts', objectIds: ['1'], properties: { city: '東京' } };
    expect(await call(bulkEdits, { headers, body: edit })).toMatchObject(naming('crm.objects.contacts.write'));
    expect(await call(fix, { headers, body: {} })).toMatchObject(naming('crm.objects.contacts.write'));
    expect(await call(dismiss, { headers, path: { findingId: '1-HONORIFIC' } })).toMatchObject(
      naming('crm.objects.contacts.write'),
    );
    expect(await call(startExport, { headers, body: { ...view, objectType: 'contacts' } })).toMatchObject(
      naming('crm.objects.contacts.read'),
    );
    const both = { ...view, objectType: 'deals', associatedObjectType: 'contacts' };
    expect(await call(startExport, { headers, body: both })).toMatchObject(naming('crm.objects.contacts.read'));
    expect((await call(startExport, { headers, body: { ...view, objectType: 'deals' } })).status).toBe(202);
  });

  test('reads nothing of contacts', async () => {
    const headers = await dealsOnly();
    const get = (handler: unknown, more: object) => call(handler, { method: 'GET', headers, ...more });
    expect(await get(listFindings, {})).toMatchObject(naming('crm.objects.contacts.read'));
    const path = { fromObjectTypeId: 'contacts', toObjectTypeId: 'deals' };
    expect(await get(nearLimit, { path })).toMatchObject(naming('crm.objects.contacts.read'));
    expect(await get(listUnassociated, { query: { objectType: 'contacts' } })).toMatchObject(
      naming('crm.objects.contacts.read'),
    );
    expect(await get(activity, { query: { objectType: 'contacts' } })).toMatchObject(
      naming('crm.objects.contacts.read'),
    );
    const { body } = await call(startExport, { headers: bearer(), body: { ...view, objectType: 'contacts' } });
    const taskId = (body as { id: string }).id;
    expect(await get(exportStatus, { path: { taskId } })).toMatchObject(naming('crm.objects.contacts.read'));
  });

  test('sees on a timeline and among activities only what it may read', async () => {
    const { app } = database;
    const headers = await dealsOnly();
    const deal = await createRecord(app, '0-3', { dealname: '取引' });
    const contact = await createRecord(app, '0-1', { lastname: '田中' });
    const note = await createRecord(app, '0-46', { hs_timestamp: '2026-11-01T00:00:00Z', hs_note_body: '秘密' });
    const mail = await createRecord(app, '0-49', {
      hs_timestamp: '2026-11-01T00:00:00Z',
      hs_email_direction: 'EMAIL',
      hs_email_subject: '件名',
    });
    await associate(app, deal, contact, 'default');
    await associate(app, note, deal, 'default');
    await associate(app, mail, contact, 'default');
    const path = { objectType: 'deals', objectId: deal.id };
    const kinds = async (given: Record<string, string>) => {
      const { body } = await call(timeline, { method: 'GET', headers: given, path });
      return (body as { results: { kind: string }[] }).results.map(({ kind }) => kind).toSorted();
    };
    expect(await kinds(bearer())).toEqual(['association', 'email', 'note', 'record']);
    expect(await kinds(headers)).toEqual(['association', 'record']);
    const done = await call(activity, { method: 'GET', headers, query: { limit: '100' } });
    const types = (done.body as { results: { objectType: string }[] }).results.map(({ objectType }) => objectType);
    expect(new Set(types)).toEqual(new Set(['0-3']));
  });

  test('neither begins an import of contacts nor reads the rows of one', async () => {
    const headers = await dealsOnly();
    const columnMappings = [{ columnObjectTypeId: '0-1', columnName: 'メール', propertyName: 'email' }];
    const file = { fileName: 'a.csv', fileFormat: 'CSV', fileImportPage: { hasHeader: true, columnMappings } };
    const request = ImportRequest.parse({ name: '顧客', files: [file] });
    const limited = { ...database.app, scopes: ['crm.import', 'crm.objects.deals.write'] };
    const source = [{ id: '1', key: 'a.csv' }];
    await expect(startImport(limited, request, source)).rejects.toMatchObject({ status: 403 });
    const { id } = await startImport(database.app, request, source);
    const path = { importId: id };
    for (const handler of [importErrors, importResult])
      expect(await call(handler, { method: 'GET', headers, path })).toMatchObject(naming('crm.objects.contacts.read'));
    expect(await call(cancelImport, { headers, path })).toMatchObject(naming('crm.objects.contacts.write'));
    expect((await call(cancelImport, { headers: bearer(), path })).status).toBe(200);
  });
});

test('a change set of several types is shown and undone as far as the token goes', async () => {
  const { app } = database;
  const headers = await dealsOnly();
  const deal = await createRecord(app, '0-3', { dealname: '旧' });
  const contact = await createRecord(app, '0-1', { lastname: '旧' });
  const { changeSet, writes } = changeSetWrites(app, { kind: 'NAME_FIX', title: 'まとめて' });
  await app.table.commit(writes);
  const own = { ...app, changeSetId: changeSet.id };
  const path = { changeSetId: changeSet.id };
  await updateRecord(own, '0-1', contact, { lastname: '新' });
  await app.table.commit(await completeChangeSetWrites(app, changeSet.id));
  expect(await call(undo, { headers, path })).toMatchObject(naming('crm.objects.contacts.write'));
  for (let n = 0; n < 100; n += 1) await updateRecord(own, '0-3', deal, { dealname: `新${n}` });
  const shown = (await call(getSet, { method: 'GET', headers, path })).body as { rows: { objectType: string }[] };
  expect(shown.rows).toHaveLength(99);
  expect(new Set(shown.rows.map(({ objectType }) => objectType))).toEqual(new Set(['0-3']));
});

test('rows of a type that the token may not write, far down in a change set, are left alone by its undo and listed', async () => {
  const { app } = database;
  const headers = await dealsOnly();
  const deal = await createRecord(app, '0-3', { dealname: '旧' });
  const contact = await createRecord(app, '0-1', { lastname: '旧' });
  const { changeSet, writes } = changeSetWrites(app, { kind: 'NAME_FIX', title: 'まとめて' });
  await app.table.commit(writes);
  const own = { ...app, changeSetId: changeSet.id };
  for (let n = 0; n < 100; n += 1) await updateRecord(own, '0-3', deal, { dealname: `新${n}` });
  await updateRecord(own, '0-1', contact, { lastname: '新' });
  await app.table.commit(await completeChangeSetWrites(app, changeSet.id));
  const path = { changeSetId: changeSet.id };
  const { body: begun } = await call(undo, { headers, path });
  await workOn(app, { jobId: (begun as { jobId: string }).jobId, turn: 1 }, jobKinds);
  expect((await readRecord(app, '0-3', deal))?.properties.dealname).toBe('旧');
  expect((await readRecord(app, '0-1', contact))?.properties.lastname).toBe('新');
  const { body } = await call(getSet, { method: 'GET', headers: bearer(), path });
  expect(body).toMatchObject({ status: 'UNDONE', kept: [{ recordId: contact.id, reason: 'MISSING_SCOPES' }] });
}, 30_000);
