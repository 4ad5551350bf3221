import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as restore } from '../../../functions/objects/restore.ts';
import { detachAssociations } from '../../../lib/associations/detach.ts';
import { purgeLimits, setLimits } from '../../../lib/associations/limits.ts';
import { associate, listAssociated } from '../../../lib/associations/store.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import { nearLimitPartition } from '../../../lib/table/association-limit-keys.ts';
import type { RecordRef } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { jobDesk } from '../../support/jobs.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const desk = jobDesk(() => database);
const dealsToContacts = { fromObjectType: '0-3', toObjectType: '0-1' };
const contactsToDeals = { fromObjectType: '0-1', toObjectType: '0-3' };
const limit = (typeId: number, maxToObjectIds: number) => [
  { category: 'HUBSPOT_DEFINED' as const, typeId, maxToObjectIds },
];
beforeAll(async () => {
  database = await startDatabase();
  await setLimits(database.app, dealsToContacts, limit(3, 5), 'create');
  await setLimits(database.app, contactsToDeals, limit(4, 2), 'create');
});
afterAll(async () => {
  await purgeLimits(database.app, dealsToContacts, [3]);
  await purgeLimits(database.app, contactsToDeals, [4]);
  expect(await disagreements(database)).toEqual([]);
  desk.close();
  await database.close();
});

const deal = () => createRecord(database.app, '0-3', { dealname: '取引' });
const contact = () => createRecord(database.app, '0-1', { lastname: '山田' });
const contacts = (count: number) => Promise.all(Array.from({ length: count }, contact));
async function dealWith(people: readonly RecordRef[]) {
  const made = await deal();
  for (const person of people) await associate(database.app, made, person, 'default');
  return made;
}
const count = async (record: RecordRef, toObjectType: string) =>
  (await listAssociated(database.app, record, toObjectType, { limit: 100 })).items.length;
/** Those that are listed as near the limit, among the given ones. */
async function near(fromObjectType: string, toObjectType: string, records: readonly RecordRef[]) {
  const pk = nearLimitPartition(fromObjectType, toObjectType);
  const ids = (await database.app.table.all({ pk }, z.object({ id: z.string() }))).map(({ id }) => id);
  return records.map(({ id }) => ids.includes(id));
}
async function archive(record: RecordRef) {
  await archiveRecord(database.app, record.objectType, record.id);
  await detachAssociations(database.app, record);
}

test('a merge keeps every association, also over a limit, and those near the limit are listed right', async () => {
  const people = await contacts(7);
  const [one, two] = [await dealWith(people.slice(0, 4)), await dealWith(people.slice(3))];
  const shared = people[3] as RecordRef;
  expect(await near('0-3', '0-1', [one, two])).toEqual([true, true]);
  expect(await near('0-1', '0-3', people)).toEqual([false, false, false, true, false, false, false]);
  await mergeRecords(database.app, { objectType: '0-3', primaryId: one.id, otherId: two.id });
  await desk.drain();
  expect(await count(one, '0-1')).toBe(7);
  expect(await near('0-3', '0-1', [one, two])).toEqual([true, false]);
  expect(await near('0-1', '0-3', [shared])).toEqual([false]);
  await expect(associate(database.app, one, await contact(), 'default')).rejects.toMatchObject({ status: 400 });
});

test('a restore brings every association back, also over a limit that was filled meanwhile', async () => {
  const people = await contacts(5);
  const full = await dealWith(people);
  const gone = people[0] as RecordRef;
  await archive(gone);
  await archive(people[1] as RecordRef);
  expect(await near('0-3', '0-1', [full])).toEqual([false]);
  for (const person of await contacts(2)) await associate(database.app, full, person, 'default');
  expect(await near('0-3', '0-1', [full])).toEqual([true]);
  for (const { id } of people.slice(0, 2))
    await call(restore, { headers: bearer(), path: { objectType: 'contacts', objectId: id } });
  await desk.drain();
  expect(await count(full, '0-1')).toBe(7);
  expect(await near('0-3', '0-1', [full])).toEqual([true]);
  await expect(associate(database.app, full, await contact(), 'default')).rejects.toMatchObject({ status: 400 });
});

test('an archived record with many associations is near no limit, and is again when it comes back', async () => {
  const people = await contacts(5);
  const full = await dealWith(people);
  const others = await Promise.all(people.map((person) => dealWith([person])));
  expect(await near('0-1', '0-3', people)).toEqual(people.map(() => true));
  await archive(full);
  expect(await near('0-3', '0-1', [full])).toEqual([false]);
  expect(await near('0-1', '0-3', people)).toEqual(people.map(() => false));
  await call(restore, { headers: bearer(), path: { objectType: 'deals', objectId: full.id } });
  await desk.drain();
  expect(await near('0-3', '0-1', [full, ...others])).toEqual([true, ...others.map(() => false)]);
  expect(await near('0-1', '0-3', people)).toEqual(people.map(() => true));
});
