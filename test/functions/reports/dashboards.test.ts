import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as page } from '../../../functions/pages/show-dashboard.ts';
import { handler as createReport } from '../../../functions/reports/create.ts';
import { handler as create } from '../../../functions/reports/create-dashboard.ts';
import { handler as get } from '../../../functions/reports/get-dashboard.ts';
import { handler as list } from '../../../functions/reports/list-dashboards.ts';
import { handler as removeReport } from '../../../functions/reports/remove.ts';
import { handler as remove } from '../../../functions/reports/remove-dashboard.ts';
import { handler as share } from '../../../functions/reports/share-dashboard.ts';
import { handler as changeReport } from '../../../functions/reports/update.ts';
import { handler as update } from '../../../functions/reports/update-dashboard.ts';
import { signLink } from '../../../lib/links/link.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { teamKey } from '../../../lib/table/keys.ts';
import { type Answer, call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { mockJobs } from '../../support/reports.ts';

let database: Database;
let jobs: ReturnType<typeof mockJobs>;
const secrets = mockClient(SecretsManagerClient);
beforeAll(async () => {
  jobs = mockJobs();
  secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ current: 'k1', k1: 'x'.repeat(40) }) });
  database = await startDatabase();
  await database.app.table.commit([{ put: { ...teamKey('77'), id: '77', name: '問合せチーム' } }]);
});
afterAll(async () => {
  secrets.restore();
  jobs.restore();
  await database.close();
});

const headers = bearer();
const idOf = ({ body }: Answer) => (body as { id: string }).id;
const later = () => new Date(Date.now() + 3_600_000).toISOString();
const on = (handler: unknown, dashboardId: string, body?: unknown) =>
  call(handler, { headers, path: { dashboardId }, ...(body !== undefined && { body }) });

async function given(): Promise<{ dashboardId: string; reportId: string }> {
  const report = {
    name: '各週<b>チケット</b>件数',
    objectType: 'tickets',
    measure: { type: 'COUNT' },
    groupBy: [{ date: 'createdate', unit: 'week' }, { property: 'hs_pipeline' }],
  };
  const reportId = idOf(await call(createReport, { headers, body: report }));
  const tiles = [
    { reportId, chart: 'bar', width: 8 },
    { reportId, chart: 'line' },
    { reportId, chart: 'number' },
    { reportId, chart: 'table' },
  ];
  const dashboardId = idOf(
    await call(create, { headers, body: { name: '【サクセス】', tiles, sharedWithTeams: ['77'] } }),
  );
  await jobs.work(database.app);
  return { dashboardId, reportId };
}

const open = (dashboardId: string, query: Record<string, string> = {}, more: Record<string, string> = {}) =>
  call(page, { method: 'GET', url: `/d/${dashboardId}`, path: { dashboardId }, query, headers: more });
const tokenOf = ({ body }: Answer) => new URL((body as { url: string }).url).searchParams.get('token') ?? '';

test('a dashboard is made, listed, changed and deleted', async () => {
  const { dashboardId, reportId } = await given();
  expect((await on(get, dashboardId)).body).toMatchObject({
    name: '【サクセス】',
    sharedWithTeams: ['77'],
    tiles: [{ reportId, chart: 'bar', width: 8 }, { reportId, chart: 'line', width: 6 }, {}, {}],
  });
  expect((await on(update, dashboardId, { name: '改名', tiles: [] })).body).toMatchObject({ name: '改名', tiles: [] });
  expect(((await call(list, { headers })).body as { results: unknown[] }).results.length).toBeGreaterThan(0);
  expect((await on(remove, dashboardId)).status).toBe(204);
  for (const handler of [get, remove]) expect((await on(handler, dashboardId)).status).toBe(404);
});

