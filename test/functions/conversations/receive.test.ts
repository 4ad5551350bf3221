import { createHash } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as compose } from '../../../functions/conversations/compose-mail.ts';
import { handler as listMessages } from '../../../functions/conversations/list-messages.ts';
import { handler as listThreads } from '../../../functions/conversations/list-threads.ts';
import { handler as original } from '../../../functions/conversations/original-content.ts';
import { handler as receive } from '../../../functions/conversations/receive.ts';
import { handler as send } from '../../../functions/conversations/send.ts';
import { handler as reply } from '../../../functions/conversations/send-message.ts';
import { handler as settle } from '../../../functions/emails/settle.ts';
import { eraseReferenced } from '../../../lib/lifecycle/erase.ts';
import { threadKey, threadMessageKey } from '../../../lib/table/inbox-keys.ts';
import { dayListing, rateKey, recordKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { jobDesk } from '../../support/jobs.ts';

let database: Database;
const s3 = mockClient(S3Client);
const ses = mockClient(SESClient);
beforeAll(async () => {
  database = await startDatabase();
});
beforeEach(() => {
  ses.reset();
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' });
  s3.reset();
  s3.on(PutObjectCommand).resolves({});
  s3.on(DeleteObjectCommand).resolves({});
});
afterAll(async () => {
  s3.restore();
  ses.restore();
  await database.close();
});

const Logged = z.object({ type: z.string(), detail: z.looseObject({ subject: z.optional(z.string()) }) });
type Listed = { results: Record<string, unknown>[] };
const queued = (body: unknown): SQSEvent =>
  ({
    Records: [{ messageId: '1', receiptHandle: '1', body: JSON.stringify(body), attributes: {} }],
  }) as unknown as SQSEvent;
let objects = 0;

/** Puts a mail into the bucket and tells the worker. */
async function arrive(raw: string | Buffer, given?: string): Promise<SQSBatchResponse> {
  objects += 1;
  const key = given ?? `inbound/${objects}`;
  s3.on(GetObjectCommand, { Key: key }).callsFake(() => ({ Body: [Buffer.from(raw as string)] }));
  return receive(queued({ detail: { bucket: { name: 'mails' }, object: { key } } }));
}
const done = { batchItemFailures: [] };
const mail = (from: string, id: string, ...more: string[]) =>
  [`From: ${from}`, 'To: inbox@example.co.jp', `Message-ID: <${id}>`, ...more, '', 'タグについて'].join('\r\n');
const get = async (handler: unknown, path: Record<string, string> = {}, query: Record<string, string> = {}) =>
  (await call(handler, { method: 'GET', path, query, headers: bearer() })).body as Listed;
const threadsOf = async (subject: string) =>
  (await get(listThreads, {}, { limit: '500' })).results.filter((thread) => thread.subject === subject);
const messagesOf = async (threadId: string) => (await get(listMessages, { threadId }, { sort: 'createdAt' })).results;

test('an event that comes twice, a mail that is delivered twice, and both at once make one message', async () => {
  const raw = mail('a@example.com', 'twice@example.com', 'Subject: twice');
  const again = `Received: from elsewhere\r\n${raw}`;
  const all = await Promise.all([arrive(raw, 'inbound/t1'), arrive(raw, 'inbound/t1'), arrive(again, 'inbound/t2')]);
  expect(all).toEqual([done, done, done]);
  expect(await arrive(raw, 'inbound/t1')).toEqual(done);
  const threads = await threadsOf('twice');
  expect(threads).toHaveLength(1);
  expect(await messagesOf(String(threads[0]?.id))).toHaveLength(1);
});

test('two answers at once come into one thread', async () => {
  await arrive(mail('b@example.com', 'root@example.com', 'Subject: root'));
  const answer = (n: number) =>
    arrive(mail('b@example.com', `r${n}@example.com`, 'Subject: Re: root', 'In-Reply-To: <root@example.com>'));
  expect(await Promise.all([answer(1), answer(2), answer(3)])).toEqual([done, done, done]);
  const [thread] = await threadsOf('root');
  expect(await messagesOf(String(thread?.id))).toHaveLength(4);
});

test('what programs write makes no contact and waits for nobody; spam neither', async () => {
  await arrive(mail('robot@example.com', 'auto@example.com', 'Subject: auto', 'Auto-Submitted: auto-replied'));
  await arrive(mail('spam@example.com', 'spam@example.com', 'Subject: spam', 'X-SES-Spam-Verdict: FAIL'));
  expect(await threadsOf('auto')).toMatchObject([{ status: 'CLOSED', spam: false }]);
  expect(await threadsOf('spam')).toMatchObject([{ status: 'CLOSED', spam: true }]);
  for (const subject of ['auto', 'spam'])
    expect((await threadsOf(subject))[0]).not.toHaveProperty('associatedContactId');
});

test('a sender who writes without end starts nothing any more', async () => {
  const sender = createHash('sha256').update('loop@example.com').digest('hex').slice(0, 32);
  const counter = rateKey(`inbound#${sender}`, new Date().toISOString().slice(0, 13));
  const expiresAt = Math.floor(Date.now() / 1000) + 3600;
  for (let n = 0; n < 59; n += 1) await database.app.table.count(counter, expiresAt);
  for (const n of [1, 2]) await arrive(mail('loop@example.com', `l${n}@example.com`, `Subject: loop ${n}`));
  const logged = await database.app.table.all({ pk: dayListing(new Date().toISOString()), index: 'gsi1' }, Logged);
  const started = logged.filter(
    ({ type, detail }) => type === 'conversation.message-received' && detail.subject?.startsWith('loop'),
  );
  expect(started).toHaveLength(1);
  expect(await threadsOf('loop 2')).toMatchObject([{ status: 'OPEN' }]);
});

test('other buckets and other folders are left alone', async () => {
  expect(await receive(queued({ detail: { bucket: { name: 'other' }, object: { key: 'inbound/1' } } }))).toEqual(done);
  expect(await receive(queued({ detail: { bucket: { name: 'mails' }, object: { key: 'attachments/1' } } }))).toEqual(
    done,
  );
  expect(s3.commandCalls(GetObjectCommand)).toHaveLength(0);
});

test('30 MB and nothing at all are taken in', async () => {
  const file = Buffer.alloc(22_000_000, 1).toString('base64');
  const big = `Subject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${file}\r\n--b--`;
  expect(await arrive(big)).toEqual(done);
  expect(await arrive('')).toEqual(done);
  const [thread] = await threadsOf('big');
  expect(await messagesOf(String(thread?.id))).toMatchObject([{ attachments: [{ name: 'a.zip', size: 22_000_000 }] }]);
});

test('a text that came out wrong is decoded anew', async () => {
  await arrive(
    Buffer.concat([
      Buffer.from('Subject: wrong\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'),
      Buffer.from([0xc3, 0xbd, 0xc4]),
    ]),
    'inbound/wrong',
  );
  const [thread] = await threadsOf('wrong');
  const [message] = await messagesOf(String(thread?.id));
  const path = { threadId: String(thread?.id), messageId: String(message?.id) };
  const read = await call(original, { method: 'GET', path, query: { charset: 'shift_jis' }, headers: bearer() });
  expect(read.body).toMatchObject({ text: 'ﾃｽﾄ', charset: 'shift_jis' });
  expect((await call(original, { method: 'GET', path, query: { charset: 'nope' }, headers: bearer() })).status).toBe(
    400,
  );
});

async function composed(subject: string) {
  const body = { to: ['c@example.com'], subject, text: '本文' };
  const { status, body: thread } = await call(compose, { body, headers: bearer() });
  expect(status).toBe(201);
  const threadId = String((thread as { id: string }).id);
  const [message] = await messagesOf(threadId);
  return { threadId, messageId: String(message?.id) };
}
const sesEvent = (id: string, eventType: string, { threadId, messageId }: { threadId: string; messageId: string }) =>
  queued({
    id,
    time: '2026-11-22T04:00:05Z',
    detail: {
      eventType,
      mail: { messageId: 'ses-1', destination: ['c@example.com'], tags: { thread: [threadId], reply: [messageId] } },
      bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: 'c@example.com' }] },
    },
  });

