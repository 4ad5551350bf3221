import { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot, refusalOf } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

type Answer = { status: number; body: Record<string, never> & { paging?: { next: { link: string } } } };

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(path.startsWith('http') ? path : `${local.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {} };
}

const contact = async (lastname: string) =>
  (await client.crm.contacts.basicApi.create({ properties: { lastname }, associations: [] })).id;

type Values = { readonly properties: Record<string, string> };
type Group = {
  readonly basicApi: {
    create(input: Values & { associations: never[] }): Promise<{ id: string }>;
    getById(id: string, properties?: string[]): Promise<{ properties: object }>;
    update(id: string, input: Values): Promise<{ id: string }>;
    archive(id: string): Promise<void>;
  };
};

describe("HubSpot's client makes, reads and changes records of every group", () => {
  const hs_timestamp = '2026-11-25T03:00:00Z';
  test.each<[string, () => Group, Record<string, string>]>([
    ['products', () => client.crm.products, { name: '掲載プラン' }],
    ['line items', () => client.crm.lineItems, { name: '掲載' }],
    ['quotes', () => client.crm.quotes, { hs_title: '御見積', hs_expiration_date: '2026-12-31' }],
    ['invoices', () => client.crm.commerce.invoices, { hs_currency: 'JPY' }],
    ['communications', () => client.crm.objects.communications, { hs_timestamp, hs_communication_channel_type: 'SMS' }],
    ['postal mail', () => client.crm.objects.postalMail, { hs_timestamp }],
    ['taxes', () => client.crm.objects.taxes, {}],
    ['goals', () => client.crm.objects.goals, { hs_goal_name: '11月の受注' }],
  ])('%s', async (_, group, properties) => {
    const { basicApi } = group();
    const made = await basicApi.create({ properties, associations: [] });
    const names = Object.keys(properties);
    expect((await basicApi.getById(made.id, names)).properties).toMatchObject({ hs_object_id: made.id });
    expect((await basicApi.update(made.id, { properties })).id).toBe(made.id);
    await basicApi.archive(made.id);
    expect(await refusalOf(basicApi.getById(made.id))).toMatchObject({ code: 404 });
  });

  test('feedback submissions are read', async () => {
    expect((await client.crm.objects.feedbackSubmissions.basicApi.getPage()).results).toEqual([]);
  });
});

test("apps' events: a template, its tokens, an event and how it reads", async () => {
  const { eventsApi } = client.crm.timeline;
  // The client sends what defines templates with a developer's key, in the query.
  const { apiUrl: basePath, accessToken: developerApiKey } = local;
  const { templatesApi, tokensApi } = new Client({ basePath, developerApiKey }).crm.timeline;
  const objectId = await contact('佐藤');
  const { id } = await templatesApi.create(77, {
    name: 'ウェビナー',
    objectType: 'contacts',
    headerTemplate: '「{{webinar}}」に参加',
    tokens: [{ name: 'webinar', label: '題名', type: 'string' as never }],
  });
  await tokensApi.create(id, 77, { name: 'place', label: '会場', type: 'string' as never });
  const event = await eventsApi.create({ eventTemplateId: id, objectId, tokens: { webinar: '広告入門' } });
  expect(await eventsApi.getById(id, event.id)).toMatchObject({
    objectType: 'contacts',
    tokens: { webinar: '広告入門' },
  });
  expect(await eventsApi.getRenderById(id, event.id)).toContain('「広告入門」に参加');
  const timeline = await ask('GET', `/crm/v1/objects/contacts/${objectId}/timeline`);
  expect(JSON.stringify(timeline.body)).toContain('「広告入門」に参加');
  await templatesApi.archive(id, 77);
});

test('custom events: defined, sent by the client and listed', async () => {
  const objectId = await contact('鈴木');
  const defined = await ask('POST', '/events/v3/event-definitions', {
    label: 'レポート閲覧',
    name: 'report_opened',
    includeDefaultProperties: false,
    propertyDefinitions: [{ name: 'report', label: 'レポート', type: 'string' }],
  });
  expect(defined.status).toBe(201);
  const { fullyQualifiedName: eventName } = defined.body as unknown as { fullyQualifiedName: string };
  await client.events.send.basicApi.send({ eventName, objectId, properties: { report: '月次' } });
  await client.events.send.batchApi.send({ inputs: [{ eventName, objectId, properties: { report: '週次' } }] });
  const none = undefined;
  const wanted = [none, none, 10, none, none, none, Number(objectId)] as const;
  const page = await client.events.eventsApi.getPage('contact', eventName, ...wanted);
  expect(page.results.map(({ properties }) => properties)).toEqual([{ report: '週次' }, { report: '月次' }]);
});

test('limits of associations hold, and the types and roles are told', async () => {
  const deal = await client.crm.deals.basicApi.create({ properties: { dealname: '電通' }, associations: [] });
  const base = '/crm/v4/associations/definitions/configurations/deals/contacts';
  const inputs = [{ category: 'HUBSPOT_DEFINED', typeId: 3, maxToObjectIds: 1 }];
  expect((await ask('POST', `${base}/batch/create`, { inputs })).status).toBe(201);
  const [one, two] = [await contact('一'), await contact('二')];
  const { basicApi } = client.crm.associations.v4;
  await basicApi.createDefault('deals', deal.id, 'contacts', one);
  expect(await refusalOf(basicApi.createDefault('deals', deal.id, 'contacts', two))).toMatchObject({ code: 400 });
  expect((await ask('POST', `${base}/batch/purge`, { inputs })).status).toBe(204);
  await basicApi.createDefault('deals', deal.id, 'contacts', two);
  expect((await client.settings.users.rolesApi.getAll()).results).toEqual([]);
});

test('rules of a pipeline hold for the client and for an engagement of the older API alike', async () => {
  const rules = { stages: { '4': { required: ['content'] } } };
  expect((await ask('PUT', '/crm/v1/pipelines/tickets/0/rules', rules)).status).toBe(200);
  const ticket = await client.crm.tickets.basicApi.create({ properties: { subject: '入稿' }, associations: [] });
  const close = { properties: { hs_pipeline_stage: '4' } };
  expect(await refusalOf(client.crm.tickets.basicApi.update(ticket.id, close))).toMatchObject({
    code: 400,
    body: { errors: [{ code: 'MISSING_REQUIRED_PROPERTY' }] },
  });
  const engagement = await ask('POST', '/engagements/v1/engagements', {
    engagement: { type: 'NOTE' },
    associations: { ticketIds: [ticket.id] },
    metadata: { body: '確認済み' },
  });
  expect(engagement.body).toMatchObject({
    metadata: { body: '確認済み' },
    associations: { ticketIds: [Number(ticket.id)] },
  });
});

describe('dated paths', () => {
  test.each([
    '2025-09',
    '2026-03',
    '2026-09',
    'v3',
  ])('of %s lead to the same records, and their pages stay there', async (version) => {
    await contact('頁');
    const base = `/crm/objects/${version}/contacts`;
    const first = await ask('GET', `${base}?limit=1`);
    expect(first.status).toBe(200);
    const { link } = first.body.paging?.next ?? expect.unreachable();
    expect(link).toContain(`${local.apiUrl}${base}?`);
    expect((await ask('GET', link)).status).toBe(200);
  });

  test.each([
    '/crm/properties/2026-03/contacts',
    '/crm/pipelines/2026-09/deals',
    '/crm/owners/2026-03',
    '/crm/limits/2026-03/records',
    '/crm/associations/2026-03/contacts/companies/labels',
    '/crm/associations/v4/definitions/configurations/all',
    '/crm/property-validations/2026-09/0-1',
    '/crm-object-schemas/2026-03/schemas',
    '/crm/v3/schemas',
    '/account-info/2026-03/details',
    '/settings/users/2026-03',
    '/events/2026-03/event-definitions',
    '/events/custom/2026-09/event-definitions',
    '/integrators/timeline/2026-03/77/event-templates',
    '/properties/v2/contacts/properties',
    '/integrations/v1/me',
  ])('%s answers', async (path) => {
    expect((await ask('GET', path)).status).toBe(200);
  });

  test.each([
    '/crm/objects/2019-01/contacts',
    '/crm/objects/v2/contacts',
    '/events/2026-09/event-definitions',
  ])('%s is a path that there is not', async (path) => {
    expect(await ask('GET', path)).toMatchObject({ status: 404, body: { category: 'OBJECT_NOT_FOUND' } });
  });

  test('write too, and associate as v4 does', async () => {
    const made = await ask('POST', '/crm/objects/2026-03/contacts', { properties: { lastname: '日付' } });
    expect(made.status).toBe(201);
    const { id } = made.body as unknown as { id: string };
    const company = await client.crm.companies.basicApi.create({ properties: { name: '電通' }, associations: [] });
    const path = `/crm/objects/2026-03/contacts/${id}/associations`;
    expect((await ask('PUT', `${path}/companies/${company.id}`, [])).status).toBe(201);
    expect((await ask('GET', `${path}/companies`)).body).toMatchObject({ results: [{ toObjectId: company.id }] });
  });
});
