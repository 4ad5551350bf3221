import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler as undo } from '../../../functions/changesets/undo.ts';
import { handler as dismiss } from '../../../functions/quality/dismiss.ts';
import { handler as fix } from '../../../functions/quality/fix.ts';
import { handler as forgetWord } from '../../../functions/quality/forget-word.ts';
import { handler as learnWord } from '../../../functions/quality/learn-word.ts';
import { handler as listFindings } from '../../../functions/quality/list-findings.ts';
import { handler as listWords } from '../../../functions/quality/list-words.ts';
import { handler as suggest } from '../../../functions/quality/suggest.ts';
import { handler as summary } from '../../../functions/quality/summary.ts';
import { listAssociated } from '../../../lib/associations/store.ts';
import { readRows } from '../../../lib/changesets/rows.ts';
import { readChangeSet } from '../../../lib/changesets/store.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { findJob } from '../../../lib/jobs/store.ts';
import { JobMessage, workOn } from '../../../lib/jobs/work.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { NameState } from '../../../lib/quality/state.ts';
import { bringNamesUpToDate } from '../../../lib/quality/up-to-date.ts';
import { nameStateKey } from '../../../lib/table/quality-keys.ts';
import { bringTextUpToDate } from '../../../lib/text/project.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, limitedTo, startDatabase } from '../../support/database.ts';

const sqs = mockClient(SQSClient);
const announced = () =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? [])
    .map(({ MessageBody = '' }) => JobMessage.parse(JSON.parse(MessageBody)));

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});

const headers = bearer();
type Finding = { id: string; type: string; recordId: string; confidence: number; suggestion?: Record<string, unknown> };
type Findings = { results: Finding[]; paging?: { next: { after: string } } };

/** A contact, seen by the projector. */
async function contact(values: Record<string, string>): Promise<string> {
  const { id } = await createRecord(database.app, '0-1', values);
  await bringNamesUpToDate(database.app, [id]);
  return id;
}
const valuesOf = async (id: string) => (await readRecord(database.app, '0-1', { id }))?.properties ?? {};
const findingsOf = async (query: Record<string, string>) =>
  (await call(listFindings, { method: 'GET', headers, query })).body as Findings;
/** Lets the jobs run that were announced, to their end. */
async function work() {
  for (const message of announced()) await workOn(database.app, message, jobKinds);
}
const fixes = async (body: Record<string, unknown>) => {
  const answer = await call(fix, { headers, body });
  expect(answer.status).toBe(202);
  const { jobId, changeSetId } = answer.body as { jobId: string; changeSetId: string };
  await work();
  return { job: await findJob(database.app, jobId), changeSetId };
};

test('a suggestion is made without anything being stored', async () => {
  const answer = await call(suggest, { headers, body: { lastname: '(株)サンプル高橋様', firstname: '' } });
  expect(answer).toMatchObject({
    status: 200,
    body: { lastname: '高橋', firstname: '', company: '(株)サンプル', honorific: '様', tags: [], confidence: 0.97 },
  });
  expect(await call(suggest, { headers, body: { lastname: '田中', name: 'x' } })).toMatchObject({
    status: 400,
    body: { category: 'VALIDATION_ERROR', message: expect.stringContaining('name') },
  });
});

test('the work list is paged, by type and by owner, and the summary counts it', async () => {
  const one = await contact({ lastname: '佐藤様', firstname: '花', hubspot_owner_id: '7' });
  const other = await contact({ lastname: '鈴木様', firstname: '花', hubspot_owner_id: '7' });
  await contact({ lastname: '加藤様', firstname: '花' });
  const first = await findingsOf({ type: 'HONORIFIC', ownerId: '7', limit: '1' });
  expect(first.results).toMatchObject([
    {
      id: `${one}-HONORIFIC`,
      type: 'HONORIFIC',
      recordId: one,
      ownerId: '7',
      lastname: '佐藤様',
      firstname: '花',
      suggestion: { lastname: '佐藤', honorific: '様' },
      confidence: 1,
    },
  ]);
  const second = await findingsOf({ ownerId: '7', after: first.paging?.next.after ?? '' });
  expect(second.results.map(({ recordId }) => recordId)).toEqual([other]);
  expect(second.paging).toBeUndefined();
  expect((await call(summary, { method: 'GET', headers })).body).toMatchObject({
    total: 3,
    byType: { HONORIFIC: 3 },
    byOwner: [
      { ownerId: null, total: 1 },
      { ownerId: '7', total: 2, byType: { HONORIFIC: 2 } },
    ],
  });
  expect(await call(listFindings, { method: 'GET', headers, query: { after: 'x' } })).toMatchObject({ status: 400 });
  expect(await call(listFindings, { method: 'GET', headers, query: { type: 'X' } })).toMatchObject({ status: 400 });
});

