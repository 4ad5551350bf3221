import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as listAssociations } from '../../../functions/associations/list.ts';
import { handler as create } from '../../../functions/objects/create.ts';
import { handler as gdprDelete } from '../../../functions/objects/gdpr-delete.ts';
import { handler as get } from '../../../functions/objects/get.ts';
import { handler as update } from '../../../functions/objects/update.ts';
import { associate } from '../../../lib/associations/store.ts';
import { createList } from '../../../lib/lists/change.ts';
import { membersPage } from '../../../lib/lists/member-pages.ts';
import { changeMembers } from '../../../lib/lists/members.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { recordKey, uniqueKey } from '../../../lib/table/keys.ts';
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
const path = { objectType: 'contacts' };
let made = 0;
function email(): string {
  made += 1;
  return `erase${made}@example.co.jp`;
}
const contact = (properties: Record<string, string> = {}) =>
  createRecord(database.app, '0-1', { email: email(), ...properties });
const erase = (objectId: string, idProperty?: string) =>
  call(gdprDelete, { headers, path, body: { objectId, ...(idProperty && { idProperty }) } });
const read = (objectId: string, query = {}) => call(get, { headers, path: { ...path, objectId }, query });
const Row = z.looseObject({ sk: z.string() });
/** Everything that the table still holds with a record, as text. */
const leftOf = async (id: string) =>
  JSON.stringify(await database.app.table.all({ pk: recordKey({ objectType: '0-1', id }).pk }, Row));

test('an erased contact is gone at once, and its traces with it: log, associations, memberships', async () => {
  const record = await contact({ lastname: '消去', firstname: '花子', phone: '03-9999-8888' });
  await updateRecord(database.app, '0-1', record, { lastname: '消去済' });
  const firm = await createRecord(database.app, '0-2', { name: '会社' });
  await associate(database.app, record, firm, 'default');
  const list = await createList(database.app, { name: 'erased', objectTypeId: '0-1', processingType: 'MANUAL' });
  await changeMembers(database.app, list, { add: [record.id], remove: [] });
  expect((await erase(record.id)).status).toBe(204);
  expect((await read(record.id)).status).toBe(404);
  expect((await read(record.properties.email ?? '', { idProperty: 'email' })).status).toBe(404);
  await desk.drain();
  const left = await leftOf(record.id);
  for (const trace of ['消去', '花子', '9999', record.properties.email ?? '']) expect(left).not.toContain(trace);
  expect(left).toContain('record.erased');
  const associated = await call(listAssociations, {
    headers,
    path: { objectType: 'companies', objectId: firm.id, toObjectType: 'contacts' },
  });
  expect(associated.body).toEqual({ results: [] });
  expect((await membersPage(database.app, list.listId, { limit: 10 })).recordIds).toEqual([]);
  expect((await erase(record.id)).status).toBe(204);
});

test('the address does not come back by the API, but by a form', async () => {
  const record = await contact();
  const address = record.properties.email ?? '';
  await erase(address.toUpperCase(), 'email');
  await desk.drain();
  const refused = await call(create, { headers, path, body: { properties: { email: address } } });
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ subCategory: 'EMAIL_BLOCKLISTED' });
  const other = await contact();
  const changed = await call(update, {
    headers,
    path: { ...path, objectId: other.id },
    body: { properties: { email: address } },
  });
  expect(changed.status).toBe(400);
  const byForm = { ...database.app, actor: { kind: 'form' as const, id: '1' } };
  expect((await createRecord(byForm, '0-1', { email: address })).id).not.toBe(record.id);
});

test('an address that nobody has is blocked; an id that nobody has is not found', async () => {
  const address = email();
  expect((await erase(address, 'email')).status).toBe(204);
  expect((await call(create, { headers, path, body: { properties: { email: address } } })).status).toBe(400);
  expect((await erase('77')).status).toBe(404);
  expect((await erase('x', 'lastname')).status).toBe(400);
});

test('with a survivor go the records that were merged into it, whichever id is named', async () => {
  const [one, other] = [await contact(), await contact({ lastname: '旧姓' })];
  await mergeRecords(database.app, { objectType: '0-1', primaryId: one.id, otherId: other.id });
  await desk.drain();
  expect((await erase(other.id)).status).toBe(204);
  await desk.drain();
  for (const { id } of [one, other]) {
    expect((await read(id)).status).toBe(404);
    expect(await leftOf(id)).not.toContain('example.co.jp');
  }
  expect(await leftOf(other.id)).not.toContain('旧姓');
  const refused = await call(create, { headers, path, body: { properties: { email: other.properties.email } } });
  expect(refused.status).toBe(400);
});

test('with all the addresses that merges may bring, none of which comes back', async () => {
  const record = await contact();
  const further = Array.from({ length: 40 }, email);
  const { table } = database.app;
  const owner = { objectType: '0-1', id: record.id, property: 'email', entity: 'unique' };
  await table.commit([
    { update: recordKey(record), set: { aliases: { email: further } } },
    ...further.map((address) => ({ put: { ...uniqueKey('0-1', 'email', address), ...owner } })),
  ]);
  expect((await erase(record.id)).status).toBe(204);
  await desk.drain();
  expect((await read(record.id)).status).toBe(404);
  for (const address of [record.properties.email, further[0], further[39]]) {
    const refused = await call(create, { headers, path, body: { properties: { email: address } } });
    expect(refused.body).toMatchObject({ subCategory: 'EMAIL_BLOCKLISTED' });
  }
});

test('an archived contact is erased, too, and two requests at once erase once', async () => {
  const record = await contact({ lastname: '保管' });
  await archiveRecord(database.app, '0-1', record.id);
  const answers = await Promise.all([erase(record.id), erase(record.id)]);
  expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  await desk.drain();
  expect((await read(record.id, { archived: 'true' })).status).toBe(404);
  expect(await leftOf(record.id)).not.toContain('保管');
});
