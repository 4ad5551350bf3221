import type { Client } from '@hubspot/api-client';
import type { ListCreateRequest } from '@hubspot/api-client/lib/codegen/crm/lists/index.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { allOf, associatedWith, property } from '../support/dynamic-lists.ts';
import { hubspot } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { settle } from '../support/settle.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

const isA = (city: string) =>
  property('city', { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: [city] });

async function listOf(name: string, objectTypeId: string, filterBranch: unknown): Promise<string> {
  const body = { name, objectTypeId, processingType: 'DYNAMIC', filterBranch } as ListCreateRequest;
  const { list } = await client.crm.lists.listsApi.create(body);
  await eventually('the back-fill', async () => {
    return (await client.crm.lists.listsApi.getById(list.listId)).list.processingStatus === 'COMPLETE';
  });
  return list.listId;
}
const members = async (listId: string) =>
  (await client.crm.lists.membershipsApi.getPage(listId)).results.map(({ recordId }) => recordId);
const has = (listId: string, ...ids: readonly string[]) =>
  eventually(`${ids.length} members`, async () => (await members(listId)).join() === ids.join());

test("a list made by HubSpot's client follows contacts and their companies, within seconds on a busy machine", async () => {
  const { basicApi: contacts } = client.crm.contacts;
  const there = await contacts.create({ properties: { email: 'there@example.co.jp', city: '東京' } });
  const listId = await listOf(
    '東京の会社の大阪の人',
    '0-1',
    allOf([isA('大阪')], [associatedWith('0-2', 279, [isA('東京')])]),
  );
  const firm = await client.crm.companies.basicApi.create({ properties: { name: '会社', city: '東京' } });
  await client.crm.associations.v4.basicApi.createDefault('companies', firm.id, 'contacts', there.id);
  expect(await members(listId)).toEqual([]);

  await contacts.update(there.id, { properties: { city: '大阪' } });
  const began = performance.now();
  await has(listId, there.id);
  expect(performance.now() - began).toBeLessThan(5000);
  await client.crm.companies.basicApi.update(firm.id, { properties: { city: '札幌' } });
  await has(listId);
  await client.crm.companies.basicApi.update(firm.id, { properties: { city: '東京' } });
  await has(listId, there.id);
  await client.crm.companies.basicApi.archive(firm.id);
  await has(listId);
});

test('time alone brings a deal in, at its minute, and takes it out', async () => {
  const soon = { operationType: 'ROLLING_DATE_RANGE', operator: 'IS_LESS_THAN_X_DAYS_FROM_NOW', numberOfDays: 1 };
  const listId = await listOf('まもなく', '0-3', allOf([property('closedate', soon)]));
  const closedate = new Date(Date.now() + 30 * 3_600_000).toISOString();
  const properties = { dealname: '契約', pipeline: 'default', dealstage: 'closedwon', closedate };
  const { id } = await client.crm.deals.basicApi.create({ properties });
  await settle(local);
  expect(await members(listId)).toEqual([]);
  const advance = async (hours: number) => {
    const body = JSON.stringify({ advanceMs: hours * 3_600_000 });
    await fetch(`${local.localUrl}/clock`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await settle(local);
  };
  await advance(7);
  await has(listId, id);
  await advance(25);
  await has(listId);
  await expectVerified(local);
});
