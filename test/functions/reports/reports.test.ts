import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as createToken } from '../../../functions/account/create-access-token.ts';
import { handler as create } from '../../../functions/reports/create.ts';
import { handler as data } from '../../../functions/reports/data.ts';
import { handler as get } from '../../../functions/reports/get.ts';
import { handler as list } from '../../../functions/reports/list.ts';
import { handler as records } from '../../../functions/reports/records.ts';
import { handler as remove } from '../../../functions/reports/remove.ts';
import { handler as update } from '../../../functions/reports/update.ts';
import { handler as verify } from '../../../functions/reports/verify.ts';
import { handler as createUser } from '../../../functions/users/create.ts';
import type { App } from '../../../lib/core/app.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import { type Answer, call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
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

type Body = Record<string, never> & {
  id: string;
  complete: boolean;
  results: { id: string }[];
  rows: { keys: string[]; labels: string[]; value: number; count: number }[];
  columns: { name: string; label: string }[];
};
const bodyOf = ({ body }: Answer) => body as Body;
const headers = bearer();
const post = (handler: unknown, body: unknown) => call(handler, { headers, body });
const on = (handler: unknown, reportId: string, query: Record<string, string> = {}, body?: unknown) =>
  call(handler, { headers, path: { reportId }, query, ...(body !== undefined && { body }) });

const weekly = {
  name: '【サクセス】各週チケット発行件数(問合せ)',
  objectType: 'tickets',
  filterGroups: [{ filters: [{ propertyName: 'hs_pipeline', operator: 'IN', values: ['0', '107'] }] }],
  measure: { type: 'COUNT' },
  groupBy: [{ date: 'createdate', unit: 'week' }, { property: 'hs_pipeline' }],
};
const ticket = (createdate: string, more: Record<string, string> = {}) =>
  createRecord(database.app, '0-5', {
    subject: '問合せ',
    hs_pipeline: '0',
    hs_pipeline_stage: '1',
    createdate,
    ...more,
  });

async function given(body: unknown): Promise<string> {
  const answer = await post(create, body);
  expect(answer.status).toBe(201);
  return bodyOf(answer).id;
}

test('seven tickets of a week are seven, by week in Tokyo and pipeline, with the names that people know', async () => {
  const reportId = await given(weekly);
  await jobs.work(database.app);
  for (let n = 0; n < 7; n += 1) await ticket('2026-11-23T03:00:00.000Z');
  await ticket('2026-11-22T14:59:59.999Z');
  await ticket('2026-11-29T15:00:00.000Z', { hs_pipeline: '107', hs_pipeline_stage: '10701' });
  await ticket('2026-11-23T03:00:00.000Z', { hs_pipeline: '101', hs_pipeline_stage: '10101' });
  const events = await allEvents(database.app);
  await deliver(events);
  await deliver(events);

  const answer = await on(data, reportId);
  expect(answer.status).toBe(200);
  expect(bodyOf(answer)).toMatchObject({
    complete: true,
    columns: [
      { name: 'createdate', label: '作成日', unit: 'week' },
      { name: 'hs_pipeline', label: 'パイプライン' },
      { name: 'value', label: '件数' },
    ],
    rows: [
      { keys: ['2026-11-16', '0'], labels: ['2026/11/16の週', '【サクセス】問合せ対応'], value: 1 },
      { keys: ['2026-11-23', '0'], labels: ['2026/11/23の週', '【サクセス】問合せ対応'], value: 7 },
      { keys: ['2026-11-30', '107'], labels: ['2026/11/30の週', '【サクセス】社内問合せ'], value: 1 },
    ],
  });
  const between = await on(data, reportId, { from: '2026-11-25', to: '2026-11-26', lang: 'en' });
  expect(bodyOf(between).rows).toMatchObject([
    { keys: ['2026-11-23', '0'], labels: ['Week of 2026-11-23', expect.any(String)], value: 7 },
  ]);

  const first = await on(records, reportId, { keys: '2026-11-23,0', limit: '5' });
  const after = (first.body as { paging: { next: { after: string } } }).paging.next.after;
  const second = await on(records, reportId, { keys: '["2026-11-23","0"]', limit: '5', after });
  const ids = [...bodyOf(first).results, ...bodyOf(second).results].map(({ id }) => id);
  expect([new Set(ids).size, bodyOf(second).results.length]).toEqual([7, 2]);
  expect((second.body as { paging?: unknown }).paging).toBeUndefined();

  await archiveRecord(database.app, '0-5', ids[0] ?? '');
  await deliver(await allEvents(database.app));
  expect(bodyOf(await on(data, reportId)).rows[1]).toMatchObject({ value: 6 });
  const recount = await on(verify, reportId);
  expect(recount).toMatchObject({ status: 200, body: { equal: true, differences: [], records: 10, misplaced: 0 } });
});

