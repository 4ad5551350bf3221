import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findByValue, readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { present } from '../../../lib/table/conditions.ts';
import { AlreadyDone, PreconditionFailed } from '../../../lib/table/once.ts';
import { costOf, startStand } from './stand.ts';

let stand: Awaited<ReturnType<typeof startStand>>;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.stop());

const contacts = { objectType: 'contacts' };
const create = (properties: Record<string, unknown>, objectType = 'contacts') =>
  stand.request('objects/create', { path: { objectType }, body: { properties } });
const idOf = async (properties: Record<string, unknown>) => String((await create(properties)).body.id);
const get = (objectId: string, query: Record<string, string> = {}, objectType = 'contacts') =>
  stand.request('objects/get', { path: { objectType, objectId }, query });
const update = (objectId: string, properties: Record<string, unknown>, query: Record<string, string> = {}) =>
  stand.request('objects/update', { path: { ...contacts, objectId }, query, body: { properties } });
const archive = (objectId: string) => stand.request('objects/archive', { path: { ...contacts, objectId } });

const tenProperties = (email: string) => ({
  email,
  firstname: '太郎',
  lastname: '田中',
  phone: '03-1234-5678',
  company: '株式会社サンプル',
  city: '東京',
  jobtitle: '部長',
  website: 'https://sample.example',
  mobilephone: '090-1234-5678',
  zip: '100-0001',
});

describe('a record', () => {
  test('is created with a Location and read back under every name of its type', async () => {
    const { status, body, headers } = await create({ email: ' New@Example.com ', firstname: 7 });
    expect(status).toBe(201);
    expect(headers.location).toBe(`https://api.test/crm/v3/objects/contacts/${body.id}`);
    expect(body.properties).toMatchObject({ email: 'new@example.com', firstname: '7', hs_object_id: body.id });
    for (const name of ['contacts', 'contact', '0-1', 'Contacts']) {
      expect((await get(String(body.id), {}, name)).body.id).toBe(body.id);
    }
  });

  test('shows the defaults, null for what is not set, and leaves unknown names out', async () => {
    const id = await idOf({ email: 'shown@example.com' });
    expect((await get(id)).body.properties).toMatchObject({
      email: 'shown@example.com',
      firstname: null,
      lastname: null,
    });
    const { body } = await get(id, { properties: 'zip,city,no_such_property' });
    expect(Object.keys(body.properties ?? {})).toEqual([
      'city',
      'createdate',
      'hs_object_id',
      'lastmodifieddate',
      'zip',
    ]);
    expect(body.properties?.city).toBeNull();
  });

  test('is found by its e-mail in any letter case, and not by a property that is not unique', async () => {
    const id = await idOf({ email: 'by-mail@example.com', city: '大阪' });
    expect((await get('BY-MAIL@example.com', { idProperty: 'email' })).body.id).toBe(id);
    expect(await get('大阪', { idProperty: 'city' })).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR' },
    });
    expect((await get('nobody@example.com', { idProperty: 'email' })).status).toBe(404);
  });

  test('of another type is not found by its id', async () => {
    const id = await idOf({ email: 'typed@example.com' });
    expect(await get(id, {}, 'deals')).toMatchObject({ status: 404, body: { message: 'resource not found' } });
    expect(await get('abc')).toMatchObject({
      status: 404,
      body: {
        category: 'OBJECT_NOT_FOUND',
        message: 'Object not found.  objectId are usually numeric.',
        context: { id: ['abc'] },
      },
    });
  });

  test('tells the history of a property, newest first', async () => {
    const id = await idOf({ email: 'history@example.com', city: '東京' });
    await update(id, { city: '大阪' });
    await update(id, { city: '' });
    const { body } = await get(id, { propertiesWithHistory: 'city' });
    expect(body.propertiesWithHistory?.city?.map(({ value }) => value)).toEqual(['', '大阪', '東京']);
    expect(body.propertiesWithHistory?.city?.[0]).toMatchObject({ sourceType: 'INTEGRATION', sourceId: '7' });
    expect(body.properties?.city).toBeNull();
  });

  test('is not written when nothing changes', async () => {
    const id = await idOf({ email: 'same@example.com', city: '東京' });
    const before = (await get(id)).body;
    const answer = await update(id, { city: '東京' });
    expect(answer.status).toBe(200);
    expect(costOf(answer).wru).toBe(0);
    expect((await get(id)).body).toEqual(before);
  });
});