test('a fix is one change set: the name, and what stood in it where it was not known', async () => {
  const tag = await contact({ lastname: 'A8田中', company: '株式会社ほか' });
  const company = await contact({ lastname: '(株)サンプル高橋部長様' });
  const role = await contact({ lastname: '経理ご担当者様' });
  const { job, changeSetId } = await fixes({
    findingIds: [`${tag}-SERVICE_IN_NAME`, `${company}-HONORIFIC`, `${role}-ROLE_ADDRESS`],
  });
  expect(job).toMatchObject({ status: 'COMPLETED', total: 3, done: 3, counts: { fixed: 2, left: 1, refused: 0 } });
  expect(await valuesOf(tag)).toMatchObject({ lastname: '田中', service_tags: 'A8', company: '株式会社ほか' });
  expect(await valuesOf(company)).toMatchObject({
    lastname: '高橋',
    company: '(株)サンプル',
    salutation: '様',
    jobtitle: '部長',
  });
  expect(await valuesOf(role)).toMatchObject({ lastname: '経理ご担当者様' });
  expect(await readChangeSet(database.app, changeSetId)).toMatchObject({ kind: 'NAME_FIX', status: 'COMPLETE' });
  expect((await readRows(database.app, changeSetId, { limit: 10 })).rows).toHaveLength(2);
});

test('without ids everything that is sure enough is fixed, and what a person dismissed is left alone', async () => {
  const sure = await contact({ lastname: '田中太郎様' });
  const unsure = await contact({ lastname: '田中(経理)', firstname: '次郎' });
  const mine = await contact({ lastname: '山本さん', firstname: '三郎' });
  expect(await call(dismiss, { headers, path: { findingId: `${mine}-HONORIFIC` } })).toMatchObject({ status: 204 });
  expect((await findingsOf({ type: 'HONORIFIC' })).results.map(({ recordId }) => recordId)).not.toContain(mine);
  const { job } = await fixes({});
  expect(job).toMatchObject({ status: 'COMPLETED' });
  expect(await valuesOf(sure)).toMatchObject({ lastname: '田中', firstname: '太郎', salutation: '様' });
  expect(await valuesOf(unsure)).toMatchObject({ lastname: '田中(経理)' });
  expect(await valuesOf(mine)).toMatchObject({ lastname: '山本さん' });
  await updateRecord(database.app, '0-1', { id: mine }, { lastname: '山下さん' });
  await bringNamesUpToDate(database.app, [mine]);
  expect((await findingsOf({ type: 'HONORIFIC' })).results.map(({ recordId }) => recordId)).toContain(mine);
});

test('a name that was changed meanwhile is looked at anew, and a repeat of the job changes nothing more', async () => {
  const id = await contact({ lastname: '渡辺様', firstname: '四郎' });
  const answer = await call(fix, { headers, body: { findingIds: [`${id}-HONORIFIC`] } });
  await updateRecord(database.app, '0-1', { id }, { lastname: '渡部様' });
  const [message] = announced();
  await work();
  expect(await valuesOf(id)).toMatchObject({ lastname: '渡部' });
  await updateRecord(database.app, '0-1', { id }, { lastname: '渡瀬様' });
  if (message) await workOn(database.app, message, jobKinds);
  expect(answer.status).toBe(202);
  expect(await valuesOf(id)).toMatchObject({ lastname: '渡瀬様' });
});

test('what cannot be fixed or dismissed is refused by name', async () => {
  expect(await call(fix, { headers, body: { findingIds: ['1-NOTHING'] } })).toMatchObject({
    status: 400,
    body: { context: { findingIds: ['1-NOTHING'] } },
  });
  expect(await call(fix, { headers, body: { minConfidence: 2 } })).toMatchObject({ status: 400 });
  expect(await call(dismiss, { headers, path: { findingId: '999-HONORIFIC' } })).toMatchObject({ status: 404 });
});

test('a word that is learned is found in every contact, once it is forgotten no more', async () => {
  const id = await contact({ lastname: 'つなぎ広告佐藤', firstname: '五郎' });
  const isFound = async () =>
    (await findingsOf({ type: 'SERVICE_IN_NAME' })).results.some(({ recordId }) => recordId === id);
  expect(await isFound()).toBe(false);
  const learned = await call(learnWord, { headers, body: { word: 'つなぎ広告', kind: 'service' } });
  expect(learned).toMatchObject({ status: 201, body: { word: 'つなぎ広告', kind: 'service' } });
  expect(await call(learnWord, { headers, body: { word: 'ﾂﾅｷﾞ', kind: 'service' } })).toMatchObject({ status: 201 });
  expect(announced()).toHaveLength(1);
  await work();
  expect(await isFound()).toBe(true);
  expect(await call(learnWord, { headers, body: { word: 'ツナギ', kind: 'company' } })).toMatchObject({ status: 409 });
  expect(await call(learnWord, { headers, body: { word: 'あ', kind: 'company' } })).toMatchObject({ status: 400 });
  const words = await call(listWords, { method: 'GET', headers });
  expect(words.body).toMatchObject({ results: [{ word: 'つなぎ広告', kind: 'service' }, { word: 'ﾂﾅｷﾞ' }] });
  sqs.resetHistory();
  expect(await call(forgetWord, { method: 'DELETE', headers, query: { word: 'つなぎ広告' } })).toMatchObject({
    status: 204,
  });
  await work();
  expect(await isFound()).toBe(false);
});

