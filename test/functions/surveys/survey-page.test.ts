import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { handler as answerSurvey } from '../../../functions/pages/answer-survey.ts';
import { handler as showSurvey } from '../../../functions/pages/show-survey.ts';
import { handler as remove } from '../../../functions/surveys/remove.ts';
import { handler as responses } from '../../../functions/surveys/responses.ts';
import { handler as update } from '../../../functions/surveys/update.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { loadObjectType } from '../../../lib/objects/definition-store.ts';
import { readHistory } from '../../../lib/objects/history.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import { associationPrefix } from '../../../lib/table/keys.ts';
import { type Answer, call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { eventsOf, givenLinkKeys, givenSurvey, invite, projectAll, resultsOf } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
  givenLinkKeys();
});
afterAll(() => database.close());
afterEach(() => {
  vi.restoreAllMocks();
});

const open = (token: string, query: Record<string, string> = {}) =>
  call(showSurvey, { method: 'GET', url: `/s/${token}`, path: { token }, query });
const send = (
  token: string,
  values: Record<string, string> | [string, string][],
  sourceIp = '203.0.113.9',
): Promise<Answer> =>
  call(answerSurvey, {
    url: `/s/${token}`,
    path: { token },
    body: new URLSearchParams(values).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    sourceIp,
  });
const associated = z.object({ sk: z.string() });
const submissionIdsOf = async (contactId: string) =>
  (await database.app.table.all({ pk: `0-1#${contactId}`, prefix: associationPrefix('0-19') }, associated)).map(
    ({ sk }) => sk.slice(associationPrefix('0-19').length),
  );
const submissionsOf = async (contactId: string) =>
  Promise.all((await submissionIdsOf(contactId)).map((id) => readRecord(database.app, '0-19', { id })));
const answeredOf = async (contactId: string) =>
  (await eventsOf(database, contactId)).filter(({ type }) => type === 'survey.answered').map(({ detail }) => detail);

test('the page shows the score of the link chosen, has a label for everything, and runs no script', async () => {
  const { token } = await invite(database, await givenSurvey());
  const page = await open(token, { score: '9' });
  expect(page).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
  expect(page.text).toMatch(/<html lang="ja">/);
  expect(page.text).not.toMatch(/<script|\son\w+=|style="/);
  expect(page.text.match(/ checked/g)).toHaveLength(1);
  expect(page.text).toMatch(/value="9" checked/);
  expect(page.text.match(/<label><input type="radio"/g)).toHaveLength(11);
  expect(page.text).toMatch(/<fieldset><legend>当社のサービスを/);
  expect(page.text).toMatch(/<label for="q-comment">/);
  expect((await open(token, { score: '11' })).text).not.toMatch(/ checked/);
});

test('opening a link, with any score and as often as a scanner likes, writes nothing', async () => {
  const { token, contactId } = await invite(database, await givenSurvey());
  const calls = vi.spyOn(database.engine, 'execute');
  for (let score = 0; score <= 10; score += 1) await open(token, { score: String(score) });
  await open(token, { answered: '1' });
  const operations = new Set(calls.mock.calls.map(([operation]) => operation));
  expect([...operations].filter((operation) => !['GetItem', 'Query', 'BatchGetItem'].includes(operation))).toEqual([]);
  expect(operations.size).toBeGreaterThan(0);
  calls.mockRestore();
  expect(await submissionsOf(contactId)).toEqual([]);
  expect(await answeredOf(contactId)).toEqual([]);
});

test('an answer is a feedback submission with its contact, its event and its counts, and the thanks are those of its score', async () => {
  const surveyId = await givenSurvey({
    thanks: [
      { min: 9, text: '推奨ありがとう' },
      { max: 8, text: '改善します' },
    ],
  });
  const { token, contactId } = await invite(database, surveyId, { sendId: '901' });
  const sent = await send(token, { score: '9', comment: '対応が丁寧' });
  expect(sent).toMatchObject({ status: 303, headers: { location: `/s/${token}?answered=1` } });
  expect((await open(token, { answered: '1' })).text).toContain('推奨ありがとう');

  const [submission, ...others] = await submissionsOf(contactId);
  expect(others).toEqual([]);
  expect(submission?.properties).toMatchObject({
    hs_survey_id: surveyId,
    hs_survey_type: 'NPS',
    hs_value: '9',
    hs_content: '対応が丁寧',
    hs_submission_name: '満足度調査',
    hs_response_group: 'PROMOTER',
    hs_object_source: 'SURVEY',
  });
  expect(submission?.properties.hs_submission_timestamp).toMatch(/Z$/);
  expect(await answeredOf(contactId)).toMatchObject([
    { surveyId, surveyType: 'NPS', submissionId: submission?.id, sendId: '901', score: 9, revision: 1 },
  ]);
  await projectAll(database, [contactId]);
  await projectAll(database, [contactId]);
  expect(await resultsOf(surveyId)).toMatchObject({ responses: 1, score: 100 });
});

test('a second answer changes the first: one record with its history, and the counts move', async () => {
  const surveyId = await givenSurvey();
  const { token, contactId } = await invite(database, surveyId);
  await send(token, { score: '9', comment: '良い' });
  await projectAll(database, [contactId]);
  const before = await open(token);
  expect(before.text).toContain('すでにご回答いただいています');
  expect(before.text).toMatch(/value="9" checked/);
  expect(before.text).toContain('良い</textarea>');

  expect((await send(token, { score: '3' })).status).toBe(303);
  const [submission, ...others] = await submissionsOf(contactId);
  expect(others).toEqual([]);
  expect(submission?.properties).toMatchObject({ hs_value: '3', hs_response_group: 'DETRACTOR' });
  expect(submission?.properties.hs_content).toBeUndefined();
  expect((await answeredOf(contactId))[1]).toMatchObject({ score: 3, previousScore: 9, revision: 2 });
  await projectAll(database, [contactId]);
  const { responses, score, distribution } = await resultsOf(surveyId);
  expect({ responses, score }).toEqual({ responses: 1, score: -100 });
  expect(distribution).toEqual(Array.from({ length: 11 }, (_, n) => ({ score: n, count: n === 3 ? 1 : 0 })));
  if (!submission) throw new Error('there is a submission');
  const history = await readHistory(database.app, await loadObjectType(database.app, '0-19'), submission, ['hs_value']);
  expect(history.hs_value?.map(({ value }) => value)).toEqual(['3', '9']);
});

test('the same answer again changes nothing', async () => {
  const { token, contactId } = await invite(database, await givenSurvey());
  for (let times = 0; times < 3; times += 1) await send(token, { score: '7', comment: '同じ' });
  expect(await answeredOf(contactId)).toHaveLength(1);
});

test('many posts of one person at once are one record, and the counts are those of what it says in the end', async () => {
  const surveyId = await givenSurvey();
  const { token, contactId } = await invite(database, surveyId);
  const sent = await Promise.all(Array.from({ length: 12 }, (_, n) => send(token, { score: String(n % 11) })));
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([303]));
  const [submission, ...others] = await submissionsOf(contactId);
  expect(others).toEqual([]);
  await projectAll(database, [contactId]);
  const { responses, distribution } = await resultsOf(surveyId);
  expect(responses).toBe(1);
  expect((distribution as { score: number; count: number }[]).filter(({ count }) => count !== 0)).toEqual([
    { score: Number(submission?.properties.hs_value), count: 1 },
  ]);
});

