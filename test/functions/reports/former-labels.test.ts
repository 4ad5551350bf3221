import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handler as archivePipeline } from '../../../functions/pipelines/archive.ts';
import { handler as audit } from '../../../functions/pipelines/audit.ts';
import { handler as createPipeline } from '../../../functions/pipelines/create.ts';
import { handler as getPipeline } from '../../../functions/pipelines/get.ts';
import { handler as replacePipeline } from '../../../functions/pipelines/replace.ts';
import { handler as updatePipeline } from '../../../functions/pipelines/update.ts';
import { handler as updateStage } from '../../../functions/pipelines/update-stage.ts';
import { handler as create } from '../../../functions/reports/create.ts';
import { handler as data } from '../../../functions/reports/data.ts';
import { forgetDefinitions } from '../../../lib/objects/definition-cache.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { readTiles } from '../../../lib/reports/dashboard-view.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { mockJobs } from '../../support/reports.ts';

let database: Database;
let jobs: ReturnType<typeof mockJobs>;
beforeAll(async () => {
  jobs = mockJobs();
  database = await startDatabase();
});
beforeEach(() => forgetDefinitions());
afterAll(async () => {
  jobs.restore();
  await database.close();
});

type Shown = { id: string; label: string; stages: { id: string; label: string }[] };
type Rows = { rows: { keys: string[]; labels: string[]; labelsNow?: string[]; value: number }[] };
const headers = bearer();
const run = (handler: unknown, path: Record<string, string>, body?: unknown) =>
  call(handler, { headers, path, ...(body !== undefined && { body }) });
const tickets = { objectType: 'tickets' };

/** Does something at another time. */
async function at<T>(moment: string, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(moment) });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}

const on = <T>(day: string, work: () => Promise<T>) => at(`${day}T12:00:00+09:00`, work);

async function pipelineNamed(label: string): Promise<Shown> {
  const stages = [{ label: '受付', displayOrder: 0, metadata: {} }];
  return (await run(createPipeline, tickets, { label, displayOrder: 60, stages })).body as Shown;
}

const ticket = ({ id, stages }: Shown, day: string) =>
  createRecord(database.app, '0-5', {
    subject: '対応',
    hs_pipeline: id,
    hs_pipeline_stage: stages[0]?.id ?? '',
    createdate: `${day}T03:00:00.000Z`,
  });

async function reportOf(property: string, pipeline: Shown, dated = true): Promise<string> {
  const { body } = await run(
    create,
    {},
    {
      name: `${pipeline.label}の件数`,
      objectType: 'tickets',
      filterGroups: [{ filters: [{ propertyName: 'hs_pipeline', operator: 'EQ', value: pipeline.id }] }],
      measure: { type: 'COUNT' },
      groupBy: [...(dated ? [{ date: 'createdate', unit: 'month' }] : []), { property }],
    },
  );
  await jobs.work(database.app);
  return (body as { id: string }).id;
}

const rowsOf = async (reportId: string) => ((await run(data, { reportId })).body as Rows).rows;
const namesOf = async (reportId: string) => (await rowsOf(reportId)).map(({ labels }) => labels.at(-1));

test('a month shows what the pipeline was called at its end, also when it is archived', async () => {
  const pipeline = await pipelineNamed('1課');
  const path = { ...tickets, pipelineId: pipeline.id };
  await on('2026-01-15', () => run(updatePipeline, path, { label: '第1課' }));
  await on('2026-06-15', () => run(updatePipeline, path, { label: '営業1課' }));
  for (const day of ['2025-12-10', '2026-01-10', '2026-03-10', '2026-07-10']) await ticket(pipeline, day);
  const reportId = await reportOf('hs_pipeline', pipeline);
  expect(await namesOf(reportId)).toEqual(['1課', '第1課', '第1課', '営業1課']);
  expect((await rowsOf(reportId)).map(({ labelsNow }) => labelsNow?.at(-1))).toEqual([
    '営業1課',
    '営業1課',
    '営業1課',
    undefined,
  ]);
  await run(archivePipeline, path);
  forgetDefinitions();
  expect(await namesOf(reportId)).toEqual(['1課', '第1課', '第1課', '営業1課']);
  const undated = await reportOf('hs_pipeline', pipeline, false);
  expect(await namesOf(undated)).toEqual(['営業1課']);
});

test('the last moment of a month belongs to it, in the zone of the report', async () => {
  const pipeline = await pipelineNamed('月末');
  const path = { ...tickets, pipelineId: pipeline.id };
  await at('2026-01-31T23:59:59.999+09:00', () => run(updatePipeline, path, { label: '月末の後' }));
  await at('2026-03-01T00:00:00.000+09:00', () => run(updatePipeline, path, { label: '三月から' }));
  for (const day of ['2025-12-10', '2026-01-10', '2026-02-10', '2026-03-10']) await ticket(pipeline, day);
  const reportId = await reportOf('hs_pipeline', pipeline);
  expect(await namesOf(reportId)).toEqual(['月末', '月末の後', '月末の後', '三月から']);
});

test('so with stages, whether one is renamed or all are put anew; clients of the API see the names of today alone', async () => {
  const pipeline = await pipelineNamed('段階');
  const path = { ...tickets, pipelineId: pipeline.id };
  const stageId = pipeline.stages[0]?.id ?? '';
  await on('2026-01-15', () => run(updateStage, { ...path, stageId }, { label: '一次受付' }));
  const stages = [{ stageId, label: '受付中', displayOrder: 0, metadata: {} }];
  await on('2026-03-15', () => run(replacePipeline, path, { label: '段階', displayOrder: 60, stages }));
  await on('2026-04-15', () => run(updateStage, { ...path, stageId }, { displayOrder: 3 }));
  for (const day of ['2025-12-10', '2026-02-10', '2026-04-10']) await ticket(pipeline, day);
  const reportId = await reportOf('hs_pipeline_stage', pipeline);
  expect(await namesOf(reportId)).toEqual(['受付', '一次受付', '受付中']);
  const shown = await run(getPipeline, path);
  expect(JSON.stringify(shown.body)).not.toContain('一次受付');
  const log = (await run(audit, path)).body as { results: unknown[] };
  expect(log.results).toHaveLength(4);
});

test('a series of a dashboard that was renamed in its period is called as it is today', async () => {
  const pipeline = await pipelineNamed('旧名');
  await on('2026-02-15', () => run(updatePipeline, { ...tickets, pipelineId: pipeline.id }, { label: '新名' }));
  for (const day of ['2025-12-10', '2026-01-10', '2026-03-10']) await ticket(pipeline, day);
  const reportId = await reportOf('hs_pipeline', pipeline);
  const seriesIn = async (from: string, to: string) => {
    const [tile] = await readTiles(database.app, { tiles: [{ reportId, width: 1 }] }, { from, to }, 'ja');
    return tile?.shown?.matrix.series.map(({ name, values }) => [name, values]);
  };
  expect(await seriesIn('2025-12-01', '2026-01-31')).toEqual([['旧名', [1, 1]]]);
  expect(await seriesIn('2025-12-01', '2026-03-31')).toEqual([['新名', [1, 1, 0, 1]]]);
  expect(await seriesIn('2026-03-01', '2026-03-31')).toEqual([['新名', [1]]]);
});
