import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { contactsOf, fileOf, importOf, placeFor, resultOf, startImport, upload } from '../support/imports.ts';
import { api } from '../support/landing-page.ts';
import { settle } from '../support/settle.ts';
import { admin } from '../support/survey-story.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

const home = scratchHome();
let system: Started;
beforeAll(async () => {
  system = await startSystem(home);
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});
const calm = () => fetch(`${system.localUrl}/faults`, { method: 'DELETE' });
afterEach(calm);

/** What goes wrong between two deaths of the process. Of the bucket, less than its client tries again by itself, and more. */
const troubles = [
  { service: 'dynamodb', kind: 'throttle', rate: 0.1, count: 20 },
  { service: 'dynamodb', kind: 'timeoutAfterCommit', rate: 0.1, count: 10 },
  { service: 'dynamodb', kind: 'duplicate', rate: 0.5, count: 20 },
  { service: 'dynamodb', kind: 'reorder', rate: 0.5, count: 20 },
  { service: 'sqs', kind: 'duplicate', rate: 1, count: 10 },
  { service: 'sqs', kind: 'reorder', rate: 1, count: 10 },
  { service: 'sqs', kind: 'timeoutAfterCommit', rate: 0.3, count: 5 },
  { service: 's3', kind: 'error', rate: 0.5, count: 10 },
  { service: 's3', kind: 'timeoutAfterCommit', rate: 0.3, count: 5 },
];
async function disturb(seed: number): Promise<void> {
  for (const [at, trouble] of troubles.entries())
    await admin(system, 'POST', '/faults', { ...trouble, seed: seed + at });
}

const doneRows = async (id: string) => (await importOf(system, id)).metadata.counters.PROCESSED_ROWS ?? 0;
const begin = async (file: Buffer, name: string) => {
  const place = await placeFor(system, file);
  await upload(place, file);
  return startImport(system, place, name);
};
/** Also on a machine that has much else to do. */
const slow = 60_000;
const wholeRun = 300_000;

const people = 1200;
const wrong = 30;
const again = 70;
const company = '落ちる商店';

/** What an operator does with messages among the dead letters. */
async function sendBack(): Promise<void> {
  const queues = await admin<{ name: string; visible: number; deadLettersOf?: string[] }[]>(system, 'GET', '/queues');
  for (const { name, visible, deadLettersOf } of queues)
    if (deadLettersOf && visible > 0) await admin(system, 'POST', `/queues/${name}/redrive`, {});
}

/** Until so many rows are written. A message that a dead worker held comes again when its time is over, or is sent back by an operator. */
async function untilRows(id: string, rows: number): Promise<void> {
  const written = async () => (await doneRows(id)) >= rows;
  for (let tries = 0; tries < 20; tries += 1) {
    const arrived = await eventually(`${rows} rows`, written, 5000).then(
      () => true,
      () => false,
    );
    if (arrived) return;
    await admin(system, 'POST', '/clock', { advanceMs: 15 * 60_000 });
    await sendBack();
  }
  throw new Error(`${rows} rows were not written`);
}

/** A message that was delivered to dying workers too often lies among the dead letters: an operator sends it back. */
async function untilOver(id: string): Promise<void> {
  for (let tries = 0; tries < 12; tries += 1) {
    await settle(system);
    if ((await importOf(system, id)).state === 'DONE') return;
    await admin(system, 'POST', '/clock', { advanceMs: 15 * 60_000 });
    await sendBack();
  }
}

