import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJob } from '../../../lib/jobs/store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { reportBackfill } from '../../../lib/reports/backfill.ts';
import { recordsBehind } from '../../../lib/reports/behind.ts';
import { readData } from '../../../lib/reports/data.ts';
import { readReport } from '../../../lib/reports/read-store.ts';
import { ReportInput } from '../../../lib/reports/schema.ts';
import { createReport, removeReport } from '../../../lib/reports/store.ts';
import { verifyReport } from '../../../lib/reports/verify-now.ts';
import { inParallel } from '../../../lib/table/in-parallel.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { allEvents, deliver, mockJobs } from '../../support/reports.ts';

let database: Database;
let jobs: ReturnType<typeof mockJobs>;
beforeAll(async () => {
  jobs = mockJobs();
  database = await startDatabase();
});
afterAll(async () => {
  jobs.restore();
  await database.close();
});

const input = (more: Partial<Parameters<typeof ReportInput.parse>[0] & object>) =>
  ReportInput.parse({ name: '件数', objectType: 'tickets', measure: { type: 'COUNT' }, groupBy: [], ...more });
const ticket = (more: Record<string, string> = {}) =>
  createRecord(database.app, '0-5', { subject: '問合せ', hs_pipeline: '0', hs_pipeline_stage: '1', ...more });
const eventsOf = async (id: string) => (await allEvents(database.app)).filter(({ pk }) => pk === `0-5#${id}`);

async function figures(reportId: string): Promise<Record<string, number>> {
  const report = await readReport(database.app, reportId);
  const { rows } = await readData(database.app, report, {}, 'ja');
  return Object.fromEntries(rows.map(({ keys, value }) => [keys.join('|'), value]));
}

async function counted(more: Parameters<typeof input>[0]) {
  const { id } = await createReport(database.app, input(more));
  await jobs.work(database.app);
  return id;
}

test('a ticket counts once however often its event comes, moves when it is edited, and leaves when it is archived', async () => {
  const by = { filterGroups: [{ filters: [{ propertyName: 'subject', operator: 'EQ', value: '移動' }] }] };
  const report = await counted({ ...by, groupBy: [{ property: 'hs_pipeline' }] });
  const { id } = await ticket({ subject: '移動' });
  const [creation] = await eventsOf(id);
  if (!creation) throw new Error('the creation has no event');
  for (let time = 0; time < 3; time += 1) await deliver([creation, creation]);
  expect(await figures(report)).toEqual({ '0': 1 });

  await updateRecord(database.app, '0-5', { id }, { hs_pipeline: '107', hs_pipeline_stage: '10701' });
  await deliver((await eventsOf(id)).toReversed());
  expect(await figures(report)).toEqual({ '107': 1 });

  await updateRecord(database.app, '0-5', { id }, { subject: '別件' });
  await deliver(await eventsOf(id));
  expect(await figures(report)).toEqual({});

  await updateRecord(database.app, '0-5', { id }, { subject: '移動' });
  await deliver(await eventsOf(id));
  expect(await figures(report)).toEqual({ '107': 1 });
  await archiveRecord(database.app, '0-5', id);
  await deliver((await eventsOf(id)).toReversed());
  await deliver([creation]);
  expect(await figures(report)).toEqual({});
});

test('the owner at creation is the first one that the ticket had, whatever comes later and in whatever order it is told', async () => {
  const only = { filterGroups: [{ filters: [{ propertyName: 'subject', operator: 'EQ', value: '担当' }] }] };
  const groupBy = [{ property: 'hubspot_owner_id' }];
  const first = await counted({ ...only, groupBy, ownerAt: 'creation' });
  const now = await counted({ ...only, groupBy });

  const given = await ticket({ subject: '担当' });
  await updateRecord(database.app, '0-5', { id: given.id }, { hubspot_owner_id: '10000007' });
  await updateRecord(database.app, '0-5', { id: given.id }, { hubspot_owner_id: '10000008' });
  await deliver((await eventsOf(given.id)).toReversed());
  const born = await ticket({ subject: '担当', hubspot_owner_id: '10000009' });
  await deliver(await eventsOf(born.id));
  await updateRecord(database.app, '0-5', { id: born.id }, { hubspot_owner_id: '10000008' });
  await deliver(await eventsOf(born.id));

  expect(await figures(first)).toEqual({ '10000007': 1, '10000009': 1 });
  expect(await figures(now)).toEqual({ '10000008': 2 });
  const afterwards = await counted({ ...only, groupBy, ownerAt: 'creation' });
  expect(await figures(afterwards)).toEqual({ '10000007': 1, '10000009': 1 });
  for (const id of [first, now, afterwards])
    expect((await verifyReport(database.app, id)).verification).toMatchObject({ equal: true });
});

