import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handler as confirm } from '../../../functions/sends/confirm.ts';
import { handler as preview } from '../../../functions/sends/preview.ts';
import { handler as release } from '../../../functions/sends/release.ts';
import { commitChanges, recipientsOf } from '../../../lib/sends/ledger.ts';
import { claimed, enlisted, givenUp } from '../../../lib/sends/recipient.ts';
import { call } from '../../support/call.ts';
import { bearer } from '../../support/database.ts';
import { givenEmail } from '../../support/ready-email.ts';
import { balance, type Stand, startStand, timeOut } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand?.stop());
beforeEach(async () => {
  vi.useRealTimers();
  stand.mails.splice(0);
  stand.receiver.answer = () => 'ACCEPT';
  await stand.forgetPace();
});

const headers = bearer();
const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const toEach = () => stand.mails.map(({ to }) => to).toSorted();

/** A send whose workers died with the mails of the first two in their hands. */
async function sendOfTheDead(contactIds: readonly string[]): Promise<string> {
  const sendId = await stand.draft({ audience: { listIds: [], contactIds } });
  await stand.order(confirm, sendId);
  await stand.drain({ queues: ['jobs'] });
  const rows = await recipientsOf(stand.app, sendId, contactIds.slice(0, 2));
  const claims = rows.map((row) => claimed(row, stand.app.now()));
  await commitChanges(stand.app, sendId, claims);
  await commitChanges(
    stand.app,
    sendId,
    claims.map(({ after }) => givenUp(after, stand.app.now())),
  );
  await stand.drain();
  return sendId;
}

test('mails that a dead worker left go out when a person decides so, after a day of silence and not before', async () => {
  const sendId = await sendOfTheDead(await stand.contacts(5));
  for (const mail of stand.mails.splice(0)) stand.tell(mail, 'Delivery');
  await stand.drain();
  expect((await stand.send(sendId)).ledger).toMatchObject({ accepted: 3, pending: 2, unknown: 2 });
  await stand.order(release, sendId);
  await stand.drain();
  expect((await stand.send(sendId)).ledger).toMatchObject({ accepted: 3, unknown: 2 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(later(25)) });
  await stand.order(release, sendId);
  await stand.order(release, sendId);
  await stand.drain();
  await stand.runAt(later(1));
  const send = await stand.send(sendId);
  expect(send).toMatchObject({ status: 'COMPLETED', ledger: { recipients: 5, accepted: 5, pending: 0, unknown: 0 } });
  expect(balance(send)).toBe(0);
  expect(stand.mails).toHaveLength(2);
});

test('a mail of which SES tells a day later is not sent again', async () => {
  const contactIds = await stand.contacts(3);
  stand.receiver.answer = ({ tags }) => (tags.contact === contactIds[0] ? timeOut() : 'ACCEPT');
  const sendId = await stand.draft({ audience: { listIds: [], contactIds } });
  await stand.order(confirm, sendId);
  await stand.drain();
  expect(await call(release, { path: { sendId }, headers })).toMatchObject({
    status: 409,
    body: { subCategory: 'NO_EVENTS' },
  });
  for (const mail of stand.mails.splice(0)) stand.tell(mail, 'Delivery');
  const [row] = await recipientsOf(stand.app, sendId, contactIds.slice(0, 1));
  stand.tell({ to: row?.email ?? '', tags: { send: sendId, contact: contactIds[0] ?? '' } }, 'Send');
  await stand.drain();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(later(25)) });
  await stand.order(release, sendId);
  await stand.drain();
  await stand.runAt(later(1));
  expect((await stand.send(sendId)).ledger).toMatchObject({ accepted: 3, unknown: 0 });
  expect(await stand.rows(sendId)).toMatchObject([{ reference: 'ses-x' }, {}, {}]);
  expect(toEach()).toEqual([]);
});

test('only a send that is on its way has mails to release', async () => {
  const sendId = await stand.draft({ audience: { listIds: [], contactIds: ['1'] } });
  expect((await call(release, { path: { sendId }, headers })).status).toBe(409);
  expect((await call(release, { path: { sendId: '404' }, headers })).status).toBe(404);
});

