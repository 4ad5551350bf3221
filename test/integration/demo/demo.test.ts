import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoClient } from '../../../cdk/local/demo/client.ts';
import { loadDemo } from '../../../cdk/local/demo.ts';
import type { LocalSystem } from '../../../cdk/local/local-system.ts';
import { testLocal } from '../../support/local.ts';
import { expectVerified } from '../../support/verified.ts';
import { eventually } from '../../support/wait.ts';

let local: LocalSystem;
let client: DemoClient;
beforeAll(async () => {
  local = await testLocal();
  client = new DemoClient(local);
  await loadDemo(local);
});
afterAll(() => local.stop());

type Listed = { readonly id: string; readonly properties: Readonly<Record<string, string | null>> };
const list = async (objectType: string, properties = '') =>
  (await client.get<{ results: Listed[] }>(`/crm/v3/objects/${objectType}?limit=100&properties=${properties}`)).results;

test('the demo holds every kind of record, and tickets in all nine pipelines', async () => {
  const counts = await Promise.all(
    ['companies', 'contacts', 'deals', 'program_information', 'tickets', 'notes', 'calls'].map(async (type) => [
      type,
      (await list(type)).length,
    ]),
  );
  expect(Object.fromEntries(counts)).toEqual({
    companies: 12,
    contacts: 60,
    deals: 25,
    program_information: 12,
    tickets: 40,
    notes: 15,
    calls: 10,
  });
  const tickets = await list('tickets', 'hs_pipeline');
  expect(new Set(tickets.map(({ properties }) => properties.hs_pipeline)).size).toBe(9);
});

test('loading it again adds nothing, also when the first load was cut short', async () => {
  const { results } = await client.get<{ results: { id: string }[] }>('/automation/v4/flows?limit=100');
  for (const { id } of results) await client.call('DELETE', `/automation/v4/flows/${id}`);
  await loadDemo(local);
  await loadDemo(local);
  expect((await list('tickets')).length).toBe(40);
  expect((await list('notes')).length).toBe(15);
  const forms = await client.get<{ results: unknown[] }>('/marketing/v3/forms');
  const flows = await client.get<{ results: unknown[] }>('/automation/v4/flows?limit=100');
  expect([forms.results.length, flows.results.length]).toEqual([1, 1]);
  const surveys = await client.get<{ results: { name: string; status: string }[] }>('/feedback/v1/surveys');
  const campaigns = await client.get<{ results: { listId: string; nextRunAt: string }[] }>('/feedback/v1/campaigns');
  expect(surveys.results).toMatchObject([{ name: '四半期NPSアンケート', status: 'PUBLISHED' }]);
  expect(campaigns.results).toHaveLength(1);
  expect(Date.parse(campaigns.results[0]?.nextRunAt ?? '')).toBeGreaterThan(Date.now());
  const members = await client.get<{ results: unknown[] }>(
    `/crm/v3/lists/${campaigns.results[0]?.listId}/memberships?limit=100`,
  );
  expect(members.results).toHaveLength(12);
  const dashboards = await client.get<{ results: { tiles: unknown[] }[] }>('/reports/v1/dashboards');
  const reports = await client.get<{ results: unknown[] }>('/reports/v1/reports');
  expect([dashboards.results.map(({ tiles }) => tiles.length), reports.results.length]).toEqual([[3], 3]);
});

test('the weekly report of the customer success team counts its tickets', async () => {
  const { results } = await client.get<{ results: { id: string; name: string }[] }>('/reports/v1/reports');
  const weekly = results.find(({ name }) => name === '【サクセス】各週チケット発行件数(問合せ)');
  const mine = (await list('tickets', 'hs_pipeline')).filter(({ properties }) =>
    ['0', '107'].includes(properties.hs_pipeline ?? ''),
  );
  const counted = await eventually('the report to be complete', async () => {
    const data = await client.get<{ complete: boolean; rows: { value: number }[] }>(
      `/reports/v1/reports/${weekly?.id}/data`,
    );
    return data.complete && data.rows.reduce((sum, { value }) => sum + value, 0);
  });
  expect(counted).toBe(mine.length);
});

test('people and customers are connected and belong to somebody', async () => {
  const [deal] = await list('deals', 'hubspot_owner_id,advertiser_id');
  const { results } = await client.get<{ results: unknown[] }>(
    `/crm/v4/objects/deals/${deal?.id}/associations/contacts`,
  );
  expect(results.length).toBeGreaterThan(0);
  const owner = await client.get<{ teams: { name: string }[] }>(`/crm/v3/owners/${deal?.properties.hubspot_owner_id}`);
  expect(owner.teams[0]?.name).toMatch(/課|チーム/);
});

test('every address and number of the demo belongs to nobody', async () => {
  for (const { properties } of await list('contacts', 'email,phone,mobilephone')) {
    expect(properties.email).toMatch(/@[\w-]+\.example\.com$/);
    expect(properties.phone).toMatch(/^03-0000-\d{4}/);
    expect(properties.mobilephone).toMatch(/^090-0000-\d{4}$/);
  }
});

test('the table agrees with itself at the end', () => expectVerified(local));
