import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot, refusalOf } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';

let local: LocalSystem;
let client: Client;
let customType = '';

beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
  const schema = await client.crm.schemas.coreApi.create({
    name: 'program_information',
    labels: { singular: 'プログラム情報', plural: 'プログラム情報' },
    primaryDisplayProperty: 'program_name',
    requiredProperties: ['program_id'],
    searchableProperties: ['program_id'],
    secondaryDisplayProperties: [],
    properties: [
      { name: 'program_id', label: 'プログラムID', type: 'string', fieldType: 'text', hasUniqueValue: true },
      { name: 'program_name', label: 'プログラム名', type: 'string', fieldType: 'text' },
    ],
    associatedObjects: ['CONTACT', '0-3'],
  } as never);
  customType = schema.objectTypeId ?? '';
});
afterAll(() => local?.stop());

type Sample = {
  readonly first: Record<string, string>;
  readonly second: Record<string, string>;
  readonly change: Record<string, string>;
  readonly unique?: string;
};
const timestamp = '2026-11-22T04:00:00.000Z';

const samples: Record<string, Sample> = {
  contacts: {
    first: { email: 'tanaka@example.co.jp', lastname: '田中', firstname: '太郎' },
    second: { email: 'sato@example.co.jp', lastname: '佐藤' },
    change: { jobtitle: '課長' },
    unique: 'email',
  },
  companies: {
    first: { name: '株式会社サンプル', domain: 'example.co.jp' },
    second: { name: '有限会社見本' },
    change: { city: '東京' },
  },
  deals: {
    first: {
      dealname: '新規広告',
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
      advertiser_id: 's00000012345678',
    },
    second: {
      dealname: '追加広告',
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
      advertiser_id: 's00000099999999',
    },
    change: { amount: '120000' },
    unique: 'advertiser_id',
  },
  tickets: {
    first: { subject: 'タグが動かない', hs_pipeline: '0', hs_pipeline_stage: '1' },
    second: { subject: '掲載可否', hs_pipeline: '0', hs_pipeline_stage: '1' },
    change: { hs_pipeline_stage: '2' },
  },
  notes: {
    first: { hs_timestamp: timestamp, hs_note_body: '決定事項' },
    second: { hs_timestamp: timestamp },
    change: { hs_note_body: '共有事項' },
  },
  calls: {
    first: { hs_timestamp: timestamp, hs_call_title: '確認' },
    second: { hs_timestamp: timestamp },
    change: { hs_call_body: '折り返し' },
  },
  emails: {
    first: { hs_timestamp: timestamp, hs_email_direction: 'EMAIL', hs_email_subject: 'ご案内' },
    second: { hs_timestamp: timestamp, hs_email_direction: 'EMAIL' },
    change: { hs_email_subject: '再送' },
  },
  tasks: {
    first: { hs_timestamp: timestamp, hs_task_subject: '架電' },
    second: { hs_timestamp: timestamp },
    change: { hs_task_subject: '訪問' },
  },
  meetings: {
    first: { hs_timestamp: timestamp, hs_meeting_title: '打合せ' },
    second: { hs_timestamp: timestamp },
    change: { hs_meeting_title: '定例' },
  },
  custom: {
    first: { program_id: 'P-1', program_name: '本店' },
    second: { program_id: 'P-2' },
    change: { program_name: '支店' },
    unique: 'program_id',
  },
};

describe.each(Object.entries(samples))('%s', (name, { first, second, change }) => {
  const type = () => (name === 'custom' ? customType : name);
  const basic = () => client.crm.objects.basicApi;
  const batch = () => client.crm.objects.batchApi;
  let id = '';

  test('a record is created, read by id, updated, listed', async () => {
    const created = await basic().create(type(), { properties: first, associations: [] });
    id = created.id;
    expect(created.properties).toMatchObject({ ...first, hs_object_id: id });

    expect((await basic().getById(type(), id, Object.keys(first))).properties).toMatchObject(first);
    const updated = await basic().update(type(), id, { properties: change });
    expect(updated.properties).toMatchObject(change);
    expect(updated.updatedAt.getTime()).toBeGreaterThan(created.updatedAt.getTime());

    const page = await basic().getPage(type(), 100, undefined, Object.keys(change));
    expect(page.results.find((record) => record.id === id)?.properties).toMatchObject(change);
    expect(page.paging).toBeUndefined();
  });

  test('the history of a property tells both values, newest first', async () => {
    const [property = '', value = ''] = Object.entries(change)[0] ?? [];
    const read = await basic().getById(type(), id, undefined, [property]);
    const values = (read.propertiesWithHistory?.[property] ?? []).map((entry) => entry.value);
    expect(values[0]).toBe(value);
    expect(values).toHaveLength(first[property] === undefined ? 1 : 2);
  });

  test('a batch is created, read, updated and archived', async () => {
    const made = await batch().create(type(), { inputs: [{ properties: second, associations: [] }] });
    const [row] = made.results;
    expect(made.status).toBe('COMPLETE');
    expect(row?.properties).toMatchObject(second);
    const inputs = [{ id: row?.id ?? '' }];

    const read = await batch().read(type(), { inputs, properties: Object.keys(second), propertiesWithHistory: [] });
    expect(read.results.map((record) => record.properties)).toEqual([expect.objectContaining(second)]);

    const updated = await batch().update(type(), { inputs: [{ id: row?.id ?? '', properties: change }] });
    expect(updated.results[0]?.properties).toMatchObject(change);

    await batch().archive(type(), { inputs });
    expect(await refusalOf(basic().getById(type(), row?.id ?? ''))).toMatchObject({ code: 404 });
  });

  test('an archived record is gone from the list and found among the archived', async () => {
    await basic().archive(type(), id);
    expect(await refusalOf(basic().getById(type(), id))).toMatchObject({ code: 404 });
    const live = await basic().getPage(type(), 100);
    expect(live.results.map((record) => record.id)).not.toContain(id);
    const archived = await basic().getPage(type(), 100, undefined, undefined, undefined, undefined, true);
    expect(archived.results.map((record) => record.id)).toContain(id);
    expect((await basic().getById(type(), id, undefined, undefined, undefined, true)).archived).toBe(true);
    await basic().archive(type(), id);
  });
});

