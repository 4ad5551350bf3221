import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler } from '../../../functions/objects/search.ts';
import { associate } from '../../../lib/associations/store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { bringTextUpToDate } from '../../../lib/text/project.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

type Page = {
  total: number;
  results: { id: string; properties: Record<string, string | null>; associations?: Record<string, unknown> }[];
  paging?: { next: { after: string; link: string } };
};

let database: Database;
const ids: string[] = [];
let companyId = '';
beforeAll(async () => {
  database = await startDatabase();
  companyId = (await createRecord(database.app, 'companies', { name: '株式会社サンプル' })).id;
  for (let n = 0; n < 25; n += 1) {
    const { id } = await createRecord(database.app, '0-1', {
      lastname: n % 2 ? '田中' : '髙橋',
      email: `p${n}@example.co.jp`,
      company: `会社${n % 5}`,
      city: n % 2 ? '東京' : '大阪',
    });
    ids.push(id);
  }
  await associate(
    database.app,
    { objectType: '0-1', id: ids[3] ?? '' },
    { objectType: '0-2', id: companyId },
    'default',
  );
  await bringTextUpToDate(
    database.app,
    ids.map((id) => ({ objectType: '0-1', id })),
  );
});
afterAll(() => database.close());

async function search(body: unknown, objectType = 'contacts') {
  const url = `/crm/v3/objects/${objectType}/search`;
  const answer = await call(handler, { url, path: { objectType }, body, headers: bearer() });
  return {
    ...answer,
    body: answer.body as Page & { category: string; message: string; errors: { context: object }[] },
  };
}
const filters = (propertyName: string, operator: string, operands: object = {}) => ({
  filters: [{ propertyName, operator, ...operands }],
});

describe('a search', () => {
  test('of nothing finds everything, ten at a time, oldest first', async () => {
    const { status, body } = await search({});
    expect(status).toBe(200);
    expect(body.results.map(({ id }) => id)).toEqual(ids.slice(0, 10));
    expect(body.paging?.next.link).toMatch(/^https:\/\/api\.test\/crm\/v3\/objects\/contacts\/search\?after=/);
    expect((await search({ limit: 200 })).body.paging).toBeUndefined();
  });

  test.each([
    ['lastname'],
    ['-lastname'],
    [{ propertyName: 'lastname', direction: 'DESCENDING' }],
  ])('takes the sort %j', async (sort) => {
    const { body } = await search({ sorts: [sort], limit: 1 });
    expect(body.results[0]?.properties.lastname).toBe(sort === 'lastname' ? '田中' : '髙橋');
  });

  test('shows the properties asked for, and associations only on request', async () => {
    const named = { ...filters('associations.company', 'EQ', { value: companyId }), properties: ['city'] };
    const { body } = await search(named);
    expect(body).toMatchObject({ total: 1, results: [{ id: ids[3], properties: { city: '東京' } }] });
    expect(body.results[0]?.associations).toBeUndefined();
    const full = await search({ ...named, associations: ['companies'] });
    expect(full.body.results[0]?.associations?.companies).toBeDefined();
  });

  test('finds by text, kanji variants too', async () => {
    const { body } = await search({ query: '高橋', limit: 20 });
    expect([body.total, body.results.length]).toEqual([13, 13]);
  });

  test('sees what was written a moment ago', async () => {
    const { id } = await createRecord(database.app, '0-1', { email: 'new@example.co.jp', company: '新しい会社' });
    expect((await search(filters('email', 'EQ', { value: 'NEW@example.co.jp' }))).body.total).toBe(1);
    await updateRecord(database.app, '0-1', { id }, { company: '別の会社' });
    expect((await search(filters('company', 'EQ', { value: '新しい会社' }))).body.total).toBe(0);
    await archiveRecord(database.app, '0-1', id);
    expect((await search(filters('company', 'EQ', { value: '別の会社' }))).body.total).toBe(0);
  });

  test('returns no record twice when others go between two pages', async () => {
    const five = { ...filters('company', 'EQ', { value: '会社1' }), limit: 2 };
    const extra = await createRecord(database.app, '0-1', { company: '会社1' });
    const first = await search({ ...five, sorts: ['-createdate'] });
    await archiveRecord(database.app, '0-1', extra.id);
    const second = await search({ ...five, sorts: ['-createdate'], after: first.body.paging?.next.after });
    const seen = [...first.body.results, ...second.body.results].map(({ id }) => id);
    expect(seen).toEqual([extra.id, ids[21], ids[16], ids[11]]);
  });

  test('takes an offset as HubSpot does, up to 10,000', async () => {
    expect((await search({ after: '20', limit: 2 })).body.results.map(({ id }) => id)).toEqual(ids.slice(20, 22));
    expect((await search({ after: 10_000 })).body.results).toEqual([]);
    expect(await search({ after: '10001' })).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  });
});

describe('a search that cannot be answered is a 400', () => {
  const group = (count: number) => ({
    filters: Array.from({ length: count }, () => filters('city', 'HAS_PROPERTY').filters[0]),
  });
  test.each([
    ['a filter on a missing property', filters('nothing', 'EQ', { value: '1' })],
    ['an operator without its value', filters('lastname', 'EQ')],
    ['BETWEEN without its upper bound', filters('createdate', 'BETWEEN', { value: '2026-01-01' })],
    ['a value of another type', filters('createdate', 'GT', { value: 'soon' })],
    ['an unknown operator', filters('lastname', 'LIKE', { value: 'a' })],
    ['an order of associations', filters('associations.company', 'GT', { value: '1' })],
    ['an unknown type of associations', filters('associations.nothing', 'EQ', { value: '1' })],
    ['an unknown sort', { sorts: ['nothing'] }],
    ['more than 200 results', { limit: 201 }],
    ['six groups', { filterGroups: Array.from({ length: 6 }, () => group(1)) }],
    ['seven filters in a group', { filterGroups: [group(7)] }],
    ['nineteen filters', { filterGroups: [group(6), group(6), group(6), group(1)] }],
    ['a cursor that nobody gave out', { after: 'cAbc.def' }],
  ])('%s', async (_, body) => {
    expect(await search(body)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  });

  test('a cursor of another search, or a changed one', async () => {
    const after = (await search({ limit: 2 })).body.paging?.next.after ?? '';
    expect((await search({ limit: 2, after })).status).toBe(200);
    expect((await search({ sorts: ['city'], after })).body.message).toContain('another search');
    expect((await search({ after: `${after.slice(0, 5)}x${after.slice(6)}` })).status).toBe(400);
  });

  test('which names the property', async () => {
    const { body } = await search(filters('nothing', 'EQ', { value: '1' }));
    expect(body.message).toContain('There was a problem with the request.');
    expect(body.errors[0]?.context).toEqual({ propertyName: ['nothing'] });
  });
});