test('a tile costs one query, whatever the number of records', async () => {
  const reportId = await given({ ...weekly, name: '費用' });
  await jobs.work(database.app);
  await on(data, reportId);
  const answer = await call(data, { headers: { ...headers, 'x-tsunagi-cost': '1' }, path: { reportId } });
  const [, calls, rru] = /calls=(\d+);rru=([\d.]+)/.exec(answer.headers['x-tsunagi-cost'] ?? '') ?? [];
  expect([calls, Number(rru) <= 3]).toEqual(['2', true]);
});

test('owners are shown by name, and a cell without an owner says so', async () => {
  const user = bodyOf(await post(createUser, { email: 'sato@example.co.jp', lastName: '佐藤', firstName: '花子' }));
  await ticket('2026-10-05T00:00:00.000Z', { subject: '担当別', hubspot_owner_id: user.id });
  await ticket('2026-10-06T00:00:00.000Z', { subject: '担当別' });
  const reportId = await given({
    ...weekly,
    filterGroups: [{ filters: [{ propertyName: 'subject', operator: 'EQ', value: '担当別' }] }],
    groupBy: [{ property: 'hubspot_owner_id' }, { date: 'createdate', unit: 'month' }],
    ownerAt: 'creation',
  });
  await jobs.work(database.app);
  const { rows } = bodyOf(await on(data, reportId));
  expect(rows.map(({ labels }) => labels)).toEqual([
    ['2026年10月', '（値なし）'],
    ['2026年10月', '佐藤 花子'],
  ]);
});

test('answers to surveys are measured by their score: NPS is promoters less detractors, other types do not count', async () => {
  const app: App = { ...database.app, actor: { kind: 'survey', id: '1' } };
  const answer = (hs_survey_type: string, hs_value: string) =>
    createRecord(app, '0-19', { hs_survey_type, hs_value, hs_submission_name: '報告の対象' });
  for (const score of ['10', '9', '8', '0']) await answer('NPS', score);
  await answer('CES', '7');
  await answer('CES', '4');
  const measured = async (type: string) => {
    const id = await given({ name: type, objectType: 'feedback_submissions', measure: { type }, groupBy: [] });
    await jobs.work(database.app);
    return bodyOf(await on(data, id)).rows.map(({ value, count }) => [value, count]);
  };
  expect(await measured('NPS')).toEqual([[25, 4]]);
  expect(await measured('CES')).toEqual([[5.5, 2]]);
  expect(await measured('CSAT')).toEqual([[0, 0]]);
});