test('records are found by filters, associations and sorts, page by page', async () => {
  const { contacts, companies } = client.crm;
  const company = await companies.basicApi.create({ properties: { name: '検索商事' }, associations: [] });
  const made = await contacts.batchApi.create({
    inputs: ['b', 'c', 'a'].map((lastname) => ({
      properties: { lastname, company: '検索商事' },
      associations: [
        {
          to: { id: company.id },
          types: [{ associationCategory: 'HUBSPOT_DEFINED' as never, associationTypeId: 279 }],
        },
      ],
    })),
  });
  expect(made.results).toHaveLength(3);
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await contacts.searchApi.doSearch({
      filterGroups: [
        { filters: [{ propertyName: 'associations.company', operator: 'EQ' as never, value: company.id }] },
        { filters: [{ propertyName: 'company', operator: 'EQ' as never, value: '検索商事' }] },
      ],
      sorts: ['-lastname'],
      properties: ['lastname'],
      limit: 2,
      ...(after && { after }),
    });
    expect(page.total).toBe(3);
    found.push(...page.results.map(({ properties }) => properties.lastname ?? ''));
    after = page.paging?.next?.after;
  } while (after);
  expect(found).toEqual(['c', 'b', 'a']);
  expect((await client.crm.objects.searchApi.doSearch(customType, { limit: 200 })).paging).toBeUndefined();
});

const uniques = Object.entries(samples).flatMap(([name, sample]) =>
  sample.unique ? [[name, sample, sample.unique] as const] : [],
);

describe.each(uniques)('%s by their unique property', (name, { first, second, change }, unique) => {
  const type = () => (name === 'custom' ? customType : name);
  const of = (properties: Record<string, string>) => `u${properties[unique] ?? ''}`;
  const rows = () =>
    [first, second].map((properties) => ({
      id: of(properties),
      idProperty: unique,
      properties: { ...properties, [unique]: of(properties) },
    }));

  test('a record is read and updated by it', async () => {
    const { basicApi } = client.crm.objects;
    const { id } = await basicApi.create(type(), { properties: { ...first, [unique]: of(first) }, associations: [] });
    expect((await basicApi.getById(type(), of(first), undefined, undefined, undefined, false, unique)).id).toBe(id);
    expect((await basicApi.update(type(), of(first), { properties: change }, unique)).properties).toMatchObject(change);
  });

  test('a batch upsert makes what is new and changes what is known', async () => {
    const { results } = await client.crm.objects.batchApi.upsert(type(), { inputs: rows() });
    const isNew = results.map((row) => [row.properties[unique], (row as { _new?: boolean })._new]);
    expect(Object.fromEntries(isNew)).toEqual({ [of(first)]: false, [of(second)]: true });
  });
});

test('one record answers under the plural, the singular, the type id and the fully qualified name', async () => {
  const { id } = await client.crm.contacts.basicApi.create({ properties: { lastname: '高橋' }, associations: [] });
  for (const segment of ['contacts', 'contact', '0-1']) {
    expect((await client.crm.objects.basicApi.getById(segment, id)).id).toBe(id);
  }
  const program = await client.crm.objects.basicApi.create(customType, {
    properties: { program_id: 'P-9' },
    associations: [],
  });
  for (const segment of [
    'program_information',
    'p_program_information',
    `p${local.portalId}_program_information`,
    customType,
  ]) {
    expect((await client.crm.objects.basicApi.getById(segment, program.id)).id).toBe(program.id);
  }
});

test('an id of another type is not found', async () => {
  const { id } = await client.crm.companies.basicApi.create({ properties: { name: '別の会社' }, associations: [] });
  expect(await refusalOf(client.crm.contacts.basicApi.getById(id))).toMatchObject({
    code: 404,
    body: { status: 'error' },
  });
});

test('a second contact with the same e-mail, in any letter case, is refused with the id of the first', async () => {
  const { id } = await client.crm.contacts.basicApi.create({
    properties: { email: 'Suzuki@Example.co.jp' },
    associations: [],
  });
  for (const email of ['suzuki@example.co.jp', 'SUZUKI@EXAMPLE.CO.JP', ' suzuki@example.co.jp ']) {
    const { code, body } = await refusalOf(
      client.crm.contacts.basicApi.create({ properties: { email }, associations: [] }),
    );
    expect({ code, category: body.category, message: body.message }).toEqual({
      code: 409,
      category: 'CONFLICT',
      message: `Contact already exists. Existing ID: ${id}`,
    });
  }
});

test('a list is paged by a cursor, and the last page has no paging key', async () => {
  await client.crm.companies.batchApi.create({
    inputs: Array.from({ length: 25 }, (_, n) => ({ properties: { name: `会社${n}` }, associations: [] })),
  });
  const all = await client.crm.companies.getAll(10);
  const names = new Set(all.map(({ properties }) => properties.name));
  expect(Array.from({ length: 25 }, (_, n) => names.has(`会社${n}`)).every(Boolean)).toBe(true);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

test('the table agrees with itself at the end', () => expectVerified(local));
