import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { parseMail } from '../../../cdk/local/services/mime.ts';
import { handler as showPage } from '../../../functions/pages/show-unsubscribe.ts';
import { handler as postPage } from '../../../functions/pages/unsubscribe.ts';
import { handler as cancel } from '../../../functions/sends/cancel.ts';
import { handler as confirm } from '../../../functions/sends/confirm.ts';
import { handler as pause } from '../../../functions/sends/pause.ts';
import { handler as resume } from '../../../functions/sends/resume.ts';
import { handler as unsubscribe } from '../../../functions/subscriptions/unsubscribe.ts';
import { archiveRecord } from '../../../lib/objects/store.ts';
import { paceKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer } from '../../support/database.ts';
import { givenSurvey } from '../../support/surveys.ts';
import { balance, type Mail, type Stand, startStand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand?.stop());
beforeEach(async () => {
  stand.mails.splice(0);
  stand.receiver.answer = () => 'ACCEPT';
  await stand.forgetPace();
});

const begin = async (body: Record<string, unknown>) => {
  const sendId = await stand.draft(body);
  await stand.order(confirm, sendId);
  return sendId;
};
const sendTo = async (contactIds: readonly string[], more: Record<string, unknown> = {}) => {
  const sendId = await begin({ audience: { listIds: [], contactIds }, ...more });
  await stand.drain();
  return sendId;
};
const optOut = (emailAddress: string, subscriptionId = '1') =>
  call(unsubscribe, { body: { emailAddress, subscriptionId }, headers: bearer() });
const addressOf = async (contactId: string) => {
  const sendId = await sendTo([contactId]);
  return (await stand.rows(sendId))[0]?.email ?? '';
};
const mailTo = (contactId: string): Mail => {
  const mail = stand.mails.find(({ tags }) => tags.contact === contactId);
  if (!mail) throw new Error('no such mail');
  return mail;
};
const emailEvents = async (contactId: string) =>
  (await stand.logOf(contactId)).map(({ type }) => type).filter((type) => type.startsWith('email.'));

test('a paused send gives nothing more to SES, and goes on where it stood', async () => {
  const sendId = await begin({ audience: { listIds: [await stand.list(await stand.contacts(30))] } });
  await stand.drain({ queues: ['jobs'] });
  await stand.handOver('mail', stand.waiting.mail.splice(0, 10));
  expect(await stand.order(pause, sendId)).toMatchObject({ status: 'PAUSED', ledger: { accepted: 10, pending: 20 } });
  await stand.drain();
  expect(stand.mails).toHaveLength(10);
  expect((await stand.send(sendId)).ledger).toMatchObject({ accepted: 10, pending: 20 });
  expect(await stand.order(resume, sendId)).toMatchObject({ status: 'SENDING' });
  await stand.drain();
  expect(stand.mails).toHaveLength(30);
  expect(await stand.send(sendId)).toMatchObject({ status: 'COMPLETED', ledger: { accepted: 30, pending: 0 } });
});

test('a worker that waits for its turn while the send is paused lets go of the mails in its hand', async () => {
  const sendId = await begin({ audience: { listIds: [], contactIds: await stand.contacts(3) } });
  await stand.drain({ queues: ['jobs'] });
  const turn = { next: Date.now() + 400, rate: 100, left: 1000, refreshAt: Date.now() + 60_000, slowedAt: 0 };
  await stand.app.table.commit([{ put: { ...paceKey, ...turn } }]);
  const working = stand.handOver('mail', stand.waiting.mail.splice(0));
  await stand.order(pause, sendId);
  expect(await working).toBe(0);
  expect(stand.mails).toEqual([]);
  await stand.order(resume, sendId);
  await stand.drain();
  expect(stand.mails).toHaveLength(3);
});

test('a cancelled send sends nothing more, and what was pending is cancelled', async () => {
  const sendId = await begin({ audience: { listIds: [await stand.list(await stand.contacts(25))] } });
  await stand.drain({ queues: ['jobs'] });
  await stand.handOver('mail', stand.waiting.mail.splice(0, 10));
  await stand.order(cancel, sendId);
  await stand.drain();
  const send = await stand.send(sendId);
  expect(send).toMatchObject({
    status: 'CANCELLED',
    ledger: { recipients: 25, accepted: 10, cancelled: 15, pending: 0 },
  });
  expect(balance(send)).toBe(0);
  expect(stand.mails).toHaveLength(10);
  await expect(stand.order(resume, sendId)).rejects.toThrow('CANCELLED');
});