describe('a definition that cannot be counted is refused with what is wrong', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['a measure of surveys', { measure: { type: 'NPS' } }, /NPS is of feedback submissions/],
    ['an unknown measure', { measure: { type: 'MAX' } }, /NPS, CES or CSAT/],
    ['a sum of nothing', { measure: { type: 'SUM' } }, /needs a number property/],
    ['a sum of words', { measure: { type: 'SUM', property: 'subject' } }, /needs a number property/],
    ['a count of a property', { measure: { type: 'COUNT', property: 'subject' } }, /takes no property/],
    ['an unknown field', { groups: [] }, /groups/],
    ['an unknown property', { groupBy: [{ property: 'nothing' }] }, /no property nothing/],
    ['a date that is none', { groupBy: [{ date: 'subject', unit: 'week' }] }, /no date/],
    ['a date as a group of its own', { groupBy: [{ property: 'createdate' }] }, /is a date/],
    [
      'two dates',
      {
        groupBy: [
          { date: 'createdate', unit: 'week' },
          { date: 'due_date', unit: 'day' },
        ],
      },
      /one date/,
    ],
    ['four groups', { groupBy: Array.from({ length: 4 }, () => ({ property: 'subject' })) }, /at most 3/],
    ['a group twice', { groupBy: [{ property: 'subject' }, { property: 'subject' }] }, /once/],
    ['an unknown zone', { timeZone: 'Asia/Edo' }, /time zone/],
    [
      'a filter without a value',
      { filterGroups: [{ filters: [{ propertyName: 'subject', operator: 'EQ' }] }] },
      /needs value/,
    ],
    ['an unknown object type', { objectType: 'nothing' }, /Unable to infer object type/],
  ])('%s', async (_, more, message) => {
    const answer = await post(create, { ...weekly, ...more });
    expect(answer.status).toBe(400);
    expect((answer.body as { message: string }).message).toMatch(message);
  });
});

test('a new name does not count anew, another week does, and both are read back', async () => {
  const reportId = await given(weekly);
  await jobs.work(database.app);
  const renamed = await on(update, reportId, {}, { name: '問合せ', objectType: 'ticket' });
  expect(renamed.body).toMatchObject({ name: '問合せ', complete: true });
  const cut = await on(update, reportId, {}, { weekStart: 'sunday' });
  expect(cut.body).toMatchObject({ name: '問合せ', weekStart: 'sunday', complete: false });
  expect((await on(data, reportId)).body).toMatchObject({ complete: false, progress: { done: 0 } });
  await jobs.work(database.app);
  expect((await on(get, reportId)).body).toMatchObject({
    complete: true,
    groupBy: weekly.groupBy,
    timeZone: 'Asia/Tokyo',
  });
  expect(bodyOf(await call(list, { headers })).results.map(({ id }) => id)).toContain(reportId);
});

test('a report that was deleted is gone', async () => {
  const reportId = await given(weekly);
  expect((await on(remove, reportId)).status).toBe(204);
  for (const handler of [get, data, verify, remove]) expect((await on(handler, reportId)).status).toBe(404);
  expect((await on(update, reportId, {}, { name: 'x' })).status).toBe(404);
});

test('keys that do not fit the report and days that are none are refused', async () => {
  const reportId = await given(weekly);
  for (const keys of ['2026-11-23', '[1]', '[broken']) expect((await on(records, reportId, { keys })).status).toBe(400);
  for (const from of ['2026-02-30', 'x', '2026-1-1']) expect((await on(data, reportId, { from })).status).toBe(400);
  const undated = await given({ ...weekly, groupBy: [] });
  expect((await on(data, undated, { from: '2026-11-01' })).status).toBe(400);
  expect(bodyOf(await on(data, undated)).rows).toMatchObject([{ keys: [], value: 0 }]);
});

test('who may read reports but no tickets sees figures and not the tickets behind them', async () => {
  const reportId = await given(weekly);
  const token = await post(createToken, { name: 'reports', scopes: ['reports'] });
  const asReader = { authorization: `Bearer ${(token.body as { token: string }).token}` };
  expect((await call(data, { headers: asReader, path: { reportId } })).status).toBe(200);
  const answer = await call(records, { headers: asReader, path: { reportId }, query: { keys: '2026-11-23,0' } });
  expect(answer).toMatchObject({ status: 403, body: { category: 'MISSING_SCOPES' } });
});