test('two invitations of one person are two answers', async () => {
  const surveyId = await givenSurvey();
  const { contactId } = await invite(database, surveyId);
  const { signLink } = await import('../../../lib/links/link.ts');
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  for (const sendId of ['1', '2'])
    await send(await signLink('survey', { surveyId, sendId, contactId }, inAnHour), { score: '8' });
  expect(await submissionsOf(contactId)).toHaveLength(2);
});

test('a bad answer comes back with everything typed and each error beside its question, and nothing is written', async () => {
  const questions = [
    { id: 'rating', type: 'score', label: '評価' },
    { id: 'reason', type: 'text', label: '理由' },
    { id: 'area', type: 'multiselect', label: '良い点', options: ['速い', '丁寧'] },
    { id: 'who', type: 'select', label: '部署', options: ['営業', '経理'], required: true },
  ];
  const { token, contactId } = await invite(database, await givenSurvey({ questions }));
  const page = await send(token, [
    ['reason', '本文 & "続き"'],
    ['area', '速い'],
    ['area', '丁寧'],
    ['who', '総務'],
  ]);
  expect(page.status).toBe(400);
  expect(page.text).toMatch(/role="alert" tabindex="-1" autofocus><h2>入力内容をご確認ください/);
  expect(page.text).toMatch(/<a href="#q-rating">評価<\/a>: 回答してください/);
  expect(page.text).toMatch(/<p class="error" id="q-who-error">選び直してください/);
  expect(page.text).toMatch(/<fieldset aria-describedby="q-rating-error">/);
  expect(page.text).toContain('本文 &amp; &quot;続き&quot;</textarea>');
  expect(page.text.match(/ checked/g)).toHaveLength(2);
  expect(await submissionsOf(contactId)).toEqual([]);
  expect((await send(token, { rating: '5', who: '経理' })).status).toBe(303);
});

test('what an author or a visitor types is text, never markup', async () => {
  const evil = '"><script>alert(1)</script>';
  const surveyId = await givenSurvey({
    name: evil,
    introduction: evil,
    questions: [
      { id: 'score', type: 'score', label: evil },
      { id: 'a', type: 'select', label: evil, options: [evil.replaceAll(';', '')] },
    ],
    thanks: [{ text: evil }],
  });
  const { token } = await invite(database, surveyId);
  const pages = [await open(token, { score: evil, lang: evil }), await send(token, { a: evil })];
  await send(token, { score: '5' });
  pages.push(await open(token, { answered: '1' }));
  for (const { text } of pages) expect(text).not.toMatch(/<script/);
});