test('a send that is cancelled before its audience was read reaches nobody', async () => {
  const sendId = await begin({ audience: { listIds: [await stand.list(await stand.contacts(5))] } });
  await stand.order(cancel, sendId);
  await stand.drain();
  expect(stand.mails).toEqual([]);
  expect(await stand.send(sendId)).toMatchObject({ status: 'CANCELLED', ledger: { recipients: 0 } });
});

test('who is left out is counted by the reason', async () => {
  const [fine = '', twice = '', out = '', bounced = '', archived = '', excluded = ''] = await stand.contacts(6);
  const [homeless = ''] = await stand.contacts(1, { email: '' });
  await optOut(await addressOf(out));
  await sendTo([bounced]);
  stand.tell(mailTo(bounced), 'Bounce', { bounce: { bounceType: 'Permanent' } });
  await stand.drain();
  await archiveRecord(stand.app, '0-1', archived);
  stand.mails.splice(0);
  const sendId = await begin({
    audience: {
      listIds: [await stand.list([fine, twice, out, bounced, homeless, excluded]), await stand.list([twice])],
      contactIds: [archived, twice],
      excludeListIds: [await stand.list([excluded])],
    },
  });
  await stand.drain();
  const send = await stand.send(sendId);
  expect(Object.fromEntries(send.excluded.map(({ reason, count }) => [reason, count]))).toEqual({
    UNSUBSCRIBED: 1,
    BOUNCED: 1,
    DUPLICATE: 2,
    NO_ADDRESS: 1,
    EXCLUDED_LIST: 1,
    NO_CONTACT: 1,
  });
  expect(send.ledger).toMatchObject({ recipients: 2, accepted: 2 });
  expect(stand.mails.map(({ tags }) => tags.contact).sort()).toEqual([fine, twice].sort());
});

test('who got a mail within the cooldown gets no other one', async () => {
  const [again = '', fresh = ''] = await stand.contacts(2);
  await sendTo([again]);
  const sendId = await sendTo([again, fresh], { cooldownDays: 30 });
  expect(await stand.send(sendId)).toMatchObject({
    ledger: { recipients: 1 },
    excluded: [{ reason: 'FREQUENCY', count: 1 }],
  });
});

test('who opts out after the audience was read gets no mail any more', async () => {
  const [stays = '', leaves = ''] = await stand.contacts(2);
  const address = await addressOf(leaves);
  stand.mails.splice(0);
  const sendId = await begin({ audience: { listIds: [], contactIds: [stays, leaves] } });
  await stand.drain({ queues: ['jobs'] });
  await optOut(address);
  await stand.drain();
  expect(stand.mails.map(({ tags }) => tags.contact)).toEqual([stays]);
  expect((await stand.send(sendId)).ledger).toMatchObject({ recipients: 2, accepted: 1, cancelled: 1, pending: 0 });
  expect(await stand.rows(sendId, { state: 'CANCELLED' })).toMatchObject([
    { contactId: leaves, reason: 'UNSUBSCRIBED' },
  ]);
});

test("SES's events count once each, in any order, and are told in the contact's log", async () => {
  const [contact = ''] = await stand.contacts(1);
  const sendId = await sendTo([contact]);
  const mail = mailTo(contact);
  const click = { id: 'c1', click: { link: 'https://x.test' } };
  for (const [type, more] of [
    ['Click', click],
    ['Open', { id: 'o1' }],
    ['Open', { id: 'o2' }],
    ['Delivery', { id: 'd1' }],
    ['Send', { id: 's1' }],
    ['Open', { id: 'o1' }],
    ['Click', click],
    ['Send', { id: 's1' }],
    ['Delivery', { id: 'd1' }],
  ] as const)
    stand.tell(mail, type, more);
  await stand.drain();
  expect((await stand.send(sendId)).ledger).toMatchObject({ accepted: 1, delivered: 1, opened: 1, clicked: 1 });
  expect((await emailEvents(contact)).sort()).toEqual([
    'email.clicked',
    'email.delivered',
    'email.opened',
    'email.opened',
    'email.sent',
  ]);
});

test.each([
  ['a hard bounce', 'Bounce', { bounce: { bounceType: 'Permanent' } }, 1, 'BOUNCED'],
  ['a complaint', 'Complaint', { complaint: {} }, 1, 'COMPLAINED'],
  ['the fifth soft bounce', 'Bounce', { bounce: { bounceType: 'Transient' } }, 5, 'BOUNCED'],
] as const)('%s keeps the address out of every later send', async (_, type, more, times, reason) => {
  const [contact = ''] = await stand.contacts(1);
  for (let n = 0; n < times; n += 1) {
    stand.mails.splice(0);
    await sendTo([contact]);
    expect(stand.mails).toHaveLength(1);
    stand.tell(mailTo(contact), type, more);
    await stand.drain();
  }
  stand.mails.splice(0);
  const sendId = await sendTo([contact]);
  expect(stand.mails).toEqual([]);
  expect((await stand.send(sendId)).excluded).toEqual([{ reason, count: 1 }]);
});

