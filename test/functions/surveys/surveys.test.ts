import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as createProperty } from '../../../functions/properties/create.ts';
import { handler as create } from '../../../functions/surveys/create.ts';
import { handler as get } from '../../../functions/surveys/get.ts';
import { handler as list } from '../../../functions/surveys/list.ts';
import { handler as publish } from '../../../functions/surveys/publish.ts';
import { handler as remove } from '../../../functions/surveys/remove.ts';
import { handler as results } from '../../../functions/surveys/results.ts';
import { handler as update } from '../../../functions/surveys/update.ts';
import { surveyResultKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { givenSurvey } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

type Shown = { id: string; status: string; questions: unknown[]; name: string };
const make = (body: unknown) => call(create, { body, headers: bearer() });
const on = (handler: unknown, surveyId: string, method = 'GET', body?: unknown, query?: Record<string, string>) =>
  call(handler, {
    method,
    path: { surveyId },
    headers: bearer(),
    ...(body !== undefined && { body }),
    ...(query && { query }),
  });

test('a survey is a draft with sensible questions, is published, changed and deleted', async () => {
  const made = await make({ name: '四半期NPS', type: 'NPS' });
  expect(made).toMatchObject({
    status: 201,
    body: { name: '四半期NPS', language: 'ja', status: 'DRAFT', questions: [{ id: 'score' }, { id: 'comment' }] },
  });
  expect(made.body).not.toHaveProperty('version');
  const { id } = made.body as Shown;
  const published = await on(publish, id, 'POST');
  expect(published).toMatchObject({ status: 200, body: { status: 'PUBLISHED' } });
  expect((await on(publish, id, 'POST')).body).toEqual(published.body);
  expect(await on(update, id, 'PATCH', { name: '年次NPS', closesAt: '2027-01-01' })).toMatchObject({
    status: 200,
    body: { name: '年次NPS', closesAt: '2027-01-01T00:00:00.000Z', status: 'PUBLISHED' },
  });
  expect((await on(get, id)).body).toMatchObject({ name: '年次NPS' });
  expect((await on(remove, id, 'DELETE')).status).toBe(204);
  for (const again of [
    await on(get, id),
    await on(update, id, 'PATCH', { name: 'x' }),
    await on(publish, id, 'POST'),
    await on(results, id),
  ])
    expect(again.status).toBe(404);
});

test.each([
  ['showIf', { questions: [{ id: 'a', type: 'score', label: 'x', showIf: { questionId: 'b' } }] }],
  ['anonymous', { anonymous: 'yes' }],
  ['colour', { colour: 'red' }],
])('%s is refused by its name', async (name, more) => {
  const refused = await make({ name: 'n', type: 'NPS', ...more });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain(name);
});

test('each field that is wrong is named', async () => {
  const refused = await make({ type: 'STARS', language: 'fr', questions: [], closesAt: 'tomorrow' });
  expect(refused).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  for (const field of ['name', 'type', 'language', 'questions', 'closesAt'])
    expect(refused.text).toContain(`"in":"${field}"`);
  const { id } = (await make({ name: 'n', type: 'CSAT' })).body as Shown;
  expect(await on(update, id, 'PATCH', { thanks: [{ min: 0, text: 'x' }] })).toMatchObject({
    status: 400,
    body: { context: { fields: ['thanks.0'] } },
  });
});

test('surveys are listed page by page, without the deleted ones', async () => {
  const ids: string[] = [];
  for (const name of ['一', '二', '三']) ids.push(((await make({ name, type: 'CES' })).body as Shown).id);
  await on(remove, ids[1] ?? '', 'DELETE');
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await call(list, { method: 'GET', query: { limit: '1', ...(after && { after }) }, headers: bearer() });
    const { results: found, paging } = page.body as { results: Shown[]; paging?: { next: { after: string } } };
    seen.push(...found.map(({ id }) => id));
    after = paging?.next.after;
  } while (after);
  expect(seen.filter((id) => ids.includes(id))).toEqual([ids[0], ids[2]]);
});

test('results of a time are those of its days in Japan', async () => {
  const surveyId = await givenSurvey({ type: 'CSAT' });
  const day = (date: string, counts: Record<string, number>) => ({
    put: { ...surveyResultKey(surveyId, date), ...counts },
  });
  await database.app.table.commit([
    day('2026-10-31', { responses: 1, score1: 1 }),
    day('2026-11-01', { responses: 2, score5: 2, invited: 8 }),
    day('2026-11-30', { responses: 1, score4: 1 }),
    day('2026-12-01', { responses: 1, score2: 1 }),
  ]);
  const of = async (query: Record<string, string>) => (await on(results, surveyId, 'GET', undefined, query)).body;
  expect(await of({ from: '2026-11-01', to: '2026-11-30' })).toMatchObject({
    responses: 3,
    invited: 8,
    responseRate: 0.375,
    score: 4.67,
    share: 1,
    trend: [{ period: '2026-11', responses: 3, score: 4.67 }],
  });
  expect(await of({ from: '2026-10-31T15:00:00Z', to: '2026-11-30T14:59:59Z' })).toMatchObject({ responses: 3 });
  expect(await of({})).toMatchObject({
    responses: 5,
    trend: [{ period: '2026-10' }, { period: '2026-11' }, { period: '2026-12' }],
  });
  expect(await on(results, surveyId, 'GET', undefined, { from: 'last week' })).toMatchObject({
    status: 400,
    body: { context: { fields: ['from'] } },
  });
  expect((await on(results, surveyId, 'GET', undefined, { period: 'hour' })).status).toBe(400);
});

test('a survey without answers has results, too', async () => {
  const surveyId = await givenSurvey();
  expect((await on(results, surveyId)).body).toMatchObject({
    responses: 0,
    invited: 0,
    responseRate: null,
    score: null,
    trend: [],
  });
});

test('a question whose property is of another type is refused at publishing', async () => {
  const property = { name: 'answer_amount', label: '金額', type: 'number', fieldType: 'number' };
  const body = { ...property, groupName: 'feedbackinformation' };
  const path = { objectType: 'feedback_submissions' };
  expect((await call(createProperty, { path, body, headers: bearer() })).status).toBe(201);
  const questions = [{ id: 'amount', type: 'text', label: '金額' }];
  const { id } = (await make({ name: '金額', type: 'CUSTOM', questions })).body as Shown;
  expect(await on(publish, id, 'POST')).toMatchObject({ status: 400, body: { context: { questionId: ['amount'] } } });
  expect((await on(get, id)).body).toMatchObject({ status: 'DRAFT' });
});
