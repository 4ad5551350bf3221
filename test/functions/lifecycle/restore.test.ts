import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as listAssociations } from '../../../functions/associations/list.ts';
import { handler as get } from '../../../functions/objects/get.ts';
import { handler as restore } from '../../../functions/objects/restore.ts';
import { detachAssociations } from '../../../lib/associations/detach.ts';
import { associate } from '../../../lib/associations/store.ts';
import { startPurges } from '../../../lib/lifecycle/purge.ts';
import { restoreRecord } from '../../../lib/lifecycle/restore.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import type { RecordRef } from '../../../lib/table/keys.ts';
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
  expect(await disagreements(database)).toEqual([]);
  desk.close();
  await database.close();
});

const headers = bearer();
let made = 0;
function email(): string {
  made += 1;
  return `restore${made}@example.co.jp`;
}
const contact = (properties: Record<string, string> = {}) =>
  createRecord(database.app, '0-1', { email: email(), ...properties });
const company = (name: string) => createRecord(database.app, '0-2', { name });
const back = (objectId: string, objectType = 'contacts') => call(restore, { headers, path: { objectType, objectId } });
const read = (objectId: string) => call(get, { headers, path: { objectType: 'contacts', objectId } });
/** As the rule does it that hears of the archive. */
async function archive(record: RecordRef) {
  await archiveRecord(database.app, record.objectType, record.id);
  await detachAssociations(database.app, record);
}
const associated = async (record: RecordRef, toObjectType: string) =>
  (
    (
      await call(listAssociations, {
        headers,
        path: { objectType: record.objectType, objectId: record.id, toObjectType },
      })
    ).body as { results: { toObjectId: string; associationTypes: { typeId: number }[] }[] }
  ).results.map(({ toObjectId, associationTypes }) => [
    String(toObjectId),
    associationTypes.map(({ typeId }) => typeId).sort(),
  ]);
const primary = [{ associationCategory: 'HUBSPOT_DEFINED' as const, associationTypeId: 1 }];

test('a record comes back with its values and its associations, also the primary one', async () => {
  const [record, firm] = [await contact({ lastname: '山田' }), await company('甲')];
  await associate(database.app, record, firm, primary);
  await archive(record);
  expect((await read(record.id)).status).toBe(404);
  const answer = await back(record.id);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    id: record.id,
    archived: false,
    properties: { lastname: '山田', email: record.properties.email },
  });
  expect(await associated(record, '0-2')).toEqual([[firm.id, [1, 279]]]);
  expect(await associated(firm, '0-1')).toEqual([[record.id, [2, 280]]]);
  expect((await back(record.id)).status).toBe(200);
});

test('whichever of the two is restored last brings the pair back', async () => {
  const [record, firm] = [await contact(), await company('乙')];
  await associate(database.app, record, firm, 'default');
  await archive(record);
  await archive(firm);
  await back(record.id);
  expect(await associated(record, '0-2')).toEqual([]);
  await back(firm.id, 'companies');
  expect(await associated(record, '0-2')).toEqual([[firm.id, [279]]]);
});

test('both restored at once have their pair', async () => {
  for (let round = 0; round < 6; round += 1) {
    const [record, firm] = [await contact(), await company('丙')];
    await associate(database.app, record, firm, 'default');
    await archive(record);
    await archive(firm);
    await Promise.all([back(record.id), back(firm.id, 'companies')]);
    await desk.drain();
    expect(await associated(record, '0-2')).toEqual([[firm.id, [279]]]);
  }
});

test('who has a primary one since keeps it', async () => {
  const [record, first, second] = [await contact(), await company('先'), await company('後')];
  await associate(database.app, record, first, primary);
  await archive(first);
  await associate(database.app, record, second, primary);
  await back(first.id, 'companies');
  expect((await associated(record, '0-2')).toSorted()).toEqual(
    [
      [first.id, [279]],
      [second.id, [1, 279]],
    ].toSorted(),
  );
});

test('an associated record that was merged meanwhile: the pair is with the survivor', async () => {
  const [record, other, firm] = [await contact(), await contact(), await company('併')];
  await associate(database.app, other, firm, 'default');
  await archive(firm);
  const { objectType } = record;
  await mergeRecords(database.app, { objectType, primaryId: record.id, otherId: other.id });
  await desk.drain();
  await back(firm.id, 'companies');
  expect(await associated(record, '0-2')).toEqual([[firm.id, [279]]]);
});

test('a unique value that somebody has by now is told with its owner, and nothing changes', async () => {
  const address = email();
  const first = await contact({ email: address });
  await archive(first);
  const second = await contact({ email: address });
  const answer = await back(first.id);
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({ context: { existingObjectId: [second.id] } });
  expect((await read(first.id)).status).toBe(404);
});

test('of a restore and a create of the same address one wins and the other is told', async () => {
  for (let round = 0; round < 6; round += 1) {
    const record = await contact();
    await archive(record);
    const [restored, created] = await Promise.allSettled([
      back(record.id),
      createRecord(database.app, '0-1', { email: record.properties.email ?? '' }),
    ]);
    const won = restored.status === 'fulfilled' && restored.value.status === 200;
    expect(won).toBe(created.status === 'rejected');
  }
});

test('an archive against an association: one wins, the other is told', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [record, firm] = [await contact(), await company('争')];
    const [, joined] = await Promise.allSettled([archive(record), associate(database.app, record, firm, 'default')]);
    await detachAssociations(database.app, record);
    expect(await associated(firm, '0-1')).toEqual([]);
    if (joined.status === 'rejected') expect(joined.reason).toMatchObject({ status: 404 });
    await back(record.id);
    expect(await associated(firm, '0-1')).toHaveLength(joined.status === 'fulfilled' ? 1 : 0);
  }
});

test('what is not there, or one with another, is not restored', async () => {
  const [record, other] = [await contact(), await contact()];
  const { objectType } = record;
  await mergeRecords(database.app, { objectType, primaryId: record.id, otherId: other.id });
  await desk.drain();
  expect((await back('12')).status).toBe(404);
  expect((await back(other.id)).body).toMatchObject({ subCategory: 'OBJECT_MERGED' });
});

test('after 90 days a record is gone for good, and the next purge erases it; one that was restored stays', async () => {
  const day = 86_400_000;
  const at = (daysAgo: number) => ({ ...database.app, now: () => new Date(Date.now() - daysAgo * day).toISOString() });
  const older = () => createRecord(at(100), '0-1', { email: email() });
  const [old, kept, fresh] = [await older(), await older(), await older()];
  for (const { id } of [old, kept]) await archiveRecord(at(92), '0-1', id);
  await restoreRecord(at(60), kept);
  await archiveRecord(at(80), '0-1', fresh.id);
  expect((await back(old.id)).status).toBe(404);
  expect((await back(fresh.id)).status).toBe(200);
  await startPurges(database.app);
  await startPurges(database.app);
  await desk.drain();
  const archived = (objectId: string) =>
    call(get, { headers, path: { objectType: 'contacts', objectId }, query: { archived: 'true' } });
  expect((await archived(old.id)).status).toBe(404);
  for (const { id } of [kept, fresh]) expect((await read(id)).status).toBe(200);
  // The address is free: nobody asked for it to be blocked.
  expect((await contact({ email: old.properties.email ?? '' })).id).not.toBe(old.id);
});