test('a mail is sent once, however often and at whatever time it is asked for', async () => {
  const at = await composed('once');
  const results = await Promise.all([send(queued({ detail: at })), send(queued({ detail: at }))]);
  expect(results.filter(({ batchItemFailures }) => batchItemFailures.length === 0).length).toBeGreaterThan(0);
  await send(queued({ detail: at }));
  expect(ses.commandCalls(SendRawEmailCommand)).toHaveLength(1);
  expect(await messagesOf(at.threadId)).toMatchObject([{ status: { statusType: 'SENT' } }]);
  await settle(sesEvent('e1', 'Bounce', at));
  await settle(sesEvent('e0', 'Send', at));
  await settle(sesEvent('e1', 'Bounce', at));
  expect(await messagesOf(at.threadId)).toMatchObject([
    { status: { statusType: 'FAILED', failureDetails: { errorMessage: 'Permanent' }, bouncedAt: expect.any(String) } },
  ]);
});

test('a sender that died leaves the outcome open until SES tells; a throttle brings the mail again', async () => {
  const at = await composed('died');
  const key = threadMessageKey(at.threadId, at.messageId);
  await database.app.table.commit([{ update: key, set: { state: 'SENDING', claimedAt: 1 } }]);
  expect(await send(queued({ detail: at }))).toEqual(done);
  expect(ses.commandCalls(SendRawEmailCommand)).toHaveLength(0);
  expect(await messagesOf(at.threadId)).toMatchObject([{ status: { statusType: 'PENDING' } }]);
  await settle(sesEvent('e2', 'Delivery', at));
  expect(await messagesOf(at.threadId)).toMatchObject([
    { status: { statusType: 'SENT', deliveredAt: expect.any(String) } },
  ]);

  const later = await composed('throttled');
  ses.on(SendRawEmailCommand).rejectsOnce(Object.assign(new Error('slow'), { name: 'Throttling' }));
  expect((await send(queued({ detail: later }))).batchItemFailures).toHaveLength(1);
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-2' });
  expect(await send(queued({ detail: later }))).toEqual(done);
});

