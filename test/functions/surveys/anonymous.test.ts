import { decodeTime } from 'ulid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler as answerSurvey } from '../../../functions/pages/answer-survey.ts';
import { handler as showSurvey } from '../../../functions/pages/show-survey.ts';
import { handler as responses } from '../../../functions/surveys/responses.ts';
import { handler as results } from '../../../functions/surveys/results.ts';
import { handler as update } from '../../../functions/surveys/update.ts';
import { signLink } from '../../../lib/links/link.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { weekOf } from '../../../lib/surveys/blind-answer.ts';
import { invitationToken } from '../../../lib/surveys/invitation.ts';
import { readSurvey } from '../../../lib/surveys/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { givenLinkKeys, givenSurvey, projectSubmissions, resultsOf } from '../../support/surveys.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
let surveyId: string;
beforeAll(async () => {
  database = await startDatabase();
  givenLinkKeys();
  surveyId = await givenAnonymous();
});
afterAll(() => database.close());

const thanks = [{ min: 9, text: '推奨ありがとう' }, { text: '改善します' }];
const givenAnonymous = () =>
  givenSurvey({
    anonymous: true,
    thanks,
    questions: [
      { id: 'score', type: 'score', label: '評価' },
      { id: 'section', type: 'select', label: '部署', options: ['営業', '制作', '総務'] },
    ],
  });
async function tokenFor(contactId: string, more: { parentSendId?: string } = {}): Promise<string | undefined> {
  const survey = await readSurvey(database.app, surveyId);
  return invitationToken(survey, { contactId, sendId: '77', now: new Date().toISOString(), ...more });
}
const givenToken = async (contactId = '1') => (await tokenFor(contactId)) ?? '';
const open = (token: string) => call(showSurvey, { method: 'GET', url: `/s/${token}`, path: { token } });
const send = (token: string, values: Record<string, string>) =>
  call(answerSurvey, {
    url: `/s/${token}`,
    path: { token },
    body: new URLSearchParams(values).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    sourceIp: '198.51.100.77',
  });
const list = async (query: Record<string, string> = {}) =>
  (await call(responses, { method: 'GET', path: { surveyId }, query, headers: bearer() })).body as {
    results: Record<string, unknown>[];
  };

/** All that is written while the work runs, with the keys and conditions of the writes. */
async function writesOf(work: () => Promise<unknown>): Promise<string[]> {
  const calls = vi.spyOn(database.engine, 'execute');
  await work();
  const made = calls.mock.calls.filter(([operation]) => !['GetItem', 'Query', 'BatchGetItem'].includes(operation));
  calls.mockRestore();
  return made.map((each) => JSON.stringify(each));
}

test('an answer leaves nothing in the table that leads to the person, the mail, the address or the moment', async () => {
  const contact = await createRecord(database.app, '0-1', { email: 'veiled@example.co.jp', lastname: '匿名' });
  const token = await givenToken(contact.id);
  const blind = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  expect(Object.keys(blind).toSorted()).toEqual(['aud', 'blind', 'exp', 'surveyId']);
  expect((await open(token)).text).toContain('匿名です');
  const writes = await writesOf(async () => {
    const answered = await send(token, { score: '9', section: '営業' });
    expect(answered).toMatchObject({ status: 200 });
    expect(answered.text).toContain('推奨ありがとう');
    expect(answered.text).not.toContain('回答を見直す');
  });
  expect(writes.length).toBeGreaterThan(1);
  for (const secret of [contact.id, 'veiled', '198.51.100.77', String(blind.blind), '"77"'])
    expect(writes.join()).not.toContain(secret);
  // No time but the beginning of the week. Only the counter of the rate limit, which goes by the hash of the link, knows a minute.
  const answer = writes.filter((write) => write.includes('survey-answer'));
  const week = new Date(weekOf(new Date().toISOString())).toISOString();
  const times = answer.flatMap((write) =>
    [...write.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+Z/g)].map(([time]) => time),
  );
  expect(times.length).toBeGreaterThan(0);
  expect(new Set(times)).toEqual(new Set([week]));
  const eventIds = answer.flatMap((write) => [...write.matchAll(/event#([0-9A-Z]{26})/g)].map(([, id]) => id ?? ''));
  expect(new Set(eventIds.map((id) => decodeTime(id)))).toEqual(new Set([Date.parse(week)]));
});

test('one link gives one answer, also when it is sent many times at once, and the answer cannot be opened again', async () => {
  const token = await givenToken();
  const before = (await resultsAfterAll()).responses as number;
  const sent = await Promise.all(Array.from({ length: 6 }, () => send(token, { score: '3' })));
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([200]));
  expect(sent.filter(({ text }) => text.includes('改善します'))).toHaveLength(1);
  expect((await resultsAfterAll()).responses).toBe(before + 1);
  const again = await open(token);
  expect(again.text).toContain('匿名の回答のため');
  expect(again.text).not.toMatch(/<input/);
});

const resultsAfterAll = async (query: Record<string, string> = {}) => {
  await projectSubmissions(database);
  return resultsOf(surveyId, query);
};

test('what fewer than five have answered has no score, is not listed, and makes no group', async () => {
  expect(await resultsAfterAll()).toMatchObject({ responses: 2, score: null, distribution: [] });
  expect((await list()).results).toEqual([]);
  for (const score of ['10', '10', '10', '4', '9']) await send(await givenToken(), { score, section: '制作' });
  await send(await givenToken(), { score: '1', section: '総務' });
  const results = await resultsAfterAll({ groupBy: 'answer.section' });
  expect(results).toMatchObject({ responses: 8, truncated: false });
  expect(results.groups).toEqual([]);
  for (const score of ['1', '1', '2', '3']) await send(await givenToken(), { score, section: '総務' });
  expect((await resultsAfterAll({ groupBy: 'answer.section' })).groups).toEqual([
    { value: '制作', label: '制作', responses: 5, score: 60, share: 0.8, margin: 70.1 },
  ]);
  const { results: shown } = await list({ max: '6' });
  expect(shown.length).toBe(7);
  for (const answer of shown) expect(Object.keys(answer)).not.toContain('contactId');
});

test('groups by people are refused, and the mode of a published survey stays as people were told', async () => {
  const refused = await call(results, {
    method: 'GET',
    path: { surveyId },
    query: { groupBy: 'contact.city' },
    headers: bearer(),
  });
  expect(refused).toMatchObject({ status: 400, body: { context: { fields: ['groupBy'] } } });
  const patched = await call(update, {
    method: 'PATCH',
    path: { surveyId },
    body: { anonymous: false },
    headers: bearer(),
  });
  expect(patched).toMatchObject({ status: 400, body: { context: { fields: ['anonymous'] } } });
});

test('a reminder has no link, and a link of the other kind opens nothing', async () => {
  expect(await tokenFor('1', { parentSendId: '77' })).toBeUndefined();
  const later = new Date(Date.now() + 86_400_000).toISOString();
  const personal = await signLink('survey', { surveyId, sendId: '77', contactId: '1' }, later);
  expect((await open(personal)).status).toBe(404);
  const blind = await signLink('survey', { surveyId: await givenSurvey(), blind: 'x' }, later);
  expect((await open(blind)).status).toBe(404);
});

test('the table agrees with itself', async () => {
  expect(await disagreements(database)).toEqual([]);
});
