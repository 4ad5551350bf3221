import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler } from '../../../functions/search/everything.ts';
import { hashToken } from '../../../lib/core/token.ts';
import { archiveRecord, type CrmRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { SchemaCreate } from '../../../lib/schemas/input.ts';
import { insertSchema } from '../../../lib/schemas/store.ts';
import { tokenKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { allEvents, deliver } from '../../support/reports.ts';

let database: Database;
let deal: CrmRecord;
let person: CrmRecord;
let ticket: CrmRecord;
let company: CrmRecord;
let program: CrmRecord;
beforeAll(async () => {
  database = await startDatabase();
  const create = (type: string, values: Record<string, string>) => createRecord(database.app, type, values);
  const property = (name: string, hasUniqueValue: boolean) => ({
    name,
    label: name,
    type: 'string',
    fieldType: 'text',
    hasUniqueValue,
  });
  const { objectTypeId } = await insertSchema(
    database.app,
    SchemaCreate.parse({
      name: 'program_information',
      labels: { singular: 'プログラム' },
      primaryDisplayProperty: 'program_name',
      searchableProperties: ['program_id', 'program_name'],
      properties: [property('program_id', true), property('program_name', false)],
    }),
  );
  const stage = { pipeline: 'default', dealstage: 'qualifiedtobuy' };
  deal = await create('0-3', { dealname: 'サンプル商事 定期コース', advertiser_id: ' ｓ00000012345678 ', ...stage });
  await create('0-3', { dealname: '別の取引', advertiser_id: 's00000099999999', ...stage });
  person = await create('0-1', {
    lastname: '髙﨑',
    firstname: '太郎',
    lastname_kana: 'タカサキ',
    firstname_kana: 'タロウ',
    email: 'taro@example.co.jp',
    phone: '03-1234-5678 内線12',
    advertiser_id: 's00000012345678',
  });
  ticket = await create('0-5', {
    subject: '計測の件',
    advertiser_id: 's00000012345678',
    hs_pipeline: '0',
    hs_pipeline_stage: '1',
  });
  company = await create('0-2', {
    name: '株式会社サンプル商事',
    domain: 'sample.example',
    phone: '０３（９８７６）５４３２代表',
  });
  program = await create(objectTypeId, { program_id: 'p09000001', program_name: '会員登録プログラム' });
  await deliver(await allEvents(database.app));
  await limited('contacts-only', ['crm.objects.contacts.read']);
});
afterAll(() => database.close());

const limited = (secret: string, scopes: string[]) =>
  database.app.table.commit([
    {
      put: {
        ...tokenKey(hashToken(secret)),
        tokenId: '2',
        name: 'test',
        scopes,
        createdAt: '2026-11-22T00:00:00.000Z',
      },
    },
  ]);

type Result = { objectType: string; id: string; title: string; matched: { property: string; value: string } };
async function search(query: string, more: object = {}, secret?: string) {
  const answer = await call(handler, { body: { query, ...more }, headers: bearer(secret) });
  return { ...answer, results: (answer.body as { results?: Result[] }).results ?? [] };
}
const firstOf = async (query: string) => (await search(query)).results[0];

describe('the search box finds', () => {
  test.each([
    's00000012345678',
    'ｓ００００００１２３４５６７８',
    'S00000012345678',
    '　s00000012345678 ',
  ])('a deal first by its 広告主ID %s, and then who else has it', async (query) => {
    const { results } = await search(query);
    expect(results[0]).toEqual({
      objectType: '0-3',
      id: deal.id,
      title: 'サンプル商事 定期コース',
      matched: { property: 'advertiser_id', value: 's00000012345678' },
    });
    expect(
      results
        .slice(1)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([person.id, ticket.id].toSorted());
  });

  test.each(['s00000', 'ｓ０００００', 's0000001234'])('deals first by the beginning %s of it', async (query) => {
    expect(await firstOf(query)).toMatchObject({ objectType: '0-3', matched: { property: 'advertiser_id' } });
    expect((await search(query, { objectTypes: ['deals'] })).results.map(({ id }) => id)).toContain(deal.id);
  });

  test.each(['p09000001', 'Ｐ０９０００００１', 'p09000'])('a program by its プログラムID %s', async (query) => {
    expect(await firstOf(query)).toMatchObject({ id: program.id, title: '会員登録プログラム' });
  });

  test.each([
    ['taro@example.co.jp', 'email'],
    ['ＴＡＲＯ＠example.co.jp', 'email'],
    ['高崎太郎', 'lastname'],
    ['髙﨑　太郎', 'lastname'],
    ['高﨑', 'lastname'],
    ['たかさき', 'lastname_kana'],
    ['ﾀｶｻｷ ﾀﾛｳ', 'lastname_kana'],
    ['03-1234-5678', 'phone'],
    ['０３－１２３４－５６７８', 'phone'],
    ['0312345678', 'phone'],
    ['+81 3-1234-5678', 'phone'],
    ['+81312345678', 'phone'],
    ['(03)1234-5678 内線12', 'phone'],
    ['03-1234', 'phone'],
  ])('a person by %s', async (query, property) => {
    expect(await firstOf(query)).toMatchObject({ id: person.id, title: '髙﨑 太郎', matched: { property } });
  });

  test('a company by its name, its number and its id', async () => {
    for (const query of ['サンプル商事', 'ｻﾝﾌﾟﾙ商事', '03-9876-5432', company.id])
      expect((await search(query, { objectTypes: ['company'] })).results).toMatchObject([
        { id: company.id, title: '株式会社サンプル商事' },
      ]);
  });

  test('what was saved a moment ago, by its unique value or number, before the projector has heard of it', async () => {
    const fresh = await createRecord(database.app, '0-1', { email: 'just.now@example.co.jp', phone: '090-1111-2222' });
    expect(await firstOf('just.now@example.co.jp')).toMatchObject({ id: fresh.id, title: 'just.now@example.co.jp' });
    expect(await firstOf('９０９０')).toBeUndefined();
    expect(await firstOf('０９０１１１１２２２２')).toMatchObject({ id: fresh.id });
    await updateRecord(database.app, '0-1', { id: fresh.id }, { email: 'moved@example.co.jp' });
    expect(await firstOf('just.now@example.co.jp')).toBeUndefined();
    await archiveRecord(database.app, '0-1', fresh.id);
    expect(await firstOf('moved@example.co.jp')).toBeUndefined();
  });

  test('nothing that the token may not read', async () => {
    const { results } = await search('s00000012345678', {}, 'contacts-only');
    expect(results.map(({ id }) => id)).toEqual([person.id]);
    expect(await search('s00000012345678', { objectTypes: ['deals'] }, 'contacts-only')).toMatchObject({
      status: 403,
      body: { category: 'MISSING_SCOPES' },
    });
  });

  test('companies by a word that all of them have', async () => {
    expect((await search('株式会社', { objectTypes: ['companies'] })).results).toMatchObject([{ id: company.id }]);
  });

  test('no more than asked for', async () => {
    expect((await search('s00000', { limit: 2 })).results).toHaveLength(2);
  });
});

test.each([
  [{}, 400],
  [{ query: '   ' }, 400],
  [{ query: 'a', limit: 51 }, 400],
  [{ query: 'a', limit: 0 }, 400],
  [{ query: 'a', filter: 1 }, 400],
  [{ query: 'a', objectTypes: ['nothing'] }, 400],
  [{ query: 'あ'.repeat(501) }, 400],
  [{ query: '!?#' }, 200],
  [{ query: '\u0000\ud800' }, 200],
  [{ query: 'あ'.repeat(500) }, 200],
])('%o answers %i', async (body, status) => {
  expect((await call(handler, { body, headers: bearer() })).status).toBe(status);
});
