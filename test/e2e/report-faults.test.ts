import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@hubspot/api-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { type Fault, faultPlan } from '../support/fault-plan.ts';
import { shareOf } from '../support/fault-share.ts';
import { hubspot } from '../support/hubspot.ts';
import { api } from '../support/landing-page.ts';
import { random } from '../support/random.ts';
import { settle } from '../support/settle.ts';
import { expectVerified } from '../support/verified.ts';

/** One hundred seeded runs of people at their tickets, ten of them with a kill -9 and a restart in the middle. */
const killSeeds = shareOf(Array.from({ length: 10 }, (_, n) => 4000 + n));
const groups = shareOf(
  Array.from({ length: 9 }, (_, group) => shareOf(Array.from({ length: 10 }, (_, n) => group * 10 + n))),
);

const home = scratchHome();
let system: Started;
let client: Client;
let reportId = '';

beforeAll(async () => {
  system = await startSystem(home);
  client = hubspot(system);
  const { id } = await api<{ id: string }>(system, 'POST', '/reports/v1/reports', {
    name: '【サクセス】各週チケット発行件数(問合せ)',
    objectType: 'tickets',
    filterGroups: [{ filters: [{ propertyName: 'hs_pipeline', operator: 'IN', values: ['0', '107'] }] }],
    measure: { type: 'COUNT' },
    groupBy: [{ date: 'createdate', unit: 'week' }, { property: 'hs_pipeline' }],
  });
  reportId = id;
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});
/** Also after a run that failed, so that it fails alone. */
const calm = () => fetch(`${system.localUrl}/faults`, { method: 'DELETE' });
afterEach(calm);

const disturb = async (faults: readonly Fault[]) => {
  for (const fault of faults) {
    const body = JSON.stringify(fault);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${system.localUrl}/faults`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${body}: ${await response.text()}`);
  }
};
const troubleOf = (seed: number) =>
  faultPlan(seed).faults.filter(({ service }) => service === 'dynamodb' || service === 'events');

/** Sends again while the answer is that the service is busy, as HubSpot's clients do. */
async function untilTaken<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (tries === 40 || (typeof code === 'number' && code < 429)) throw error;
      await pause(50);
    }
  }
}

const stages = { '0': '1', '101': '10101', '107': '10701' } as const;
const pipelines = Object.keys(stages) as (keyof typeof stages)[];
const days = ['2026-11-22T14:59:59.000Z', '2026-11-22T15:00:00.000Z', '2026-11-29T15:00:00.000Z'];

/** Tickets are made, moved to another pipeline, dated anew and archived: a working day in a second, drawn from the seed. */
async function work(seed: number): Promise<void> {
  const next = random(seed);
  const one = <T>(all: readonly T[]) => all[Math.floor(next() * all.length)] as T;
  const place = () => {
    const pipeline = one(pipelines);
    return { hs_pipeline: pipeline, hs_pipeline_stage: stages[pipeline] };
  };
  const { basicApi } = client.crm.tickets;
  for (let n = 0; n < 3; n += 1) {
    const properties = { subject: `問合せ ${seed}`, createdate: one(days), ...place() };
    const { id } = await untilTaken(() => basicApi.create({ properties, associations: [] }));
    if (next() < 0.5) await untilTaken(() => basicApi.update(id, { properties: place() }));
    if (next() < 0.3) await untilTaken(() => basicApi.update(id, { properties: { createdate: one(days) } }));
    if (next() < 0.3) await untilTaken(() => basicApi.archive(id));
  }
}

type Cells = Readonly<Record<string, number>>;

/** What the report must say, counted from the tickets themselves: weeks from Monday, midnight in Tokyo. */
async function recounted(): Promise<Cells> {
  const cells: Record<string, number> = {};
  for (const { properties } of await client.crm.tickets.getAll(100, undefined, ['createdate', 'hs_pipeline'])) {
    const pipeline = properties.hs_pipeline ?? '';
    if (pipeline !== '0' && pipeline !== '107') continue;
    const day = new Date(Date.parse(properties.createdate ?? '') + 9 * 3_600_000);
    day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
    const cell = `${day.toISOString().slice(0, 10)} ${pipeline}`;
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  return cells;
}

async function counted(): Promise<Cells> {
  type Data = { complete: boolean; rows: { keys: string[]; value: number }[] };
  const { complete, rows } = await api<Data>(system, 'GET', `/reports/v1/reports/${reportId}/data`);
  expect(complete).toBe(true);
  return Object.fromEntries(rows.filter(({ value }) => value !== 0).map(({ keys, value }) => [keys.join(' '), value]));
}

async function expectExact(): Promise<void> {
  await settle(system);
  const cells = await recounted();
  expect(Object.keys(cells).length).toBeGreaterThan(0);
  expect(await counted()).toEqual(cells);
  expect(await api(system, 'POST', `/reports/v1/reports/${reportId}/verify`)).toMatchObject({ equal: true });
}

test.each(
  groups.map((seeds) => [`${seeds[0]}-${seeds.at(-1)}`, seeds] as const),
)('after the runs %s under faults the report says exactly what the tickets say', async (_, seeds) => {
  for (const seed of seeds) {
    await disturb(troubleOf(seed));
    await work(seed);
    await calm();
  }
  await expectExact();
});

test.each(killSeeds)('run %i is killed in the middle, and after the restart the report is exact', async (seed) => {
  const { killAfterMs } = faultPlan(seed);
  await disturb(troubleOf(seed));
  const working = work(seed).catch(() => undefined);
  await pause(killAfterMs);
  await system.stop('SIGKILL');
  await working;
  system = await startSystem(home);
  client = hubspot(system);
  await expectExact();
});

test('the table agrees with itself at the end', () => expectVerified(system));