describe('unique values', () => {
  test('follow a change: the old one is free, the new one is taken', async () => {
    const id = await idOf({ email: 'before@example.com' });
    const other = await idOf({ email: 'other@example.com' });
    expect((await update(id, { email: 'after@example.com' })).status).toBe(200);
    expect((await update(other, { email: 'AFTER@example.com' })).body.message).toBe(
      `Contact already exists. Existing ID: ${id}`,
    );
    expect((await create({ email: 'before@example.com' })).status).toBe(201);
    expect((await get('after@example.com', { idProperty: 'email' })).body.id).toBe(id);
  });

  test('are free again when their record is archived', async () => {
    const id = await idOf({ email: 'reused@example.com' });
    expect((await archive(id)).status).toBe(204);
    const second = await create({ email: 'reused@example.com' });
    expect(second.status).toBe(201);
    expect((await get('reused@example.com', { idProperty: 'email' })).body.id).toBe(second.body.id);
  });
});

describe('the archive', () => {
  test('takes a record out of reads and lists, and shows it when asked', async () => {
    const id = await idOf({ email: 'archived@example.com' });
    await archive(id);
    expect((await get(id)).status).toBe(404);
    expect((await update(id, { city: '東京' })).status).toBe(404);
    expect((await get(id, { archived: 'true' })).body).toMatchObject({
      id,
      archived: true,
      archivedAt: expect.any(String),
    });
    const { body } = await stand.request('objects/list', { path: contacts, query: { archived: 'true', limit: '100' } });
    expect(body.results?.map((record) => record.id)).toContain(id);
    const live = await stand.request('objects/list', { path: contacts, query: { limit: '100' } });
    expect(live.body.results?.map((record) => record.id)).not.toContain(id);
  });

  test('does not mind a record that is archived already or never was', async () => {
    const id = await idOf({ email: 'twice@example.com' });
    expect((await archive(id)).status).toBe(204);
    expect((await archive(id)).status).toBe(204);
    expect((await archive('123')).status).toBe(204);
  });
});

test('a list is paged by the last id, and its last page has no paging', async () => {
  for (let turn = 0; turn < 5; turn += 1) await create({ name: `会社${turn}` }, 'companies');
  const seen: string[] = [];
  let query: Record<string, string> = { limit: '2', properties: 'name' };
  for (;;) {
    const { body } = await stand.request('objects/list', {
      path: { objectType: 'companies' },
      url: '/crm/v3/objects/companies',
      query,
    });
    seen.push(...(body.results?.map(({ properties }) => String(properties?.name)) ?? []));
    if (!body.paging) break;
    expect(body.paging.next?.link).toContain(
      'https://api.test/crm/v3/objects/companies?limit=2&properties=name&after=',
    );
    query = { ...query, after: String(body.paging.next?.after) };
  }
  expect(seen).toEqual(['会社0', '会社1', '会社2', '会社3', '会社4']);
  const wrong = await stand.request('objects/list', { path: contacts, query: { limit: '101' } });
  expect(wrong).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  const history = await stand.request('objects/list', {
    path: contacts,
    query: { limit: '51', propertiesWithHistory: 'city' },
  });
  expect(history.status).toBe(400);
});

describe('the costs', () => {
  test('stay within what the design allows', async () => {
    await create({ email: 'warm@example.com' });
    const created = await create(tenProperties('cost@example.com'));
    expect(costOf(created)).toMatchObject({ calls: 1, rru: 0 });
    expect(costOf(created).wru).toBeLessThanOrEqual(60);
    const id = String(created.body.id);
    const read = costOf(await get(id));
    expect(read.calls).toBe(1);
    expect(read.rru).toBeLessThanOrEqual(1);
    const updated = costOf(await update(id, { firstname: '次郎' }));
    expect(updated.calls).toBe(2);
    expect(updated.wru).toBeLessThanOrEqual(20);
    const renamed = costOf(await update(id, { email: 'cost@other.example.com' }));
    expect(renamed.calls).toBe(2);
    expect(renamed.wru).toBeLessThanOrEqual(20);
    const listed = await stand.request('objects/list', { path: contacts, query: { limit: '100' } });
    expect(costOf(listed).calls).toBe(1);
  });
});