/** The mail as a reader sees it. */
async function parsed(raw: string) {
  const { headers, text = '', html = '' } = parseMail(Buffer.from(raw, 'latin1'));
  const header = (wanted: string) => headers.find(({ name }) => name.toLowerCase() === wanted)?.value ?? '';
  return { subject: header('subject'), from: header('from').replace(/"| *<.*/g, ''), text, html };
}

const linkOf = (mail: Mail) => /List-Unsubscribe: <https:\/\/public\.test\/u\/([^>]+)>/.exec(mail.raw)?.[1] ?? '';

test('the button of a mail program takes the address off that kind of mail, once', async () => {
  const [contact = ''] = await stand.contacts(1);
  const sendId = await sendTo([contact]);
  const mail = mailTo(contact);
  expect(mail.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
  const press = () => call(postPage, { path: { token: linkOf(mail) }, body: 'List-Unsubscribe=One-Click' });
  expect((await press()).status).toBe(200);
  expect((await press()).status).toBe(200);
  expect((await stand.send(sendId)).ledger).toMatchObject({ unsubscribed: 1, accepted: 1 });
  const changes = (await stand.logOf(contact)).filter(({ type }) => type === 'subscription.changed');
  expect(changes).toMatchObject([
    { detail: { subscriptionTypeId: '1', status: 'NOT_SUBSCRIBED', source: 'ONE_CLICK', sendId } },
  ]);
  expect((await stand.send(await sendTo([contact]))).excluded).toEqual([{ reason: 'UNSUBSCRIBED', count: 1 }]);
  expect((await stand.send(await sendTo([contact], { subscriptionTypeId: '2' }))).ledger.accepted).toBe(1);
});

test('opening the link changes nothing, and there is a way back', async () => {
  const [contact = ''] = await stand.contacts(1);
  await sendTo([contact]);
  const token = linkOf(mailTo(contact));
  const asked = await call(showPage, { method: 'GET', path: { token } });
  expect(asked).toMatchObject({ status: 200 });
  expect(asked.text).toContain('配信を停止する');
  expect((await stand.send(await sendTo([contact]))).ledger.accepted).toBe(1);
  const stopped = await call(postPage, { path: { token }, body: 'action=unsubscribe&scope=all' });
  expect(stopped.text).toContain('配信を再開する');
  expect((await stand.send(await sendTo([contact], { subscriptionTypeId: '2' }))).ledger.recipients).toBe(0);
  await call(postPage, { path: { token }, body: 'action=subscribe&scope=all' });
  expect((await stand.send(await sendTo([contact], { subscriptionTypeId: '2' }))).ledger.accepted).toBe(1);
});

test('nobody is invited any more to a survey that closed meanwhile', async () => {
  const surveyId = await givenSurvey({ closesAt: new Date(Date.now() + 60_000).toISOString() });
  const sendId = await begin({ surveyId, audience: { listIds: [], contactIds: await stand.contacts(2) } });
  await stand.drain({ queues: ['jobs'] });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 });
  await stand.drain();
  vi.useRealTimers();
  expect(stand.mails).toEqual([]);
  expect((await stand.send(sendId)).ledger).toMatchObject({ recipients: 2, cancelled: 2, pending: 0 });
});

test('the mail has a Japanese subject and sender, both bodies, links of the person and what bulk mail must have', async () => {
  const surveyId = await givenSurvey({ senderName: 'つなぎ 事務局', subject: '四半期のお伺い' });
  const [contact = ''] = await stand.contacts(1, { lastname: '田中' });
  const sendId = await sendTo([contact], { surveyId });
  const { raw, to } = mailTo(contact);
  const mail = await parsed(raw);
  expect(mail).toMatchObject({ subject: '四半期のお伺い', from: 'つなぎ 事務局' });
  expect(mail.text).toContain('田中 様');
  expect(mail.html).toContain('https://public.test/s/');
  expect(mail.html).toContain(`https://public.test/u/${linkOf({ raw, to, tags: {} })}`);
  expect(raw).toMatch(/^From: .*<crm@example\.co\.jp>\r?$/m);
  expect(raw).not.toMatch(/^Auto-Submitted:/m);
  expect(raw.toLowerCase()).toContain(`x-ses-message-tags: send=${sendId}, contact=${contact}\r\n`);
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThan(998);
});
