import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as createProperty } from '../../../functions/properties/create.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { workOn } from '../../../lib/jobs/work.ts';
import { listRecords } from '../../../lib/objects/read-store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { recordsBehind } from '../../../lib/reports/behind.ts';
import { cellOf } from '../../../lib/reports/cell.ts';
import { reportCleanup } from '../../../lib/reports/cleanup.ts';
import { readData } from '../../../lib/reports/data.ts';
import { readReport } from '../../../lib/reports/read-store.ts';
import { ReportInput } from '../../../lib/reports/schema.ts';
import { changeReport, createReport, recountReport } from '../../../lib/reports/store.ts';
import { verifyReport } from '../../../lib/reports/verify-now.ts';
import { contributionKey, counterKey, counterPartition } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { allEvents, deliver, type EventItem, mockJobs } from '../../support/reports.ts';

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

const pipelines = ['0', '107', '101'] as const;
const stageOf: Readonly<Record<string, string>> = { 0: '1', 107: '10701', 101: '10101' };
const days = [
  '2026-11-22T14:59:59.999Z',
  '2026-11-22T15:00:00.000Z',
  '2026-11-29T14:59:59.000Z',
  '2026-12-01T03:00:00.000Z',
];
const owners = ['', '10000001', '10000002'];

const weekly = ReportInput.parse({
  name: '【サクセス】各週チケット発行件数(問合せ)',
  objectType: 'tickets',
  filterGroups: [{ filters: [{ propertyName: 'hs_pipeline', operator: 'IN', values: ['0', '107'] }] }],
  measure: { type: 'COUNT' },
  groupBy: [{ property: 'hs_pipeline' }, { date: 'createdate', unit: 'week' }, { property: 'hubspot_owner_id' }],
});
const summed = ReportInput.parse({
  name: '予定',
  objectType: 'tickets',
  measure: { type: 'SUM', property: 'effort' },
  groupBy: [{ property: 'hs_pipeline_stage' }],
});

let seed = 7;
/** The same storm in every run. */
const random = (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
};
const one = <T>(list: readonly T[]): T => list[random(list.length)] as T;

const values = () => {
  const pipeline = one(pipelines);
  return {
    hs_pipeline: pipeline,
    hs_pipeline_stage: stageOf[pipeline] ?? '',
    createdate: one(days),
    hubspot_owner_id: one(owners),
    effort: one(['0.1', '0.2', '1234567.000001', '-3', '']),
  };
};

/** One writer: makes tickets, moves them about, archives some. */
async function write(ids: string[], rounds: number): Promise<void> {
  const { app } = database;
  for (let round = 0; round < rounds; round += 1) {
    const id = one(ids);
    const action = random(10);
    if (ids.length < 5 || action < 3) {
      const { id: made } = await createRecord(app, '0-5', { subject: '問合せ', ...values() });
      ids.push(made);
    } else if (action < 9) {
      await updateRecord(app, '0-5', { id }, { ...values(), content: `${round}` }).catch(ignoreGone);
    } else {
      await archiveRecord(app, '0-5', id);
    }
  }
}

const ignoreGone = (error: unknown) => {
  if (!(error instanceof Error) || !error.message.includes('resource not found')) throw error;
};

const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((item) => ({ item, place: random(1_000_000) }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);

/** Hands over what happened since, twice, in any order, by three invocations at once, as long as the writers write. */
async function deliverWhile(isWriting: () => boolean): Promise<void> {
  const seen = new Set<string>();
  for (let last = false; ; ) {
    const fresh = (await allEvents(database.app)).filter(({ sk }) => !seen.has(sk));
    for (const { sk } of fresh) seen.add(sk);
    const batch = shuffled([...fresh, ...fresh]);
    const third = Math.ceil(batch.length / 3) || 1;
    await Promise.all([0, 1, 2].map((part) => batches(batch.slice(part * third, (part + 1) * third))));
    if (last) return;
    last = !isWriting();
  }
}

async function batches(items: readonly EventItem[]): Promise<void> {
  for (let start = 0; start < items.length; start += 40) await deliver(items.slice(start, start + 40));
}

const mondayInTokyo = (time: string) => {
  const tokyo = new Date(Date.parse(time) + 9 * 3_600_000);
  const monday = tokyo.getTime() - ((tokyo.getUTCDay() + 6) % 7) * 86_400_000;
  return new Date(monday).toISOString().slice(0, 10);
};

async function liveTickets() {
  const found = [];
  for (let after = ''; ; ) {
    const { records, more } = await listRecords(database.app, '0-5', {
      archived: false,
      limit: 100,
      ...(after && { after }),
    });
    found.push(...records);
    if (!more) return found;
    after = records.at(-1)?.id ?? '';
  }
}

/** The weekly report, counted as a person would. */
async function countedByHand(): Promise<Record<string, string[]>> {
  const cells: Record<string, string[]> = {};
  for (const { id, properties } of await liveTickets()) {
    if (properties.hs_pipeline !== '0' && properties.hs_pipeline !== '107') continue;
    const week = mondayInTokyo(properties.createdate ?? '');
    const cell = JSON.stringify([week, properties.hs_pipeline, properties.hubspot_owner_id ?? '']);
    cells[cell] = [...(cells[cell] ?? []), id].sort();
  }
  return cells;
}

async function countedByReport(reportId: string): Promise<Record<string, string[]>> {
  const { app } = database;
  const report = await readReport(app, reportId);
  const { rows } = await readData(app, report, {}, 'ja');
  const cells: Record<string, string[]> = {};
  for (const { keys, value } of rows) {
    const ids: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await recordsBehind(app, report, keys, { after, limit: 7 });
      ids.push(...page.records.map(({ id }) => id));
      after = page.after;
      if (!after) break;
    }
    expect(ids).toHaveLength(value);
    cells[JSON.stringify(keys)] = ids.sort();
  }
  return cells;
}