describe('what is too large', () => {
  test('is refused when it is one value, and nothing is written', async () => {
    const answer = await create({ email: 'long@example.com', address: 'あ'.repeat(70_000) });
    expect(answer).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
    expect((await get('long@example.com', { idProperty: 'email' })).status).toBe(404);
  });

  test('is refused when it is a record of more than 400 KB, and nothing is written', async () => {
    const names = ['address', 'city', 'company', 'jobtitle', 'state', 'zip', 'country', 'industry', 'fax'];
    const properties = Object.fromEntries(names.map((name) => [name, 'x'.repeat(60_000)]));
    const answer = await create({ email: 'heavy@example.com', ...properties });
    expect(answer).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
    expect((await get('heavy@example.com', { idProperty: 'email' })).status).toBe(404);
  });

  test('is refused when it needs more than 100 writes, and nothing is written', async () => {
    const companies = await stand.request('objects/batch-create', {
      path: { objectType: 'companies' },
      body: { inputs: Array.from({ length: 40 }, (_, position) => ({ properties: { name: `多数${position}` } })) },
    });
    const associations = companies.body.results?.map(({ id }) => ({
      to: { id },
      types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }],
    }));
    const answer = await stand.request('objects/create', {
      path: contacts,
      body: { properties: { email: 'crowd@example.com' }, associations },
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR', subCategory: 'REQUEST_TOO_LARGE' },
    });
    expect((await get('crowd@example.com', { idProperty: 'email' })).status).toBe(404);
  });
});

describe('the store', () => {
  test('makes an effect once: the second time tells what the first one left', async () => {
    const once = ({ id }: { id: string }) => ({ pk: 'mark#1', sk: 'mark', recordId: id });
    const { id } = await createRecord(stand.app, '0-1', { email: 'once@example.com' }, { once });
    const again = createRecord(stand.app, '0-1', { email: 'once@example.com' }, { once });
    await expect(again).rejects.toMatchObject({ name: 'AlreadyDone', mark: { recordId: id } });
    await expect(again).rejects.toBeInstanceOf(AlreadyDone);
  });

  test('writes nothing when the condition of a caller does not hold', async () => {
    const also = () => [{ check: { pk: 'nowhere', sk: 'nothing' }, when: present }];
    const refused = createRecord(stand.app, '0-1', { email: 'also@example.com' }, { also });
    await expect(refused).rejects.toBeInstanceOf(PreconditionFailed);
    expect(await readRecord(stand.app, '0-1', { id: 'also@example.com', idProperty: 'email' })).toBeUndefined();
  });

  test('leaves the mark of a change that changes nothing', async () => {
    const { id } = await createRecord(stand.app, '0-1', { email: 'marked@example.com', city: '東京' });
    const once = () => ({ pk: 'mark#2', sk: 'mark' });
    await updateRecord(stand.app, '0-1', { id }, { city: '東京' }, { once });
    await expect(updateRecord(stand.app, '0-1', { id }, { city: '東京' }, { once })).rejects.toBeInstanceOf(
      AlreadyDone,
    );
  });

  test('finds records by an indexed value the moment they are written', async () => {
    const first = await createRecord(stand.app, '0-2', { name: '検索#商事' });
    const second = await createRecord(stand.app, '0-2', { name: '検索#商事' });
    await createRecord(stand.app, '0-2', { name: '検索#商事#別' });
    expect(await findByValue(stand.app, '0-2', 'name', '検索#商事', 10)).toEqual([first.id, second.id]);
    await updateRecord(stand.app, '0-2', { id: first.id }, { name: '改名' });
    expect(await findByValue(stand.app, '0-2', 'name', '検索#商事', 10)).toEqual([second.id]);
  });
});
