import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as bulkEdits } from '../../../functions/changesets/bulk-edit.ts';
import { bulkEdit } from '../../../lib/changesets/bulk-edit.ts';
import { viewChangeSet } from '../../../lib/changesets/public.ts';
import type { JobKind } from '../../../lib/jobs/kind.ts';
import { findJob } from '../../../lib/jobs/store.ts';
import { workOn } from '../../../lib/jobs/work.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { dyingKinds } from '../../support/dying.ts';
import { jobDesk } from '../../support/jobs.ts';

let database: Database;
const desk = jobDesk(() => database);
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  desk.close();
  await database.close();
});

const inCity = (city: string) => [{ filters: [{ propertyName: 'city', operator: 'EQ', value: city }] }];
const start = (body: object) =>
  call(bulkEdits, { headers: bearer(), body: { objectType: 'contacts', properties: { city: '東京' }, ...body } });
const people = (count: number, city: string) =>
  Promise.all(Array.from({ length: count }, (_, n) => createRecord(database.app, '0-1', { lastname: `${n}`, city })));
const cityOf = async (id: string) => (await readRecord(database.app, '0-1', { id }))?.properties.city;

test('every record that the filters find is edited once, though an edited one no longer matches, and whoever dies', async () => {
  const found = await people(230, '神戸');
  const others = await people(3, '京都');
  const answer = await start({ filterGroups: inCity('神戸') });
  expect(answer.status).toBe(202);
  const { jobId, changeSetId } = answer.body as { jobId: string; changeSetId: string };
  for (const [commits, after] of [
    [0, false],
    [0, true],
    [7, true],
    [30, false],
  ] as const)
    await workOn(database.app, { jobId, turn: 1 }, dyingKinds(commits, after)).catch(() => undefined);
  await desk.drain();
  expect(await findJob(database.app, jobId)).toMatchObject({ status: 'COMPLETED', total: 230, done: 230 });
  for (const { id } of found) expect(await cityOf(id)).toBe('東京');
  for (const { id } of others) expect(await cityOf(id)).toBe('京都');
  const ids: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await viewChangeSet(database.app, changeSetId, { limit: 100, ...(after && { after }) });
    ids.push(...page.view.rows.map(({ recordId }) => recordId));
    after = page.after;
  }
  expect(ids.toSorted()).toEqual(found.map(({ id }) => id).toSorted());
}, 60_000);

test('what is edited stands fast before the first edit', async () => {
  const [one, two] = await people(2, '奈良');
  const { jobId } = (await start({ filterGroups: inCity('奈良') })).body as { jobId: string };
  const first: JobKind = {
    kind: bulkEdit.kind,
    run: async (app, job) => {
      if (job.cursor !== undefined) throw new Error('The process died');
      return bulkEdit.run(app, job);
    },
  };
  await expect(workOn(database.app, { jobId, turn: 1 }, [first])).rejects.toThrow('died');
  await updateRecord(database.app, '0-1', two ?? { id: '' }, { city: '堺' });
  const late = await createRecord(database.app, '0-1', { lastname: '後', city: '奈良' });
  await desk.drain();
  expect(await Promise.all([one, two, late].map((each) => cityOf(each?.id ?? '')))).toEqual(['東京', '東京', '奈良']);
});

test('filters that find nothing make an empty change set', async () => {
  const { jobId } = (await start({ filterGroups: inCity('那覇') })).body as { jobId: string };
  await desk.drain();
  expect(await findJob(database.app, jobId)).toMatchObject({ status: 'COMPLETED', total: 0, done: 0 });
});

test.each([
  {},
  { objectIds: ['1'], filterGroups: inCity('神戸') },
  { filterGroups: [] },
  { filterGroups: [{ filters: [] }] },
  { filterGroups: [{ filters: [{ propertyName: 'nosuch', operator: 'EQ', value: '1' }] }] },
])('a bulk edit of %j is refused', async (body) => {
  expect((await start(body)).status).toBe(400);
});
