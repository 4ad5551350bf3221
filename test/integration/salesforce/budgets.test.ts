import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stand, startStand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand?.stop());

const perCall = 100;
const address = (position: number) => `person${String(position).padStart(5, '0')}@example.co.jp`;
const sumOf = async (name: 'calls' | 'pulled') => (await stand.health()).runs.reduce((sum, run) => sum + run[name], 0);

async function untilDone(): Promise<void> {
  for (;;) {
    await stand.idle();
    const { running, runs } = await stand.health();
    if (!running && runs[0]?.status === 'COMPLETED') return;
  }
}

test('ten thousand people, three thousand of them known there, cost at most 150 calls, and nobody is there twice', async () => {
  const known = Array.from({ length: 3000 }, (_, position) => ({
    LastName: '既知',
    Company: '既知社',
    Email: address(position * 3),
  }));
  for (let start = 0; start < known.length; start += 500)
    await stand.org.admin('POST', '/records/Lead', known.slice(start, start + 500));
  for (let start = 0; start < 10_000; start += perCall) {
    const inputs = Array.from({ length: perCall }, (_, position) => ({
      properties: { email: address(start + position), lastname: '人', company: '社' },
    }));
    const { status } = await stand.api('POST', '/crm/v3/objects/contacts/batch/create', { inputs });
    expect(status).toBe(201);
  }
  await stand.idle();
  await stand.connect({ importNew: { leads: false, contacts: false } });
  await untilDone();
  const calls = await sumOf('calls');
  console.log(`10,000 people pushed: ${calls} calls`);
  expect(calls).toBeLessThanOrEqual(150);
  const { body } = await stand.org.admin<{ objects: { sobject: string }[] }>('GET', '');
  expect(body.objects.find(({ sobject }) => sobject === 'Lead')).toMatchObject({ records: 10_000 });
  expect(await stand.errors()).toEqual([]);
}, 240_000);

test('a run with nothing to do costs at most ten calls', async () => {
  await stand.advance(20 * 60_000);
  await untilDone();
  const run = await stand.sync();
  console.log(`idle: ${run.calls} calls`);
  expect(run).toMatchObject({ pulled: 0, pushed: 0, status: 'COMPLETED' });
  expect(run.calls).toBeLessThanOrEqual(10);
});

test('12,500 leads that changed there come with at most 15 calls', async () => {
  await stand.connect();
  const before = { calls: await sumOf('calls'), pulled: await sumOf('pulled') };
  for (let start = 0; start < 12_500; start += 500) {
    const people = Array.from({ length: 500 }, (_, position) => ({
      LastName: '新規',
      Company: '新規社',
      Email: `lead${start + position}@example.co.jp`,
    }));
    await stand.org.admin('POST', '/records/Lead', people);
  }
  await stand.sync();
  await untilDone();
  const calls = (await sumOf('calls')) - before.calls;
  console.log(`12,500 leads pulled: ${calls} calls`);
  expect(calls).toBeLessThanOrEqual(15);
  expect((await sumOf('pulled')) - before.pulled).toBe(12_500);
  expect(await stand.find('lead12499@example.co.jp')).toEqual(expect.any(String));
}, 240_000);
