import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { associate } from '../../../lib/associations/store.ts';
import { createList } from '../../../lib/lists/change.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { CrmRecord } from '../../../lib/objects/record.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { changeSetKey, changeSetRowPrefix } from '../../../lib/table/change-set-keys.ts';
import {
  associationKey,
  eventKey,
  type Key,
  primaryKey,
  type RecordRef,
  recordKey,
  uniqueKey,
} from '../../../lib/table/keys.ts';
import { listSizeKey, memberKey, membershipKey } from '../../../lib/table/list-keys.ts';
import type { Write } from '../../../lib/table/write.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { jobDesk } from '../../support/jobs.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const desk = jobDesk(() => database);
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => {
  desk.close();
  return database.close();
});

const Any = z.looseObject({ pk: z.string(), sk: z.string() });
let made = 0;
const contact = () => {
  made += 1;
  return createRecord(database.app, '0-1', { email: `one${made}@example.co.jp` });
};

/** Two contacts that were made one, with all that belongs to it. */
async function merged() {
  const [primary, other] = [await contact(), await contact()];
  const merge = { objectType: '0-1', primaryId: primary.id, otherId: other.id };
  const { changeSetId } = await mergeRecords(database.app, merge);
  await desk.drain();
  return { primary, other, changeSetId };
}

/** What is found while the rows at these keys are others; they are put back. */
async function foundWith(damage: readonly Write[], keys: readonly Key[]) {
  const { table } = database.app;
  const before = await table.getMany(keys, Any);
  await table.commit(damage);
  const found = await disagreements(database);
  const there = new Set(before.map(({ pk, sk }) => `${pk}|${sk}`));
  const gone = keys.filter(({ pk, sk }) => !there.has(`${pk}|${sk}`));
  await table.commit([...before.map((put) => ({ put })), ...gone.map((key) => ({ remove: key }))]);
  expect(await disagreements(database)).toEqual([]);
  return found;
}

const stored = async (ref: RecordRef): Promise<Record<string, unknown>> =>
  (await database.app.table.getMany([recordKey(ref)], Any))[0] ?? {};
const set = (ref: RecordRef, attributes: Readonly<Record<string, unknown>>): Write => ({
  update: recordKey(ref),
  set: attributes,
});
const problem = (what: string) => expect.objectContaining({ check: 'merge', what });

test('a merged record that leads nowhere, or to one that does not know of it', async () => {
  const [{ other }, stranger] = [await merged(), await contact()];
  expect(await disagreements(database)).toEqual([]);
  const keys = [recordKey(other)];
  expect(await foundWith([set(other, { mergedInto: '1' })], keys)).toEqual(
    expect.arrayContaining([
      problem(`${other.id} was merged into it and is gone`),
      problem('was merged into a record that is gone'),
    ]),
  );
  expect(await foundWith([set(other, { mergedInto: stranger.id })], keys)).toEqual(
    expect.arrayContaining([
      problem(`${other.id} is said to be one with it and is not`),
      problem('was merged into a record that does not know of it'),
    ]),
  );
  const { archivedAt: _, ...alive } = await stored(other);
  expect(await foundWith([{ put: { ...alive, ...recordKey(other) } }], keys)).toContainEqual(
    problem('was merged and is not in the archive'),
  );
});

test('an address of a merged record that does not lead to the survivor', async () => {
  const { primary, other } = await merged();
  const address = uniqueKey('0-1', 'email', other.properties.email ?? '');
  expect(await foundWith([{ remove: address }], [address])).toMatchObject([
    { check: 'record', what: 'its row unique#0-1#email is missing' },
  ]);
  const now = CrmRecord.parse(await stored(primary));
  const properties = { ...now.properties, hs_additional_emails: 'other@example.co.jp' };
  expect(await foundWith([set(primary, { properties })], [recordKey(primary)])).toContainEqual(
    problem('its further addresses are not those that lead to it'),
  );
});

test('a membership or an association that was left with a merged record', async () => {
  const list = await createList(database.app, { name: '残り', objectTypeId: '0-1', processingType: 'MANUAL' });
  const { other, changeSetId } = await merged();
  const rows: Write[] = [
    { put: { ...memberKey(list.listId, other.id), entity: 'member', recordId: other.id } },
    { put: { ...membershipKey(other, list.listId), entity: 'membership', listId: list.listId } },
    { put: { ...listSizeKey(list.listId), size: 1 } },
  ];
  const keys = [memberKey(list.listId, other.id), membershipKey(other, list.listId), listSizeKey(list.listId)];
  expect(await foundWith(rows, keys)).toEqual([problem('was left with a record that was merged')]);
  const open: Write = { update: changeSetKey(changeSetId), set: { status: 'OPEN' } };
  expect(await foundWith([...rows, open], [...keys, changeSetKey(changeSetId)])).toEqual([]);

  const company = await createRecord(database.app, '0-2', { name: '社' });
  const pair = (from: RecordRef, to: RecordRef, typeId: number): Write => ({
    put: {
      ...associationKey(from, to),
      entity: 'association',
      objectType: from.objectType,
      id: from.id,
      toObjectType: to.objectType,
      toId: to.id,
      typeIds: [typeId],
    },
  });
  const pairs = [associationKey(other, company), associationKey(company, other)];
  expect(await foundWith([pair(other, company, 279), pair(company, other, 280)], pairs)).toMatchObject([
    { check: 'association', what: 'its record is archived' },
  ]);
});

test('a primary one of nobody', async () => {
  const key = primaryKey({ objectType: '0-1', id: '1' }, '0-2');
  const row = { ...key, entity: 'primary', toId: '2', version: 1 };
  expect(await foundWith([{ put: row }], [key])).toMatchObject([{ check: 'primary', what: 'its record is gone' }]);
  const [one, company] = [await contact(), await createRecord(database.app, '0-2', { name: '主' })];
  await associate(database.app, one, company, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]);
  const mine = primaryKey(one, '0-2');
  expect(await foundWith([{ put: { ...row, ...mine } }], [mine])).toMatchObject([
    { check: 'primary', what: 'is flagged beside another primary' },
  ]);
});

test('a row of a change set without its event, an event without its row, a row without its set', async () => {
  const { changeSetId } = await merged();
  const partition = { pk: changeSetKey(changeSetId).pk, prefix: changeSetRowPrefix };
  const Row = z.looseObject({ pk: z.string(), sk: z.string(), eventId: z.string(), recordId: z.string() });
  const [row] = await database.app.table.all(partition, Row);
  if (!row) throw new Error('The merge has no rows');
  const event = eventKey({ objectType: '0-1', id: row.recordId }, row.eventId);
  const problemOfSet = (what: string) => expect.objectContaining({ check: 'change set', what });
  expect(await foundWith([{ remove: event }], [event])).toEqual([problemOfSet('its event is missing')]);
  expect(await foundWith([{ remove: row }], [row])).toEqual([problemOfSet('its row in the change set is missing')]);
  const key = changeSetKey(changeSetId);
  expect(await foundWith([{ remove: key }], [key])).toContainEqual(problemOfSet('its change set is missing'));
});