test.each([
  '',
  'x',
  'a.b.c',
  'nothing',
])('the address /s/%s is a page that says that there is nothing', async (token) => {
  for (const answer of [await open(token), await send(token, { score: '5' })]) {
    expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(answer.text).toContain('ページが見つかりません');
  }
});

test('a link whose time is over, a closed survey, a draft and a deleted one each say so and take nothing', async () => {
  const surveyId = await givenSurvey();
  const expired = await invite(database, surveyId, { expiresAt: new Date(Date.now() - 1000).toISOString() });
  expect(await open(expired.token)).toMatchObject({
    status: 410,
    text: expect.stringContaining('有効期限が切れています'),
  });
  expect((await send(expired.token, { score: '5' })).status).toBe(410);

  const { token, contactId } = await invite(database, surveyId);
  await send(token, { score: '5' });
  const change = (body: unknown) => call(update, { method: 'PATCH', path: { surveyId }, body, headers: bearer() });
  await change({ closesAt: new Date(Date.now() - 1000).toISOString() });
  expect(await open(token, { score: '5' })).toMatchObject({
    status: 410,
    text: expect.stringContaining('受付は終了しました'),
  });
  expect((await send(token, { score: '9' })).status).toBe(410);
  await change({ closesAt: null });
  expect((await open(token)).status).toBe(200);
  await call(remove, { method: 'DELETE', path: { surveyId }, headers: bearer() });
  expect((await send(token, { score: '9' })).status).toBe(410);
  expect(await answeredOf(contactId)).toHaveLength(1);
});

test('the link of a contact that was deleted takes nothing', async () => {
  const { token, contactId } = await invite(database, await givenSurvey());
  await archiveRecord(database.app, '0-1', contactId);
  expect((await send(token, { score: '9' })).status).toBe(410);
  expect(await submissionsOf(contactId)).toEqual([]);
});

test('an English survey speaks English, also when it is over', async () => {
  const surveyId = await givenSurvey({ name: 'Survey', type: 'CES', language: 'en' });
  const { token } = await invite(database, surveyId);
  const shown = await open(token);
  expect(shown.text).toMatch(/<html lang="en">/);
  expect(shown.text).not.toMatch(/[ぁ-ん]/);
  expect((await send(token, {})).text).toContain('Please answer this question');
});

test('too much at once and too many at once are told on the page, with what was typed', async () => {
  const { token } = await invite(database, await givenSurvey());
  expect((await send(token, { score: '5', comment: 'x'.repeat(300_000) })).status).toBe(413);
  for (let times = 0; times < 20; times += 1) await send(token, { score: String(times % 11) });
  const refused = await send(token, { score: '5', comment: '保持' });
  expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
  expect(refused.text).toContain('保持</textarea>');
});

test('answers are listed newest first, page by page', async () => {
  const surveyId = await givenSurvey();
  const contactIds: string[] = [];
  for (const score of ['1', '2', '3']) {
    const { token, contactId } = await invite(database, surveyId);
    await send(token, { score, comment: `理由${score}` });
    contactIds.push(contactId);
  }
  type Page = {
    results: { contactId: string; score: number; answers: unknown }[];
    paging?: { next: { after: string } };
  };
  const list = async (query: Record<string, string>) =>
    (await call(responses, { method: 'GET', path: { surveyId }, query, headers: bearer() })).body as Page;
  const first = await list({ limit: '2' });
  expect(first.results.map(({ score }) => score)).toEqual([3, 2]);
  expect(first.results[0]).toMatchObject({
    contactId: contactIds[2],
    answers: [
      { questionId: 'score', value: '3' },
      { questionId: 'comment', value: '理由3' },
    ],
  });
  const second = await list({ limit: '2', after: first.paging?.next.after ?? '' });
  expect(second.results.map(({ score }) => score)).toEqual([1]);
  const wrong = await call(responses, { method: 'GET', path: { surveyId }, query: { after: 'x' }, headers: bearer() });
  expect(wrong.status).toBe(400);
});

test('an answer of somebody who was merged with another contact is with the survivor', async () => {
  const { token, contactId } = await invite(database, await givenSurvey());
  const { id } = await createRecord(database.app, '0-1', { email: 'survivor@example.co.jp' });
  await mergeRecords(database.app, { objectType: '0-1', primaryId: id, otherId: contactId });
  expect((await send(token, { score: '9', comment: '対応が丁寧' })).status).toBe(303);
  expect(await submissionIdsOf(id)).toHaveLength(1);
  expect(await submissionIdsOf(contactId)).toEqual([]);
});