test('our own mail that comes back is no message; a bounce by mail settles what did not arrive', async () => {
  const at = await composed('back');
  await send(queued({ detail: at }));
  await arrive(mail('inbox@example.co.jp', 'ses-1@ap-northeast-1.amazonses.com', 'Subject: back'));
  expect(await messagesOf(at.threadId)).toHaveLength(1);
  const report = `From: MAILER-DAEMON@example.com\r\nMessage-ID: <b@example.com>\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ses-1@ap-northeast-1.amazonses.com>\r\n\r\nx\r\n--b--`;
  await arrive(report);
  expect(await messagesOf(at.threadId)).toMatchObject([
    { status: { statusType: 'FAILED', failureDetails: { errorMessage: '5.1.1' } } },
    { automatic: 'BOUNCE' },
  ]);
});

test('who asks to be forgotten takes every mail of the threads along, as they came too', async () => {
  const desk = jobDesk(() => database);
  await arrive(mail('forget@example.com', 'forget@example.com', 'Subject: forget'), 'inbound/forget');
  const [thread] = await threadsOf('forget');
  const [message] = await messagesOf(String(thread?.id));
  await eraseReferenced(database.app, '0-1', { id: String(thread?.associatedContactId) });
  await desk.drain();
  desk.close();
  expect(await threadsOf('forget')).toEqual([]);
  const email = recordKey({ objectType: '0-49', id: String(message?.emailId) });
  expect(await database.app.table.get(email, z.object({}))).toBeUndefined();
  expect(await database.app.table.get(threadKey(String(thread?.id)), z.object({}))).toBeUndefined();
  expect(s3.commandCalls(DeleteObjectCommand).map(({ args }) => args[0].input.Key)).toContain('inbound/forget');
});

test.each([
  [
    'an address that is none',
    { type: 'MESSAGE', text: 'x', recipients: [{ deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: 'nobody' } }] },
  ],
  ['an agent whom nobody knows', { type: 'MESSAGE', text: 'x', senderActorId: 'A-1' }],
  ['a channel that there is not', { type: 'MESSAGE', text: 'x', channelId: '1' }],
  ['no text', { type: 'MESSAGE', text: '' }],
])('an answer with %s is refused', async (_, body) => {
  const { threadId } = await composed('refusals');
  expect((await call(reply, { path: { threadId }, body, headers: bearer() })).status).toBe(400);
});
