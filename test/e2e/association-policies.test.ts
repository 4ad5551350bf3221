import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot, refusalOf } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

type Listed = { recordId: string; suggestions: { toObjectType: string; toObjectId: string; reason: string }[] };

async function own<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${local.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}
const put = (mode: string) =>
  own('PUT', '/crm/v1/association-policies', [
    { objectType: 'deals', requires: [{ anyOf: ['contacts'] }], mode, sources: ['api'] },
  ]);
const listed = async (id: string) =>
  (await own<{ results: Listed[] }>('GET', '/crm/v1/unassociated?objectType=deals')).results.find(
    ({ recordId }) => recordId === id,
  );
/** A second, on a machine that has much else to do. */
const aSecond = 3000;

test('a deal without a contact is in the list of the unassociated within a second, and leaves it when it gets one', async () => {
  const { basicApi } = client.crm.deals;
  await put('warn');
  await listed('1');
  const contact = await client.crm.contacts.basicApi.create({
    properties: { email: 'yamada@example.co.jp', advertiser_id: 'AD-777' },
  });
  const deal = await basicApi.create({ properties: { dealname: '紐づけのない取引', advertiser_id: 'ＡＤ－７７７' } });
  const found = await eventually('the deal in the list', () => listed(deal.id), aSecond);
  expect(found.suggestions).toEqual([{ toObjectType: '0-1', toObjectId: contact.id, reason: 'ADVERTISER_ID' }]);
  await client.crm.associations.v4.basicApi.createDefault('deals', deal.id, 'contacts', contact.id);
  await eventually('the deal to leave', async () => (await listed(deal.id)) === undefined, aSecond);
  await client.crm.contacts.basicApi.archive(contact.id);
  await eventually('the deal of an archived contact', () => listed(deal.id), aSecond);
});

test('a deal that is marked as one through an agency gets the company of the agency with its label', async () => {
  const deal = await client.crm.deals.basicApi.create({ properties: { dealname: '代理店の取引' } });
  await client.crm.deals.basicApi.update(deal.id, { properties: { via_agency: 'true', agency_name: '株式会社代理' } });
  const { results } = await eventually('the company', async () => {
    const page = await client.crm.associations.v4.basicApi.getPage('deals', deal.id, 'companies');
    return page.results.length > 0 && page;
  });
  expect(results[0]?.associationTypes.map(({ label }) => label)).toContain('代理店');
});

test("block: HubSpot's client is refused with 422 that names what is missing, and makes the deal with its contact", async () => {
  const { basicApi } = client.crm.deals;
  await put('block');
  const contact = await client.crm.contacts.basicApi.create({ properties: { email: 'sato@example.co.jp' } });
  const refused = await eventually(
    'the policy in every instance',
    () => refusalOf(basicApi.create({ properties: { dealname: '単独' } })).catch(() => undefined),
    10_000,
  );
  expect(refused).toMatchObject({ code: 422, body: { subCategory: 'ASSOCIATION_REQUIRED' } });
  const deal = await basicApi.create({
    properties: { dealname: '一緒' },
    associations: [
      {
        to: { id: contact.id },
        types: [{ associationCategory: 'HUBSPOT_DEFINED' as never, associationTypeId: 3 }],
      },
    ],
  });
  const last = client.crm.associations.v4.basicApi.archive('deals', deal.id, 'contacts', contact.id);
  expect(await refusalOf(last)).toMatchObject({ code: 422 });
});
