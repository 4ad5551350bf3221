import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

type Found = { readonly objectType: string; readonly id: string; readonly title: string };

async function ask(method: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${local.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const search = async (query: string) =>
  ((await ask('POST', '/crm/v1/search', { query })) as { results: Found[] }).results;
const finds = async (query: string, id: string) => (await search(query)).some((found) => found.id === id);

test('what a person types into the search box finds the record, and follows every change of it', async () => {
  const person = await client.crm.contacts.basicApi.create({
    properties: { lastname: '渡邉', firstname: '花子', lastname_kana: 'ワタナベ', phone: '03-1234-5678 内線12' },
    associations: [],
  });
  const deal = await client.crm.deals.basicApi.create({
    properties: {
      dealname: 'サンプル商事',
      pipeline: 'default',
      dealstage: 'closedwon',
      advertiser_id: 's00000012345678',
    },
    associations: [],
  });
  expect((await search('ｓ００００００１２３４５６７８'))[0]).toMatchObject({ objectType: '0-3', id: deal.id });
  for (const query of ['渡辺花子', 'わたなべ', '０３－１２３４－５６７８', '+81 3-1234-5678'])
    await eventually(query, () => finds(query, person.id));
  await eventually('the beginning of the id', () => finds('s00000', deal.id));

  await client.crm.contacts.basicApi.update(person.id, { properties: { lastname: '齋藤', lastname_kana: 'ｻｲﾄｳ' } });
  await eventually('the new name', () => finds('斎藤花子', person.id));
  expect(await search('渡辺')).toEqual([]);
  await client.crm.contacts.basicApi.archive(person.id);
  await eventually('the archive', async () => (await search('斎藤花子')).length === 0);
});

test('records of a type that is searched by another property are indexed anew', async () => {
  const property = (name: string) => ({ name, label: name, type: 'string', fieldType: 'text' });
  const schema = (await ask('POST', '/crm-object-schemas/v3/schemas', {
    name: 'media',
    labels: { singular: '媒体', plural: '媒体' },
    primaryDisplayProperty: 'media_name',
    searchableProperties: ['media_name'],
    requiredProperties: [],
    properties: [property('media_name'), property('genre')],
  })) as { objectTypeId: string };
  const path = `/crm/v3/objects/${schema.objectTypeId}`;
  const { id } = (await ask('POST', path, { properties: { media_name: '比較ナビ', genre: '金融比較' } })) as {
    id: string;
  };
  await eventually('its name', () => finds('比較ナビ', id));
  expect(await search('金融')).toEqual([]);

  await ask('PATCH', `/crm-object-schemas/v3/schemas/${schema.objectTypeId}`, {
    searchableProperties: ['media_name', 'genre'],
  });
  await fetch(`${local.localUrl}/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: 180_000 }) });
  await eventually('its genre', () => finds('金融', id));
});

test('the table agrees with itself at the end', () => expectVerified(local));
