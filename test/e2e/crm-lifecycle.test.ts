import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot, refusalOf } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';

let local: LocalSystem;
let client: Client;

beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(async () => {
  await expectVerified(local);
  await local.stop();
});

const idle = () => fetch(`${local.localUrl}/idle`, { method: 'POST' });
async function own(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${local.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, unknown> };
}
const contact = (properties: Record<string, string>) =>
  client.crm.contacts.basicApi.create({ properties, associations: [] });
const companiesOf = async (id: string) =>
  (await client.crm.associations.v4.basicApi.getPage('contacts', id, 'companies')).results.map(({ toObjectId }) =>
    String(toObjectId),
  );
const countOf = async () => {
  await idle();
  const { body } = await own('GET', '/changesets/v1?kind=MERGE');
  return body.results as { id: string }[];
};

test("a merge with HubSpot's client, and its undo, which HubSpot does not have", async () => {
  const one = await contact({ email: 'hanako@example.co.jp', lastname: '山田' });
  const other = await contact({ email: 'yamada@example.jp', firstname: '花子' });
  const firm = await client.crm.companies.basicApi.create({ properties: { name: '株式会社例' }, associations: [] });
  await client.crm.associations.v4.basicApi.createDefault('contacts', other.id, 'companies', firm.id);
  const merged = await client.crm.contacts.basicApi.merge({ primaryObjectId: one.id, objectIdToMerge: other.id });
  expect(merged).toMatchObject({ id: one.id, properties: { lastname: '山田', firstname: '花子' } });
  expect((await client.crm.contacts.basicApi.getById(other.id)).id).toBe(one.id);
  expect(await companiesOf(one.id)).toEqual([firm.id]);
  expect(await companiesOf(other.id)).toEqual([firm.id]);
  expect((await refusalOf(contact({ email: 'yamada@example.jp' }))).code).toBe(409);

  const [set] = await countOf();
  expect((await own('GET', `/changesets/v1/${set?.id}`)).body).toMatchObject({
    status: 'COMPLETE',
    counts: { merged: 1, associated: 1, dissociated: 1 },
  });
  expect((await own('POST', `/changesets/v1/${set?.id}/undo`)).status).toBe(202);
  await idle();
  expect((await own('GET', `/changesets/v1/${set?.id}`)).body).toMatchObject({ status: 'UNDONE', kept: [] });
  expect(await client.crm.contacts.basicApi.getById(other.id, ['firstname', 'email'])).toMatchObject({
    id: other.id,
    properties: { firstname: '花子', email: 'yamada@example.jp' },
  });
  expect(await companiesOf(other.id)).toEqual([firm.id]);
  expect(await companiesOf(one.id)).toEqual([]);
});

test('companies, deals and tickets merge, too', async () => {
  const name = (word: string) => ({ properties: { name: word }, associations: [] });
  const [a, b] = [
    await client.crm.companies.basicApi.create(name('甲')),
    await client.crm.companies.basicApi.create(name('乙')),
  ];
  const company = await client.crm.companies.basicApi.merge({ primaryObjectId: a.id, objectIdToMerge: b.id });
  expect(company.properties.hs_merged_object_ids).toBe(b.id);
  const deal = () => client.crm.deals.basicApi.create({ properties: { dealname: '商談' }, associations: [] });
  const [c, d] = [await deal(), await deal()];
  expect((await client.crm.deals.basicApi.merge({ primaryObjectId: c.id, objectIdToMerge: d.id })).id).toBe(c.id);
  const ticket = () => client.crm.tickets.basicApi.create({ properties: { subject: '件' }, associations: [] } as never);
  const [e, f] = [await ticket(), await ticket()];
  expect((await client.crm.tickets.basicApi.merge({ primaryObjectId: e.id, objectIdToMerge: f.id })).id).toBe(e.id);
});

test('an archived contact comes back with its company', async () => {
  const record = await contact({ email: 'modoru@example.jp' });
  const firm = await client.crm.companies.basicApi.create({ properties: { name: '戻る会社' }, associations: [] });
  await client.crm.associations.v4.basicApi.createDefault('contacts', record.id, 'companies', firm.id);
  await client.crm.contacts.basicApi.archive(record.id);
  await idle();
  expect((await own('POST', `/crm/v1/objects/contacts/${record.id}/restore`)).status).toBe(200);
  expect(await companiesOf(record.id)).toEqual([firm.id]);
});

test("a person is erased with HubSpot's client, and does not come back by the API", async () => {
  const record = await contact({ email: 'kesu@example.jp', lastname: '消去' });
  await client.crm.contacts.basicApi.purge({ objectId: 'kesu@example.jp', idProperty: 'email' });
  expect((await refusalOf(client.crm.contacts.basicApi.getById(record.id))).code).toBe(404);
  await idle();
  expect((await refusalOf(contact({ email: 'kesu@example.jp' }))).code).toBe(400);
});

test('a bulk edit of contacts, and its undo', async () => {
  const made = [];
  for (let n = 0; n < 30; n += 1) made.push(await contact({ email: `bulk${n}@example.jp`, city: '大阪' }));
  const edit = { objectType: 'contacts', objectIds: made.map(({ id }) => id), properties: { city: '東京' } };
  const { body } = await own('POST', '/changesets/v1/bulk-edits', edit);
  await idle();
  expect((await own('GET', `/changesets/v1/${body.changeSetId}`)).body).toMatchObject({
    status: 'COMPLETE',
    counts: { changed: 30 },
  });
  expect((await client.crm.contacts.basicApi.getById(made[0]?.id ?? '', ['city'])).properties.city).toBe('東京');
  await own('POST', `/changesets/v1/${body.changeSetId}/undo`);
  await idle();
  expect((await client.crm.contacts.basicApi.getById(made[0]?.id ?? '', ['city'])).properties.city).toBe('大阪');
});
