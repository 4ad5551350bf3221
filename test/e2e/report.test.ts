import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoClient } from '../../cdk/local/demo/client.ts';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { hubspot } from '../support/hubspot.ts';
import { settle } from '../support/settle.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

/** The weekly count of the enquiries (R31), by HubSpot's own client, under trouble, with a kill -9 in the middle. */
const home = scratchHome();
let system: Started;
let hub: Client;
let own: DemoClient;
const connect = async () => {
  system = await startSystem(home);
  hub = hubspot(system);
  own = new DemoClient(system);
};
beforeAll(connect);
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});

type Data = {
  readonly complete: boolean;
  readonly rows: readonly { readonly keys: readonly string[]; readonly value: number }[];
};
type Verification = { readonly equal: boolean; readonly differences: readonly unknown[]; readonly records: number };

const weekly = {
  name: '【サクセス】各週チケット発行件数(問合せ)',
  objectType: 'tickets',
  filterGroups: [{ filters: [{ propertyName: 'hs_pipeline', operator: 'IN', values: ['0', '107'] }] }],
  measure: { type: 'COUNT' },
  groupBy: [{ date: 'createdate', unit: 'week' }, { property: 'hs_pipeline' }],
};
const stages: Readonly<Record<string, string>> = { 0: '1', 101: '10101', 107: '10701' };
const ticket = (pipeline: string, createdate = '2026-11-24T03:00:00.000Z') => ({
  properties: { subject: '問合せ', hs_pipeline: pipeline, hs_pipeline_stage: stages[pipeline] ?? '', createdate },
  associations: [],
});
const create = (pipeline: string, createdate?: string) =>
  hub.crm.tickets.basicApi.create(ticket(pipeline, createdate)).then(({ id }) => id);
const dataOf = (id: string) => own.get<Data>(`/reports/v1/reports/${id}/data`);
const cellsOf = ({ rows }: Data) => Object.fromEntries(rows.map(({ keys, value }) => [keys.join(' '), value]));
const fault = (kind: string, rate: number, more: Record<string, unknown> = {}) =>
  fetch(`${system.localUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service: 'dynamodb', kind, rate, seed: 31, ...more }),
  }).then(({ ok }) => expect(ok).toBe(true));
const calm = () => fetch(`${system.localUrl}/faults`, { method: 'DELETE' });

let report = '';

test('seven tickets of a week are seven within a second, though each event is delivered twice and out of order', async () => {
  ({ id: report } = await own.post<{ id: string }>('/reports/v1/reports', weekly));
  await fault('duplicate', 1, { action: 'deliver' });
  await fault('reorder', 1, { action: 'deliver' });
  const lags: number[] = [];
  for (let made = 1; made <= 7; made += 1) {
    await create('0');
    const since = performance.now();
    await eventually(`${made} tickets`, async () => cellsOf(await dataOf(report))['2026-11-23 0'] === made);
    lags.push(performance.now() - since);
  }
  // The median, because another process may take the machine for a moment.
  expect(lags.toSorted((one, other) => one - other)[3]).toBeLessThan(1000);
  await settle(system);
  expect(cellsOf(await dataOf(report))).toEqual({ '2026-11-23 0': 7 });
});

test('a week begins on Monday, midnight in Tokyo; a ticket that moves is counted where it is now, an archived one nowhere', async () => {
  await create('0', '2026-11-22T14:59:59.000Z');
  const moved = await create('0', '2026-11-29T15:00:00.000Z');
  const elsewhere = await create('101');
  await hub.crm.tickets.basicApi.update(moved, { properties: { hs_pipeline: '107', hs_pipeline_stage: '10701' } });
  await settle(system);
  expect(cellsOf(await dataOf(report))).toEqual({ '2026-11-16 0': 1, '2026-11-23 0': 7, '2026-11-30 107': 1 });
  await hub.crm.tickets.basicApi.archive(moved);
  await hub.crm.tickets.basicApi.update(elsewhere, { properties: { hs_pipeline: '107', hs_pipeline_stage: '10701' } });
  await settle(system);
  expect(cellsOf(await dataOf(report))).toEqual({ '2026-11-16 0': 1, '2026-11-23 0': 7, '2026-11-23 107': 1 });
});

test('killed in the middle of a storm and started again, the figures are exactly the records', async () => {
  const byOwner = {
    ...weekly,
    name: '担当者別',
    groupBy: [{ date: 'createdate', unit: 'month' }, { property: 'hs_pipeline' }],
  };
  await fault('throttle', 0.1);
  await fault('timeoutAfterCommit', 0.1);
  const writes = Array.from({ length: 40 }, (_, n) => create(n % 3 === 0 ? '107' : '0').catch(() => undefined));
  const { id: second } = await eventually('the second report to be taken', () =>
    own.post<{ id: string }>('/reports/v1/reports', byOwner).catch(() => undefined),
  );
  await Promise.all(writes.slice(0, 20));
  await system.stop('SIGKILL');
  await Promise.all(writes);
  await connect();
  await fault('duplicate', 1, { action: 'deliver' });
  await Promise.all(Array.from({ length: 10 }, () => create('0')));
  await calm();
  await settle(system);

  for (const id of [report, second]) {
    await eventually('the back-fill to be done', async () => (await dataOf(id)).complete);
    const result = await own.post<Verification>(`/reports/v1/reports/${id}/verify`, {});
    expect(result).toMatchObject({ equal: true, differences: [] });
    const tickets = (await hub.crm.tickets.getAll(100, undefined, ['hs_pipeline'])).filter(({ properties }) =>
      ['0', '107'].includes(properties.hs_pipeline ?? ''),
    );
    const { rows } = await dataOf(id);
    expect(rows.reduce((sum, { value }) => sum + value, 0)).toBe(tickets.length);
  }
});

test('every figure leads to exactly its tickets', async () => {
  for (const { keys, value } of (await dataOf(report)).rows) {
    const ids: string[] = [];
    for (let path = `/reports/v1/reports/${report}/records?limit=10&keys=${keys.join(',')}`; path; ) {
      const page = await own.get<{ results: { id: string }[]; paging?: { next: { after: string } } }>(path);
      ids.push(...page.results.map(({ id }) => id));
      path = page.paging ? `${path.split('&after')[0]}&after=${page.paging.next.after}` : '';
    }
    expect(new Set(ids).size).toBe(value);
  }
});

test('the table agrees with itself at the end', () => expectVerified(system));