test('SES is down for an hour: nobody is lost, nobody gets two mails, and nothing stays unknown', async () => {
  const down = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const contactIds = await stand.contacts(8);
  const sendId = await stand.draft({ audience: { listIds: [], contactIds } });
  stand.receiver.answer = down;
  await stand.order(confirm, sendId);
  await stand.drain({ queues: ['jobs'] });
  for (const minutes of [0, 30]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(later(minutes / 60)) });
    const messages = stand.waiting.mail.splice(0);
    while (messages.length > 0) await stand.handOver('mail', messages.splice(0, 10));
    const send = await stand.send(sendId);
    expect(send.ledger).toMatchObject({ recipients: 8, accepted: 0, pending: 8, unknown: 0 });
    vi.useRealTimers();
  }
  stand.receiver.answer = () => 'ACCEPT';
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(later(1)) });
  await stand.drain();
  await stand.runAt(later(2));
  expect((await stand.send(sendId)).ledger).toMatchObject({ recipients: 8, accepted: 8, pending: 0 });
  expect(new Set(toEach()).size).toBe(8);
  expect(stand.mails).toHaveLength(8);
});

test('a template that does not end for somebody leaves this person out, at the look and at the send', async () => {
  const emailId = await givenEmail(stand.app, {
    subject: 'お知らせ',
    html: '<html><body>{% for n in (1..contact.zip) %}.{% endfor %}</body></html>',
    text: 'お知らせ',
  });
  const [fine = '', huge = ''] = [
    ...(await stand.contacts(1, { zip: '3' })),
    ...(await stand.contacts(1, { zip: '900000000' })),
  ];
  const sendId = await stand.draft({
    emailId,
    subscriptionTypeId: '2',
    audience: { listIds: [], contactIds: [fine, huge] },
  });
  const looked = await call(preview, { path: { sendId }, headers });
  expect(looked).toMatchObject({
    status: 200,
    body: { toSend: 1, excluded: [{ reason: 'NOT_RENDERED', count: 1 }], missingTokens: [] },
  });
  await stand.order(confirm, sendId);
  await stand.drain();
  expect(await stand.send(sendId)).toMatchObject({
    ledger: { recipients: 1, accepted: 1 },
    excluded: [{ reason: 'NOT_RENDERED', count: 1 }],
  });
});

test('many small lists are looked at in the request', async () => {
  const [somebody = ''] = await stand.contacts(1);
  const listIds = await Promise.all(Array.from({ length: 12 }, () => stand.list([somebody])));
  const small = await stand.draft({ audience: { listIds } });
  expect(await call(preview, { path: { sendId: small }, headers })).toMatchObject({
    status: 200,
    body: { toSend: 1, excluded: [{ reason: 'DUPLICATE', count: 11 }] },
  });
});

test('more than two thousand people are looked at by a job, and the confirm goes by what it found', async () => {
  const parent = await stand.draft({ audience: { listIds: [], contactIds: ['1'] } });
  const at = stand.app.now();
  const gone = Array.from({ length: 2001 }, (_, n) =>
    enlisted({ sendId: parent, contactId: `9${String(n).padStart(6, '0')}`, email: 'a@example.co.jp', source: 0 }, at),
  );
  await commitChanges(
    stand.app,
    parent,
    gone.map(({ after }) => ({ after: { ...after, state: 'ACCEPTED' as const }, counts: {} })),
  );
  const emailId = await givenEmail(stand.app, {
    subject: 'お知らせ',
    html: '<p>{{ contact.lastname }}</p>',
    text: 'x',
  });
  const audience = { listIds: [], contactIds: await stand.contacts(1), notAnsweredOf: parent };
  const sendId = await stand.draft({ emailId, subscriptionTypeId: '2', audience });
  expect(await call(preview, { path: { sendId }, headers })).toMatchObject({
    status: 202,
    body: { jobId: expect.any(String) },
  });
  expect(await call(confirm, { path: { sendId }, headers })).toMatchObject({
    status: 409,
    body: { subCategory: 'PREVIEW_NEEDED' },
  });
  await stand.drain();
  expect(await stand.send(sendId)).toMatchObject({
    preview: { status: 'DONE', toSend: 1, excluded: [{ reason: 'NO_CONTACT', count: 2001 }] },
  });
  expect((await call(confirm, { path: { sendId }, headers })).status).toBe(202);
});
