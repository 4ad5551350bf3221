import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stand, startStand } from '../integration/salesforce/stand.ts';
import { givenNewLeads, givenPeople, leadCount, sumOfRuns, untilDone } from '../support/salesforce-load.ts';

/** A fifth of the design's numbers, at its calls a record; `npm run bench salesforce` takes all 10,000 and 12,500. */
let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand?.stop());

test('two thousand people, six hundred of them known there, cost at most 30 calls, and nobody is there twice', async () => {
  await givenPeople(stand, { count: 2000, known: 600 });
  await stand.connect({ importNew: { leads: false, contacts: false } });
  await untilDone(stand);
  expect((await sumOfRuns(stand)).calls).toBeLessThanOrEqual(30);
  expect(await leadCount(stand)).toBe(2000);
  expect(await stand.errors()).toEqual([]);
}, 240_000);

test('a run with nothing to do costs at most ten calls', async () => {
  await stand.advance(20 * 60_000);
  await untilDone(stand);
  const run = await stand.sync();
  expect(run).toMatchObject({ pulled: 0, pushed: 0, status: 'COMPLETED' });
  expect(run.calls).toBeLessThanOrEqual(10);
});

test('2,500 leads that changed there come with at most 8 calls', async () => {
  await stand.connect();
  const before = await sumOfRuns(stand);
  await givenNewLeads(stand, 2500);
  await stand.sync();
  await untilDone(stand);
  const after = await sumOfRuns(stand);
  expect(after.calls - before.calls).toBeLessThanOrEqual(8);
  expect(after.pulled - before.pulled).toBe(2500);
  expect(await stand.find('lead2499@example.co.jp')).toEqual(expect.any(String));
}, 240_000);