test.each([
  [{ name: 'x', tiles: [{ reportId: '404' }] }, /no report 404/],
  [{ name: 'x', sharedWithTeams: ['404'] }, /no team 404/],
  [{ name: '' }, /name/],
  [{ name: 'x', tiles: [{ reportId: '1', width: 13 }] }, /at most 12/],
  [{ name: 'x', colour: 'red' }, /colour/],
])('%j is refused', async (body, message) => {
  const answer = await call(create, { headers, body });
  expect(answer.status).toBe(400);
  expect((answer.body as { message: string }).message).toMatch(message);
});

test('a shared link opens the page; nothing else does, and the page says how to get one', async () => {
  const { dashboardId } = await given();
  const shared = await on(share, dashboardId, { expiresAt: later() });
  expect((shared.body as { url: string }).url).toMatch(`https://public.test/d/${dashboardId}?token=`);
  expect((await open(dashboardId, { token: tokenOf(shared) })).status).toBe(200);
  expect((await open(dashboardId, {}, headers)).status).toBe(200);

  const other = (await given()).dashboardId;
  const late = await signLink('dashboard', { dashboardId }, new Date(Date.now() - 1000).toISOString());
  const survey = await signLink('survey', { dashboardId }, later());
  const refused = [
    await open(dashboardId),
    await open(dashboardId, {}, bearer('nobody')),
    await open(other, { token: tokenOf(shared) }),
    await open(dashboardId, { token: `${tokenOf(shared)}x` }),
    await open(dashboardId, { token: late }),
    await open(dashboardId, { token: survey }),
    await open('404'),
  ];
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 401));
  expect(refused[0]?.text).toContain('共有リンク');
  expect(refused[4]?.text).toContain('有効期限');
  expect((await open('404', {}, headers)).status).toBe(404);
});

test.each([
  ['2020-01-01T00:00:00Z'],
  ['soon'],
  ['2999-01-01T00:00:00Z'],
])('a link until %s is refused', async (expiresAt) => {
  const { dashboardId } = await given();
  expect((await on(share, dashboardId, { expiresAt })).status).toBe(400);
  expect((await on(share, '404', { expiresAt: later() })).status).toBe(404);
});

test('the page shows each tile as a picture and as a table, in both languages, without script or foreign markup', async () => {
  const createdate = new Date().toISOString();
  for (let n = 0; n < 3; n += 1)
    await createRecord(database.app, '0-5', { subject: 'x', hs_pipeline: '0', hs_pipeline_stage: '1', createdate });
  const { dashboardId, reportId } = await given();
  const ja = await open(dashboardId, {}, headers);
  expect(ja.text.match(/<svg class="chart"/g)).toHaveLength(2);
  expect(ja.text.match(/<table>/g)).toHaveLength(3);
  expect(ja.text).toContain('【サクセス】問合せ対応');
  expect(ja.text).toMatch(/<p class="figure">3<small>件/);
  expect(ja.text).not.toMatch(/<script|<b>| style="/);
  expect(ja.headers['content-security-policy']).toMatch(
    /default-src 'none'; style-src 'sha256-.*frame-ancestors 'none'/,
  );
  const en = await open(dashboardId, { lang: 'en', from: '2020-01-01', to: '2020-01-31' }, headers);
  expect(en.text).toContain('Week of 2019-12-30');
  expect(en.text).toContain('value="2020-01-31"');
  const bad: Record<string, string>[] = [{ from: '2026-02-30' }, { from: '2026-02-02', to: '2026-02-01' }];
  for (const query of bad) expect((await open(dashboardId, query, headers)).status).toBe(400);

  await call(removeReport, { headers, path: { reportId } });
  expect((await open(dashboardId, {}, headers)).text).toContain('レポートは削除されました');
});

test('a dashboard whose reports are still being counted says so', async () => {
  const { dashboardId, reportId } = await given();
  await call(changeReport, { headers, path: { reportId }, body: { weekStart: 'sunday' } });
  expect((await open(dashboardId, {}, headers)).text).toContain('過去のレコードを集計しています');
});
