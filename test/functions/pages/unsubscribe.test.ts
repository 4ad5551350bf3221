import { DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler as show } from '../../../functions/pages/show-unsubscribe.ts';
import { handler as post } from '../../../functions/pages/unsubscribe.ts';
import { signLink } from '../../../lib/links/link.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { barriersOf } from '../../../lib/subscriptions/store.ts';
import { call } from '../../support/call.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { eventsOf, givenLinkKeys } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
  givenLinkKeys();
});
afterAll(() => database.close());

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
let people = 0;
async function givenLink(more: Record<string, string> = {}, expiresAt = inDays(1)) {
  people += 1;
  const email = `leaver${people}@example.co.jp`;
  const { id: contactId } = await createRecord(database.app, '0-1', { email });
  const claims = { contactId, email, subscriptionTypeId: '1', sendId: '55', ...more };
  return { email, contactId, token: await signLink('unsubscribe', claims, expiresAt) };
}
const open = (token: string, query: Record<string, string> = {}) =>
  call(show, { method: 'GET', path: { token }, query });
const send = (token: string, body: string, more: { sourceIp?: string } = {}) =>
  call(post, { path: { token }, body, ...more });
const mayReceive = async (email: string, typeId: string) =>
  !(await barriersOf(database.app, typeId, [email])).has(email);

test('the page says what would stop, runs no script, and opening it writes nothing', async () => {
  const { token, email } = await givenLink();
  const sent = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
  const page = await open(token);
  const writes = sent.mock.calls.filter(([command]) => !/Get|Query/.test(command.constructor.name));
  vi.restoreAllMocks();
  expect(writes).toEqual([]);
  expect(page).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
  expect(page.text).toContain(email);
  expect(page.text).toContain('アンケート');
  expect(page.text).not.toMatch(/<script|\son\w+=/);
  expect(page.headers['content-security-policy']).toContain("form-action 'self'");
  expect((await open(token, { lang: 'en' })).text).toContain('Unsubscribe');
});

test.each([
  ['as a form', 'List-Unsubscribe=One-Click'],
  ['in parts', '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'],
])("a mail program's one click, sent %s, stops the kind of mail that it came from", async (_, body) => {
  const { token, email } = await givenLink();
  expect((await send(token, body)).status).toBe(200);
  expect([await mayReceive(email, '1'), await mayReceive(email, '2')]).toEqual([false, true]);
});

test('the page can stop everything, and brings it back', async () => {
  const { token, email, contactId } = await givenLink();
  const stopped = await send(token, 'action=unsubscribe&scope=all');
  expect(stopped.text).toContain('配信を停止しました');
  expect([await mayReceive(email, '1'), await mayReceive(email, '2')]).toEqual([false, false]);
  expect((await open(token)).text).toContain('配信を再開する');
  const back = await send(token, 'action=subscribe&scope=all');
  expect(back.text).toContain('配信を再開しました');
  expect([await mayReceive(email, '1'), await mayReceive(email, '2')]).toEqual([true, true]);
  const told = (await eventsOf(database, contactId)).filter(({ type }) => type === 'subscription.changed');
  expect(told.map(({ detail }) => [detail.subscriptionTypeId, detail.status, detail.source])).toEqual([
    ['all', 'NOT_SUBSCRIBED', 'PAGE'],
    ['all', 'SUBSCRIBED', 'PAGE'],
  ]);
});

test.each([
  '',
  'action=dance',
  '{"action":"unsubscribe"}',
  'List-Unsubscribe=Maybe',
])('a post that says nothing (%j) stops nothing and shows the page', async (body) => {
  const { token, email } = await givenLink();
  expect((await send(token, body)).text).toContain('配信を停止する');
  expect(await mayReceive(email, '1')).toBe(true);
});

test('a link whose time is over is told from one that nobody made', async () => {
  const { token: late } = await givenLink({}, inDays(-1));
  const { token } = await givenLink();
  expect(await open(late)).toMatchObject({ status: 410 });
  expect((await open(late)).text).toContain('有効期限');
  expect(await send(late, 'List-Unsubscribe=One-Click')).toMatchObject({ status: 410 });
  expect(await open(`${token}x`)).toMatchObject({ status: 404 });
  const survey = await signLink(
    'survey',
    { contactId: '1', email: 'a@b.co', subscriptionTypeId: '1', sendId: '1' },
    inDays(1),
  );
  expect(await open(survey)).toMatchObject({ status: 404 });
  expect(await open((await givenLink({ subscriptionTypeId: '99' })).token)).toMatchObject({ status: 404 });
});

test('who presses without end is asked to wait, and what they chose stays', async () => {
  const { token, email } = await givenLink();
  const answers = [];
  for (let presses = 0; presses < 35; presses += 1) answers.push(await send(token, 'List-Unsubscribe=One-Click'));
  const last = answers.at(-1);
  expect(last?.status).toBe(429);
  expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
  expect(await mayReceive(email, '1')).toBe(false);
});

test('when the table is busy the page says so, and the button can be pressed again', async () => {
  const { token, email } = await givenLink();
  const busy = vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation((command) => {
    const read = command instanceof UpdateCommand || command instanceof QueryCommand;
    const error = read
      ? Object.assign(new Error('slow down'), { name: 'ThrottlingException' })
      : new Error('unexpected');
    return Promise.reject(error);
  });
  const answer = await send(token, 'List-Unsubscribe=One-Click');
  busy.mockRestore();
  expect(answer.status).toBe(503);
  expect((await send(token, 'List-Unsubscribe=One-Click')).status).toBe(200);
  expect(await mayReceive(email, '1')).toBe(false);
});