test('a record whose date moves behind the back-fill while it runs is not lost', async () => {
  const many = { subject: '埋戻し', createdate: '2026-10-01T00:00:00.000Z' };
  await inParallel(Array.from({ length: 205 }), 8, () => ticket(many));
  const late = await ticket({ ...many, createdate: '2026-12-24T00:00:00.000Z' });
  const only = { filterGroups: [{ filters: [{ propertyName: 'subject', operator: 'EQ', value: '埋戻し' }] }] };
  const report = await createReport(database.app, input({ ...only, groupBy: [{ property: 'hs_pipeline' }] }));
  jobs.messages.length = 0;
  const job = { input: { reportId: report.id, generation: 1 } } as unknown as Parameters<typeof reportBackfill.run>[1];

  const firstSlice = await reportBackfill.run(database.app, job);
  await updateRecord(database.app, '0-5', { id: late.id }, { createdate: '2026-09-01T00:00:00.000Z' });
  let slice = firstSlice;
  while (!slice.done) slice = await reportBackfill.run(database.app, { ...job, cursor: slice.cursor });
  await deliver((await eventsOf(late.id)).slice(-1));

  expect(await figures(report.id)).toEqual({ '0': 206 });
  expect(firstSlice.done).toBe(false);
});

test('a slice of the back-fill that runs again, and one of a report that was deleted, change nothing', async () => {
  const report = await createReport(database.app, input({ groupBy: [{ property: 'hs_pipeline' }] }));
  const job = { input: { reportId: report.id, generation: 1 } } as unknown as Parameters<typeof reportBackfill.run>[1];
  await reportBackfill.run(database.app, job);
  const once = await figures(report.id);
  await reportBackfill.run(database.app, job);
  expect(await figures(report.id)).toEqual(once);
  await removeReport(database.app, report.id);
  expect(await reportBackfill.run(database.app, job)).toEqual({ done: true, processed: 0 });
});

test('sums of decimals are exact, averages are of the records, and values that are no amount do not count', async () => {
  const only = { filterGroups: [{ filters: [{ propertyName: 'dealname', operator: 'EQ', value: '端数' }] }] };
  const deals = { ...only, objectType: 'deals', groupBy: [{ property: 'pipeline' }] };
  const sum = await counted({ ...deals, measure: { type: 'SUM', property: 'amount' } });
  const average = await counted({ ...deals, measure: { type: 'AVG', property: 'amount' } });
  const deal = (amount: string) =>
    createRecord(database.app, '0-3', { dealname: '端数', pipeline: 'default', dealstage: 'closedwon', amount });
  for (const amount of ['0.1', '0.2', '-0.3', '100', '', '1e300']) await deal(amount);
  await deliver((await allEvents(database.app)).filter(({ pk }) => pk.startsWith('0-3#')));
  expect(await figures(sum)).toEqual({ default: 100 });
  expect(await figures(average)).toEqual({ default: 25 });
});

test('values with # and % and very long ones are cells of their own, and lead to their records', async () => {
  const only = { filterGroups: [{ filters: [{ propertyName: 'content', operator: 'EQ', value: '記号' }] }] };
  const reportId = await counted({ ...only, groupBy: [{ property: 'subject' }, { date: 'createdate', unit: 'day' }] });
  const subjects = ['a#b', 'a%23b', 'a%b', `${'長'.repeat(5000)}`, '#'.repeat(3000)];
  for (const subject of subjects) await ticket({ subject, content: '記号', createdate: '2026-11-25T00:00:00.000Z' });
  await deliver((await allEvents(database.app)).slice(-20));
  const report = await readReport(database.app, reportId);
  const { rows } = await readData(database.app, report, {}, 'ja');
  expect(rows).toHaveLength(subjects.length);
  for (const { keys } of rows) {
    const { records } = await recordsBehind(database.app, report, keys, { limit: 10 });
    expect(records.map(({ properties }) => properties.subject?.startsWith(keys[1] ?? ''))).toEqual([true]);
  }
});

test('a recount that takes longer than a request may goes on as a job, with the same result', async () => {
  const report = await createReport(database.app, input({ groupBy: [{ property: 'hs_pipeline' }] }));
  await jobs.work(database.app);
  const { jobId, verification } = await verifyReport(database.app, report.id, -1);
  expect(verification).toBeUndefined();
  expect(jobs.messages).toEqual([{ jobId, turn: 2 }]);
  await jobs.work(database.app);
  expect(await readJob(database.app, jobId)).toMatchObject({ status: 'COMPLETED', result: { equal: true } });
});
