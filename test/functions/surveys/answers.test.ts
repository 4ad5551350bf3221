import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as answerSurvey } from '../../../functions/pages/answer-survey.ts';
import { handler as showSurvey } from '../../../functions/pages/show-survey.ts';
import { handler as unsubscribe } from '../../../functions/subscriptions/unsubscribe.ts';
import { handler as responses } from '../../../functions/surveys/responses.ts';
import { handler as results } from '../../../functions/surveys/results.ts';
import { handler as timeline } from '../../../functions/timeline/list.ts';
import { associate, listAssociated } from '../../../lib/associations/store.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { sendWrites } from '../../../lib/sends/create.ts';
import { invitationToken } from '../../../lib/surveys/invitation.ts';
import { readSurvey } from '../../../lib/surveys/store.ts';
import type { RecordRef } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, limitedTo, startDatabase } from '../../support/database.ts';
import { givenLinkKeys, givenSurvey, invite } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
  givenLinkKeys();
});
afterAll(() => database.close());

const send = (token: string, values: Record<string, string>) =>
  call(answerSurvey, {
    url: `/s/${token}`,
    path: { token },
    body: new URLSearchParams(values).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const open = (token: string, query: Record<string, string> = {}) =>
  call(showSurvey, { method: 'GET', url: `/s/${token}`, path: { token }, query });
const read = async (handler: unknown, surveyId: string, query: Record<string, string>, headers = bearer()) =>
  call(handler, { method: 'GET', path: { surveyId }, query, headers });
const ref = (objectType: string, { id }: { id: string }): RecordRef => ({ objectType, id });
const link = (from: RecordRef, to: RecordRef) => associate(database.app, from, to, 'default');
const idsOf = async (from: RecordRef, to: string) =>
  (await listAssociated(database.app, from, to, { limit: 20 })).items.map(({ to: { id } }) => id);

let made = 0;
/** A contact with deals, a ticket that has a deal of its own, and an invitation that is about the ticket. */
async function givenTicket(surveyId: string) {
  made += 1;
  const { app } = database;
  const sendId = `about${made}`;
  const { contactId, token } = await invite(database, surveyId, { sendId });
  const contact = ref('0-1', { id: contactId });
  const ticket = ref('0-5', await createRecord(app, '0-5', { subject: `掲載可否${made}` }));
  const deal = ref('0-3', await createRecord(app, '0-3', { dealname: `案件${made}` }));
  const other = ref('0-3', await createRecord(app, '0-3', { dealname: `別の案件${made}` }));
  for (const [from, to] of [
    [ticket, contact],
    [ticket, deal],
    [contact, other],
  ] as const)
    await link(from, to);
  const about = { objectType: '0-5', recordId: ticket.id };
  const { writes } = await sendWrites(
    app,
    { surveyId, audience: { listIds: [], contactIds: [contactId] }, about },
    sendId,
  );
  await app.table.commit(writes);
  return { contactId, token, ticket, deal, other };
}

const placement = {
  type: 'CUSTOM',
  name: '掲載可否',
  questions: [
    { id: 'placement', type: 'select', label: '掲載の可否', options: ['可', '不可'], required: true },
    { id: 'reason', type: 'text', label: '理由', required: true, showIf: { questionId: 'placement', in: ['不可'] } },
  ],
};

test('an answer about a ticket is with the contact, the ticket and its deal, and on their timelines once', async () => {
  const { contactId, token, ticket, deal, other } = await givenTicket(await givenSurvey(placement));
  expect((await open(token, { answer: '可' })).text).toMatch(/value="可" checked/);
  expect((await send(token, { placement: '不可', reason: '審査中' })).status).toBe(303);
  const [submissionId = '', ...more] = await idsOf(ref('0-1', { id: contactId }), '0-19');
  expect(more).toEqual([]);
  expect(await idsOf(ticket, '0-19')).toEqual([submissionId]);
  expect(await idsOf(deal, '0-19')).toEqual([submissionId]);
  expect(await idsOf(other, '0-19')).toEqual([]);
  expect((await readRecord(database.app, '0-19', { id: submissionId }))?.properties).toMatchObject({
    answer_placement: '不可',
    answer_reason: '審査中',
  });
  for (const { objectType, id } of [ref('0-1', { id: contactId }), ticket, deal]) {
    const entries = await call(timeline, {
      method: 'GET',
      path: { objectType, objectId: id },
      query: { kinds: 'survey' },
      headers: bearer(),
    });
    expect((entries.body as { results: unknown[] }).results, objectType).toHaveLength(1);
  }
});

test('an answer about nothing is with the newest five deals of the contact; deals that are gone do not matter', async () => {
  const { contactId, token } = await invite(database, await givenSurvey());
  const contact = ref('0-1', { id: contactId });
  const deals: RecordRef[] = [];
  for (let n = 0; n < 7; n += 1) {
    const deal = ref('0-3', await createRecord(database.app, '0-3', { dealname: `D${n}` }));
    await link(deal, contact);
    deals.push(deal);
  }
  await archiveRecord(database.app, '0-3', deals[6]?.id ?? '');
  await send(token, { score: '9' });
  const [id = ''] = await idsOf(contact, '0-19');
  expect(await idsOf(ref('0-19', { id }), '0-3')).toEqual(deals.slice(1, 6).map((deal) => deal.id));
});

test('a question that an answer does not bring up is not asked, and what was sent for it is dropped', async () => {
  const { token, contactId } = await givenTicket(await givenSurvey(placement));
  const page = await open(token);
  expect(page.text).toContain('form:has(#q-placement-1:checked) .if-reason');
  expect(page.text).toContain('「掲載の可否」のご回答により、ご記入ください。');
  const missing = await send(token, { placement: '不可' });
  expect(missing).toMatchObject({ status: 400 });
  expect(missing.text).toMatch(/<a href="#q-reason">理由<\/a>: 回答してください/);
  expect((await send(token, { placement: '可', reason: '消える文' })).status).toBe(303);
  const [id = ''] = await idsOf(ref('0-1', { id: contactId }), '0-19');
  const { properties } = (await readRecord(database.app, '0-19', { id })) ?? { properties: {} };
  expect(properties).toMatchObject({ answer_placement: '可' });
  expect(JSON.stringify(properties)).not.toContain('消える文');
});

test('what fills the field that nobody sees answers nothing, and a person may send once more', async () => {
  const { token, contactId } = await invite(database, await givenSurvey());
  const page = await open(token);
  const trap = /<div class="trap"[^>]*>.*?name="([^"]+)"/s.exec(page.text)?.[1] ?? '';
  const trapped = await send(token, { score: '9', comment: '残る文', [trap]: 'https://spam.example' });
  expect(trapped.status).toBe(400);
  expect(trapped.text).toContain('残る文');
  expect(await idsOf(ref('0-1', { id: contactId }), '0-19')).toEqual([]);
  expect((await send(token, { score: '9', comment: '残る文', [trap]: '' })).status).toBe(303);
});