describe('a company that stood in a name', () => {
  const company = async (name: string) => {
    const record = await createRecord(database.app, '0-2', { name });
    await bringTextUpToDate(database.app, [record]);
    return record.id;
  };
  const suggested = async (body: Record<string, string>, given = headers) =>
    (await call(suggest, { headers: given, body })).body as { company?: string; companyId?: string };
  const companiesOf = async (id: string) =>
    (await listAssociated(database.app, { objectType: '0-1', id }, '0-2', { limit: 10 })).items.map(({ to }) => to.id);

  test('is found by its name in any spelling, when it is one only', async () => {
    const id = await company('株式会社みどり商会');
    expect(await suggested({ lastname: '(株)みどり商会高橋様' })).toMatchObject({ companyId: id });
    expect(await suggested({ lastname: 'みどり商会㈱ 高橋' })).toMatchObject({ companyId: id });
    expect(await suggested({ lastname: '(株)みどり商会高橋様', company: '有限会社ほか' })).not.toHaveProperty(
      'companyId',
    );
    expect(await suggested({ lastname: '(有)みどり商会高橋様' })).not.toHaveProperty('companyId');
    const limited = await limitedTo(database, 'data-quality.read', 'crm.objects.contacts.read');
    expect(await suggested({ lastname: '(株)みどり商会高橋様' }, limited)).not.toHaveProperty('companyId');
    await company('みどり商会 株式会社');
    expect(await suggested({ lastname: '(株)みどり商会高橋様' })).not.toHaveProperty('companyId');
  });

  test('is shown with the finding, associated by the fix, and let go by its undo', async () => {
    const firm = await company('ｶ)あおば印刷');
    const id = await contact({ lastname: '(株)あおば印刷佐藤様' });
    const { results } = await findingsOf({ type: 'COMPANY_IN_NAME', limit: '100' });
    expect(results.find(({ recordId }) => recordId === id)?.suggestion).toMatchObject({ companyId: firm });
    const { changeSetId } = await fixes({ findingIds: [`${id}-COMPANY_IN_NAME`], minConfidence: 0.5 });
    expect(await valuesOf(id)).toMatchObject({ lastname: '佐藤', company: '(株)あおば印刷' });
    expect(await companiesOf(id)).toEqual([firm]);
    sqs.resetHistory();
    expect((await call(undo, { headers, path: { changeSetId } })).status).toBe(202);
    await work();
    expect(await valuesOf(id)).toMatchObject({ lastname: '(株)あおば印刷佐藤様' });
    expect(await companiesOf(id)).toEqual([]);
  });
});

test('a contact who comes back after a long time in the archive is looked at, though what was known is over and still lies there', async () => {
  const id = await contact({ lastname: '木村 健', firstname: '', email: 'back@example.co.jp' });
  const state = await database.app.table.get(nameStateKey(id), NameState);
  await database.app.table.commit([
    { put: { ...nameStateKey(id), ...state, findings: {}, signs: [], gone: true, expiresAt: 1_700_000_000 } },
  ]);
  await bringNamesUpToDate(database.app, [id]);
  expect(await database.app.table.get(nameStateKey(id), NameState)).toMatchObject({ gone: false });
});

test('whether new contacts are like others costs four reads together, and no query', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const values = { lastname: '片桐', email: `k${n}@once.example.co.jp`, phone: `031234999${n}` };
    ids.push((await createRecord(database.app, '0-1', values)).id);
  }
  const queried = vi.spyOn(database.app.table, 'query');
  const read = vi.spyOn(database.app.table, 'getMany');
  await bringNamesUpToDate(database.app, ids);
  // What is known of them, they themselves, who has their signs before and after they have; and nobody else to look at.
  const asked = read.mock.calls.map(([keys]) => keys.length);
  expect({ asked, queries: queried.mock.calls.length }).toEqual({ asked: [3, 3, 6, 6, 0], queries: 0 });
  for (const spy of [queried, read]) spy.mockRestore();
});
