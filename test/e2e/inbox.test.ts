import type { Client } from '@hubspot/api-client';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot } from '../support/hubspot.ts';
import { api } from '../support/landing-page.ts';
import { testLocal } from '../support/local.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

const base = '/conversations/v3/conversations';
type Thread = {
  id: string;
  status: string;
  associatedContactId?: string;
  associations: { objectType: string; id: string }[];
};
type Message = { id: string; text: string; direction: string; emailId: string; status: { statusType: string } };
type Sent = { messageId: string; to: string[]; subject: string; headers: Record<string, string>; text: string };
type Listed<T> = { results: T[] };

const threads = async () => (await api<Listed<Thread>>(local, 'GET', `${base}/threads`)).results;
const messagesOf = async (id: string) =>
  (await api<Listed<Message>>(local, 'GET', `${base}/threads/${id}/messages?sort=createdAt`)).results;
const sent = async () => (await (await fetch(`${local.localUrl}/mail`)).json()) as Sent[];
const mail = (message: Record<string, unknown>) => createTransport(local.smtpUrl).sendMail(message);
const emailsOf = async (type: string, id: string) =>
  (await client.crm.associations.v4.basicApi.getPage(type, id, 'emails')).results.map(({ toObjectId }) => toObjectId);

test('a mail comes in, becomes a thread and a ticket, is answered once, and its answer comes into the same thread', async () => {
  const deal = await client.crm.deals.basicApi.create({
    properties: { dealname: '広告', advertiser_id: 's00000012345678' },
    associations: [],
  });
  await mail({
    from: '"田中 太郎" <tanaka@example.co.jp>',
    to: 'inbox@tsunagi.example',
    subject: 'タグについて',
    messageId: '<first@example.co.jp>',
    text: '広告主ID ｓ００００００１２３４５６７８ のタグが動きません。',
  });
  const [thread] = await eventually(
    'the thread',
    async () => {
      const all = await threads();
      return all.length > 0 && all;
    },
    20_000,
  );
  expect(thread).toMatchObject({ status: 'OPEN', associations: [{ objectType: '0-3', id: deal.id }] });
  const { id = '', associatedContactId = '' } = thread ?? {};
  const contact = await client.crm.contacts.basicApi.getById(associatedContactId, ['email', 'lastname', 'firstname']);
  expect(contact.properties).toMatchObject({ email: 'tanaka@example.co.jp', lastname: '田中', firstname: '太郎' });

  const ticket = await api<{ id: string }>(local, 'POST', `/conversations/v1/threads/${id}/tickets`, {
    subject: 'タグ',
    hs_pipeline: '0',
    hs_pipeline_stage: '1',
  });
  expect(await emailsOf('tickets', ticket.id)).toHaveLength(1);
  const { results: deals } = await client.crm.associations.v4.basicApi.getPage('tickets', ticket.id, 'deals');
  expect(deals.map(({ toObjectId }) => toObjectId)).toEqual([deal.id]);

  const reply = await api<Message>(local, 'POST', `${base}/threads/${id}/messages`, {
    type: 'MESSAGE',
    text: 'ご連絡ありがとうございます。',
  });
  const [answer] = await eventually(
    'the answer at the customer',
    async () => {
      const all = (await sent()).filter(({ to }) => to.includes('tanaka@example.co.jp'));
      return all.length > 0 && all;
    },
    20_000,
  );
  expect(answer).toMatchObject({ subject: 'Re: タグについて', text: expect.stringContaining('ご連絡') });
  expect(answer?.headers).toMatchObject({
    'In-Reply-To': '<first@example.co.jp>',
    References: '<first@example.co.jp>',
  });
  const told = () => api<Message>(local, 'GET', `${base}/threads/${id}/messages/${reply.id}`);
  await eventually('its delivery', async () => 'deliveredAt' in (await told()).status, 20_000);
  expect((await told()).status.statusType).toBe('SENT');

  await api(local, 'PATCH', `${base}/threads/${id}`, { status: 'CLOSED' });
  await mail({
    from: 'tanaka@example.co.jp',
    to: 'inbox@tsunagi.example',
    subject: 'Re: Re: タグについて',
    inReplyTo: `<${answer?.messageId}@ap-northeast-1.amazonses.com>`,
    text: '直りました。\n\n2026年11月26日(木) 10:00 受信トレイ <inbox@tsunagi.example>:\n> ご連絡ありがとうございます。',
  });
  const incoming = await eventually(
    'the second mail',
    async () => {
      const all = (await messagesOf(id)).filter(({ direction, text }) => direction === 'INCOMING' && text);
      return all.length === 2 && all;
    },
    20_000,
  );
  expect(incoming.map(({ text }) => text)).toEqual([expect.stringContaining('タグが動きません'), '直りました。']);
  expect(await threads()).toMatchObject([{ id, status: 'OPEN' }]);
  await eventually('all mails on the ticket', async () => (await emailsOf('tickets', ticket.id)).length === 3);
  expect(await emailsOf('deals', deal.id)).toHaveLength(3);
  expect((await sent()).filter(({ to }) => to.includes('tanaka@example.co.jp'))).toHaveLength(1);
});