test('counters are exact after a storm of writes with duplicated and reordered deliveries and back-fills at the same time', async () => {
  const { app } = database;
  const effort = { name: 'effort', label: '工数', type: 'number', fieldType: 'number', groupName: 'ticketinformation' };
  const made = await call(createProperty, { path: { objectType: 'tickets' }, body: effort, headers: bearer() });
  expect(made.status).toBe(201);

  const ids: string[] = [];
  await write(ids, 60);
  const first = await createReport(app, weekly);
  let writing = true;
  const writers = Promise.all([write(ids, 60), write(ids, 60), write(ids, 60)]).then(() => {
    writing = false;
  });
  const backfill = async () => {
    // Two workers at one job, and a second report that begins in the middle of the storm.
    const message = { jobId: first.jobId, turn: 1 };
    await Promise.all([workOn(app, message, jobKinds), workOn(app, message, jobKinds)]);
    const second = await createReport(app, summed);
    await jobs.work(app);
    return second;
  };
  const [, , second] = await Promise.all([writers, deliverWhile(() => writing), backfill()]);
  await batches((await allEvents(app)).toReversed());

  expect(await countedByReport(first.id)).toEqual(await countedByHand());
  expect((await readReport(app, first.id)).ready).toBe(1);
  for (const { id } of [first, second]) {
    const { verification } = await verifyReport(app, id);
    expect(verification).toMatchObject({ equal: true, misplaced: 0, differences: [] });
  }
  const { rows } = await readData(app, await readReport(app, second.id), {}, 'ja');
  const sums: Record<string, number> = {};
  for (const { properties } of await liveTickets()) {
    if (properties.effort === undefined) continue;
    const stage = properties.hs_pipeline_stage ?? '';
    sums[stage] = Math.round(((sums[stage] ?? 0) + Number(properties.effort)) * 1e6) / 1e6;
  }
  expect(Object.fromEntries(rows.map(({ keys, value }) => [keys[0], value]))).toEqual(sums);
});

test('another definition counts anew under its own keys, and what the old one counted is taken away', async () => {
  const { app } = database;
  const report = await createReport(app, weekly);
  await jobs.work(app);
  const before = await readData(app, await readReport(app, report.id), {}, 'ja');
  const changed = await changeReport(app, report.id, { groupBy: [{ date: 'createdate', unit: 'month' }] });
  expect((await readData(app, changed, {}, 'ja')).complete).toBe(false);
  await jobs.work(app);
  const after = await readData(app, await readReport(app, report.id), {}, 'ja');
  const sum = (rows: readonly { value: number }[]) => rows.reduce((total, { value }) => total + value, 0);
  expect([after.complete, sum(after.rows)]).toEqual([true, sum(before.rows)]);
  expect(after.rows.map(({ keys }) => keys)).toEqual([['2026-11-01'], ['2026-12-01']]);

  const job = { input: { counterId: `${report.id}.1` } } as unknown as Parameters<typeof reportCleanup.run>[1];
  for (let done = false; !done; ) ({ done } = await reportCleanup.run(app, job));
  const left = database.engine.execute('Query', {
    TableName: 'table',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: counterPartition(`${report.id}.1`) } },
  }) as { Count: number };
  expect(left.Count).toBe(0);
  expect((await readData(app, await readReport(app, report.id), {}, 'ja')).rows).toEqual(after.rows);
});

test('a counter or a contribution that is wrong is found, named by its cell, and gone after a recount', async () => {
  const { app } = database;
  const report = await createReport(app, weekly);
  await jobs.work(app);
  const { rows } = await readData(app, await readReport(app, report.id), {}, 'ja');
  const [one, two] = rows;
  const keysOne = one?.keys ?? [];
  const { records } = await recordsBehind(app, report, two?.keys ?? [], { limit: 1 });
  const lost = { objectType: '0-5', id: records[0]?.id ?? '' };
  await app.table.commit([
    { update: counterKey(`${report.id}.1`, cellOf(keysOne)), add: { count: 1 } },
    { remove: contributionKey(lost, `${report.id}.1`) },
  ]);
  const { verification } = await verifyReport(app, report.id);
  expect(verification).toMatchObject({ equal: false, misplaced: 1 });
  expect(verification?.differences).toEqual([
    { keys: keysOne, counted: (one?.value ?? 0) + 1, recounted: one?.value, recordIds: [] },
    { keys: two?.keys, counted: two?.value, recounted: two?.value, recordIds: [lost.id] },
  ]);

  await recountReport(app, report.id);
  await jobs.work(app);
  expect((await verifyReport(app, report.id)).verification).toMatchObject({ equal: true });
  expect((await readData(app, await readReport(app, report.id), {}, 'ja')).rows).toEqual(rows);
});
