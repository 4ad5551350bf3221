import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handler as getStatus } from '../../../functions/transactional/get-status.ts';
import { handler as marketing } from '../../../functions/transactional/send-marketing.ts';
import { handler as transactional } from '../../../functions/transactional/send-transactional.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { choose } from '../../../lib/subscriptions/choose.ts';
import { troubleSteps } from '../../../lib/subscriptions/trouble.ts';
import { commitOrThrow } from '../../../lib/table/steps.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { givenEmail } from '../../support/ready-email.ts';
import { givenLinkKeys } from '../../support/surveys.ts';

let database: Database;
let emailId: string;
let people = 0;
const ses = mockClient(SESClient);
beforeAll(async () => {
  database = await startDatabase();
  givenLinkKeys();
  emailId = await givenEmail(database.app, {
    subject: 'ご注文 {{ custom.order }}',
    html: '<html><body><p>{{ contact.lastname }} 様</p><p>{{ custom.order }}</p></body></html>',
    text: '{{ contact.lastname }} 様 {{ custom.order }}',
  });
});
afterAll(async () => {
  ses.restore();
  await database.close();
});
beforeEach(() => {
  people += 1;
  ses.reset();
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' });
});

const headers = bearer();
const to = () => `buyer${people}@example.co.jp`;
const bodyOf = (message: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  emailId,
  message: { to: to(), ...message },
  contactProperties: { lastname: '田中<' },
  customProperties: { order: 'A-1' },
  ...more,
});
const send = (body: unknown, handler: unknown = transactional, more: Record<string, string> = {}) =>
  call(handler, { body, headers: { ...headers, ...more } });
const calls = () => ses.commandCalls(SendRawEmailCommand).map((each) => each.args[0].input);
const raw = (position = 0) => PostalMime.parse(Buffer.from(calls()[position]?.RawMessage?.Data ?? []));

test('a published e-mail goes to one address with its values, and the contact has the properties', async () => {
  const copies = { cc: ['cc@example.co.jp'], bcc: ['bcc@example.co.jp'], replyTo: ['desk@example.co.jp'] };
  const answer = await send(bodyOf({ ...copies, from: '受注係 <order@example.co.jp>' }));
  expect(answer).toMatchObject({ status: 200, body: { status: 'COMPLETE', sendResult: 'SENT', eventId: {} } });
  expect(calls()[0]?.Destinations).toEqual([to(), 'cc@example.co.jp', 'bcc@example.co.jp']);
  const mail = await raw();
  expect(mail.subject).toBe('ご注文 A-1');
  expect(mail.text).toContain('田中< 様 A-1');
  expect(mail.html).toContain('田中&lt; 様');
  expect(mail.from).toMatchObject({ name: '受注係', address: 'order@example.co.jp' });
  expect(mail.headers.some(({ key }) => key === 'list-unsubscribe')).toBe(false);
  expect(calls()[0]?.RawMessage?.Data?.toString()).not.toContain('bcc@');
  expect(await readRecord(database.app, '0-1', { id: to(), idProperty: 'email' })).toMatchObject({
    properties: { lastname: '田中<' },
  });
  const { statusId } = answer.body as { statusId: string };
  expect((await call(getStatus, { method: 'GET', path: { statusId }, headers })).body).toEqual(answer.body);
});

test('twenty requests with one sendId send one mail; so do repetitions under one Idempotency-Key', async () => {
  const sendId = `order-${people}`;
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(bodyOf({ sendId }))));
  expect(calls()).toHaveLength(1);
  expect(new Set(answers.map(({ body }) => (body as { statusId: string }).statusId)).size).toBe(1);
  expect((await send(bodyOf({ sendId }))).body).toMatchObject({ sendResult: 'IDEMPOTENT_IGNORE' });
  const key = { 'idempotency-key': `key-${people}` };
  await send(bodyOf(), transactional, key);
  await send(bodyOf(), transactional, key);
  expect(calls()).toHaveLength(2);
});

test('an answer of SES that never came is no second mail', async () => {
  ses.on(SendRawEmailCommand).rejects(Object.assign(new Error('slow'), { name: 'TimeoutError' }));
  const sendId = `lost-${people}`;
  const first = await send(bodyOf({ sendId }));
  expect(first.body).toMatchObject({ status: 'PROCESSING' });
  await send(bodyOf({ sendId }));
  expect(calls()).toHaveLength(1);
});

test('who is told that SES is busy repeats the request, and one mail goes out', async () => {
  ses.on(SendRawEmailCommand).rejects(Object.assign(new Error('busy'), { name: 'Throttling' }));
  const sendId = `busy-${people}`;
  expect((await send(bodyOf({ sendId }))).body).toMatchObject({ status: 'COMPLETE', sendResult: 'THROTTLED' });
  ses.reset();
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-2' });
  expect((await send(bodyOf({ sendId }))).body).toMatchObject({ sendResult: 'SENT' });
  expect(calls()).toHaveLength(1);
});

test('a receipt comes whatever somebody chose; a marketing mail does not, and has the way out', async () => {
  const leave = { wanted: false, choice: { source: 'PAGE' as const } };
  await choose(database.app, { email: to() }, [{ scope: '2', ...leave }]);
  expect((await send(bodyOf(), marketing)).body).toMatchObject({ sendResult: 'PREVIOUSLY_UNSUBSCRIBED_MESSAGE' });
  expect((await send(bodyOf())).body).toMatchObject({ sendResult: 'SENT' });
  people += 1;
  expect((await send(bodyOf(), marketing)).body).toMatchObject({ sendResult: 'SENT' });
  const mail = await raw(1);
  expect(mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value).toContain('/u/');
  expect(mail.text).toContain('配信停止');
});

test.each([
  ['an address that bounced', () => ({}), 'PREVIOUSLY_BOUNCED'],
  ['an address that is none', () => ({ message: { to: 'nobody' } }), 'INVALID_TO_ADDRESS'],
  ['a sender of another domain', () => ({ message: { to: to(), from: 'a@other.example' } }), 'INVALID_FROM_ADDRESS'],
  ['a token without a value', () => ({ customProperties: {} }), 'MISSING_TEMPLATE_PROPERTIES'],
])('%s gets no mail, and the result says why', async (_, more, sendResult) => {
  if (sendResult === 'PREVIOUSLY_BOUNCED') {
    const { app } = database;
    await commitOrThrow(app.table, await troubleSteps(app, [to()], 'HARD_BOUNCE'));
  }
  const answer = await send(bodyOf({}, more()));
  expect(answer).toMatchObject({ status: 200, body: { status: 'COMPLETE', sendResult } });
  const { statusId } = answer.body as { statusId: string };
  expect((await call(getStatus, { method: 'GET', path: { statusId }, headers })).body).toMatchObject({ sendResult });
  expect(calls()).toEqual([]);
});

test.each([
  ['an e-mail that is not there', () => ({ emailId: 77 }), 404],
  ['a property that there is not', () => ({ contactProperties: { shoe_size: '43' } }), 400],
  ['no recipient', () => ({ message: {} }), 400],
])('%s is an error', async (_, more, status) => {
  expect((await send(bodyOf({}, more()))).status).toBe(status);
  expect(calls()).toEqual([]);
});