test(
  'an import that is killed again and again under faults writes every row once and tells of each',
  async () => {
    const rows = [
      ...Array.from({ length: people }, (_, n) => `crash${n}@example.co.jp,佐藤${n},${company}`),
      ...Array.from({ length: wrong }, (_, n) => `nonsense${n},田中,${company}`),
      // The same people once more, under another name.
      ...Array.from({ length: again }, (_, n) => `crash${n}@example.co.jp,鈴木${n},${company}`),
    ];
    const { id } = await begin(fileOf(rows), 'crash');
    for (const [seed, processed] of [0, 300, 700, 1000].entries()) {
      await untilRows(id, processed);
      await disturb(seed * 100);
      // In the middle of a slice, wherever it is.
      await new Promise((resolve) => setTimeout(resolve, 150 * seed));
      await system.stop('SIGKILL');
      system = await startSystem(home);
      // The message that the dead worker held is visible again when its time is over.
      await admin(system, 'POST', '/clock', { advanceMs: 15 * 60_000 });
    }
    await untilOver(id);
    const { state, metadata } = await importOf(system, id);
    expect({ state, ...metadata.counters }).toMatchObject({
      state: 'DONE',
      TOTAL_ROWS: rows.length,
      PROCESSED_ROWS: rows.length,
      CREATED_OBJECTS: people,
      UPDATED_OBJECTS: again,
      ERRORS: wrong,
    });

    const found = await contactsOf(system, company);
    expect(found).toHaveLength(people);
    expect(new Set(found.map(({ properties }) => properties.email)).size).toBe(people);
    expect(found.filter(({ properties }) => properties.lastname.startsWith('鈴木'))).toHaveLength(again);

    const result = await resultOf(system, id);
    expect(result.map((cells) => cells.slice(0, 3).join(','))).toEqual(rows);
    const results = result.map(([, , , outcome]) => outcome);
    expect(new Set(results.slice(0, people))).toEqual(new Set(['CREATED']));
    expect(new Set(results.slice(people, people + wrong))).toEqual(new Set(['ERROR']));
    expect(new Set(results.slice(people + wrong))).toEqual(new Set(['UPDATED']));
    const ids = new Map(found.map(({ properties, id: contact }) => [properties.email, contact]));
    for (const [email = '', , , outcome, contact] of result)
      if (outcome !== 'ERROR') expect(contact).toBe(ids.get(email));
  },
  wholeRun,
);

test('an import that is cancelled in the middle is undone whole', async () => {
  const rows = Array.from({ length: 900 }, (_, n) => `stopped${n}@example.co.jp,佐藤${n},止まる商店`);
  const { id, changeSetId } = await begin(fileOf(rows), 'cancel');
  await eventually('some rows', async () => (await doneRows(id)) >= 300, slow);
  await api(system, 'POST', `/crm/v3/imports/${id}/cancel`);
  await api(system, 'POST', `/changesets/v1/${changeSetId}/undo`);
  // The undo waits a minute for a worker that may still be in the middle of a slice.
  await admin(system, 'POST', '/clock', { advanceMs: 3 * 60_000 });
  await eventually(
    'the undo',
    async () => {
      await settle(system);
      return (await importOf(system, id)).state === 'REVERTED';
    },
    slow,
  );
  expect(await contactsOf(system, '止まる商店')).toEqual([]);
});

test('an import that failed goes on when what was missing is there', async () => {
  const file = fileOf(Array.from({ length: 600 }, (_, n) => `late${n}@example.co.jp,佐藤${n},遅い商店`));
  const place = await placeFor(system, file);
  const { id, jobId } = await startImport(system, place, 'late');
  await settle(system);
  expect(await importOf(system, id)).toMatchObject({
    state: 'FAILED',
    message: expect.stringContaining('not uploaded'),
  });
  await upload(place, file);
  await api(system, 'POST', `/jobs/v1/jobs/${jobId}/resume`);
  await settle(system);
  expect(await importOf(system, id)).toMatchObject({ state: 'DONE', metadata: { counters: { CREATED_OBJECTS: 600 } } });
  expect(await contactsOf(system, '遅い商店')).toHaveLength(600);
  expect(await api(system, 'GET', `/crm/v3/imports/${id}/errors`)).toMatchObject({ results: [] });
});

test('the table agrees with itself at the end', () => expectVerified(system));