test('results fall into groups by contact, deal, ticket, owner and answer, as these are now', async () => {
  const surveyId = await givenSurvey();
  for (const [city, score] of [
    ['東京', '10'],
    ['東京', '9'],
    ['大阪', '2'],
  ] as const) {
    const { token, contactId, ticket, deal } = await givenTicket(surveyId);
    await updateRecord(database.app, '0-1', { id: contactId }, { city });
    await updateRecord(database.app, '0-3', deal, { description: score === '2' ? '課B' : '課A' });
    await updateRecord(database.app, '0-5', ticket, { hs_ticket_priority: 'HIGH' });
    await send(token, { score });
  }
  const groups = async (groupBy: string) =>
    ((await read(results, surveyId, { groupBy })).body as { groups: Record<string, unknown>[] }).groups.map(
      ({ value, responses: count, score }) => [value, count, score],
    );
  expect(await groups('contact.city')).toEqual([
    ['東京', 2, 100],
    ['大阪', 1, -100],
  ]);
  expect(await groups('deal.description')).toEqual([
    ['課A', 2, 100],
    ['課B', 1, -100],
  ]);
  expect(await groups('ticket.hs_ticket_priority')).toEqual([['HIGH', 3, 33.3]]);
  expect(await groups('owner.team')).toEqual([['', 3, 33.3]]);
  expect(await groups('answer.score')).toHaveLength(3);
  for (const wrong of ['contact.shoe_size', 'company.city', 'answer.comment', 'owner.salary', 'city'])
    expect((await read(results, surveyId, { groupBy: wrong })).status, wrong).toBe(400);
  const blind = await limitedTo(database, 'feedback.read');
  expect((await read(results, surveyId, { groupBy: 'contact.city' }, blind)).status).toBe(403);
});

test('answers are found by score, group and words in any width and kana, page by page', async () => {
  const surveyId = await givenSurvey();
  for (const [score, comment] of [
    ['3', 'タグの設置が難しい'],
    ['6', '返信がおそい'],
    ['10', 'ﾀｸﾞが簡単'],
  ] as const)
    await send((await invite(database, surveyId)).token, { score, comment });
  const scores = async (query: Record<string, string>) =>
    ((await read(responses, surveyId, query)).body as { results: { score: number }[] }).results.map(
      ({ score }) => score,
    );
  expect(await scores({ max: '6' })).toEqual([6, 3]);
  expect(await scores({ min: '4', max: '6' })).toEqual([6]);
  expect(await scores({ group: 'DETRACTOR', query: 'タグ' })).toEqual([3]);
  expect(await scores({ query: 'たぐ' })).toEqual([10, 3]);
  const first = (await read(responses, surveyId, { query: 'タグ', limit: '1' })).body as {
    results: unknown[];
    paging: { next: { after: string } };
  };
  expect(first.results).toHaveLength(1);
  expect(await scores({ query: 'タグ', limit: '1', after: first.paging.next.after })).toEqual([3]);
  expect((await read(responses, surveyId, { min: 'x' })).status).toBe(400);
  expect(await scores({ from: '2100-01-01' })).toEqual([]);
});

test('a link stays good when the end of the survey is moved, and for who wants no more mail', async () => {
  const surveyId = await givenSurvey({ closesAt: new Date(Date.now() + 60_000).toISOString() });
  const survey = await readSurvey(database.app, surveyId);
  const contact = await createRecord(database.app, '0-1', { email: 'moved@example.co.jp' });
  const token = await invitationToken(survey, { contactId: contact.id, sendId: '1', now: new Date().toISOString() });
  const { exp } = JSON.parse(Buffer.from((token ?? '').split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  expect(exp * 1000 - Date.now()).toBeGreaterThan(170 * 86_400_000);
  const wish = { emailAddress: 'moved@example.co.jp', subscriptionId: '1' };
  expect((await call(unsubscribe, { body: wish, headers: bearer() })).status).toBe(200);
  expect((await send(token ?? '', { score: '9' })).status).toBe(303);
});
