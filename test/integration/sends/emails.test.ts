import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { parseMail } from '../../../cdk/local/services/mime.ts';
import { handler as click } from '../../../functions/engagement/click.ts';
import { handler as open } from '../../../functions/engagement/open.ts';
import { handler as merge } from '../../../functions/objects/merge.ts';
import { handler as update } from '../../../functions/objects/update.ts';
import { handler as confirm } from '../../../functions/sends/confirm.ts';
import { handler as exclusions } from '../../../functions/sends/exclusions.ts';
import { handler as preview } from '../../../functions/sends/preview.ts';
import { handler as setBusinessHours } from '../../../functions/sends/set-business-hours.ts';
import { handler as setFatiguePolicy } from '../../../functions/sends/set-fatigue-policy.ts';
import { handler as setWarmUp } from '../../../functions/sends/set-warm-up.ts';
import { associate } from '../../../lib/associations/store.ts';
import { StoredEmail } from '../../../lib/emails/schema.ts';
import { signLink } from '../../../lib/links/link.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import type { Preview } from '../../../lib/sends/preview-schema.ts';
import { emailKey } from '../../../lib/table/email-keys.ts';
import { call } from '../../support/call.ts';
import { bearer } from '../../support/database.ts';
import { givenSurvey } from '../../support/surveys.ts';
import { disagreements } from '../../support/verified.ts';
import { balance, type Mail, type Stand, startStand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand?.stop());
beforeEach(async () => {
  vi.useRealTimers();
  stand.mails.splice(0);
  await stand.forgetPace();
  await put(setFatiguePolicy, {});
});

const headers = bearer();
const put = (handler: unknown, body: unknown) => call(handler, { method: 'PUT', body, headers });
const browser = { 'user-agent': 'Mozilla/5.0 (iPhone)' };

let emails = 0;
async function givenEmail(more: Record<string, unknown> = {}, html = ''): Promise<string> {
  emails += 1;
  const parts = {
    subject: '{{ contact.lastname | default: "お客様" }}様へ🎉【㈱髙島屋】秋の特集のご案内（第１弾）',
    html:
      html ||
      '<html><body><p>{{ contact.lastname }}様</p><a href="https://shop.example/a?x=1&amp;y=2">特集</a> <a href=\'https://shop.example/b\'>B</a> <a href="mailto:a@b.co">メール</a><a href="https://shop.example/c">C</a><a href="https://shop.example/d">D</a></body></html>',
    text: '{{ contact.lastname }}様 https://shop.example/a',
  };
  const at = stand.app.now();
  const email = StoredEmail.parse({
    id: String(emails),
    name: '秋の特集',
    content: {},
    from: { fromName: '髙橋（つなぎ）', replyTo: 'team@example.co.jp' },
    type: 'BATCH_EMAIL',
    state: 'PUBLISHED',
    revision: 1,
    version: 1,
    createdAt: at,
    updatedAt: at,
    ...parts,
    ready: parts,
    ...more,
  });
  await stand.app.table.commit([{ put: { ...emailKey(email.id), ...email } }]);
  return email.id;
}

const draftOf = async (contactIds: readonly string[], more: Record<string, unknown> = {}) => {
  const isSurvey = 'surveyId' in more;
  return stand.draft({
    audience: { listIds: [], contactIds },
    subscriptionTypeId: '2',
    ...(isSurvey ? {} : { emailId: await givenEmail(), surveyId: undefined }),
    ...more,
  });
};
const sendTo = async (contactIds: readonly string[], more: Record<string, unknown> = {}) => {
  const sendId = await draftOf(contactIds, more);
  await stand.order(confirm, sendId);
  await stand.drain();
  return sendId;
};
const look = async (sendId: string) => {
  const answer = await call(preview, { path: { sendId }, headers });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as Preview;
};
const excludedOf = async (sendId: string) =>
  (await call(exclusions, { method: 'GET', path: { sendId }, headers })).body as {
    results: { contactId: string; reason: string; until?: string; rule?: string }[];
  };
const htmlOf = (mail: Mail | undefined) => parseMail(Buffer.from(mail?.raw ?? '', 'latin1')).html ?? '';
const tokensIn = (mail: Mail | undefined, path: 'c' | 'o') =>
  [...htmlOf(mail).matchAll(new RegExp(`https://public.test/${path}/([^"]+)`, 'g'))].map(([, token = '']) => token);
const follow = (token: string, more: { method?: string; headers?: Record<string, string> } = {}) =>
  call(click, { method: 'GET', path: { token }, headers: browser, ...more });
const ledgerOf = async (sendId: string) => (await stand.send(sendId)).ledger;

test('an e-mail goes out with the values of its reader, a way out, and heads that mail servers ask for', async () => {
  const [contact = ''] = await stand.contacts(1, { lastname: '髙﨑' });
  await sendTo([contact]);
  const { raw } = stand.mails[0] as Mail;
  const parsed = parseMail(Buffer.from(raw, 'latin1'));
  expect(parsed.subject).toBe('髙﨑様へ🎉【㈱髙島屋】秋の特集のご案内（第１弾）');
  expect(parsed.html).toContain('髙﨑様');
  expect(parsed.html).toContain('配信停止');
  expect(parsed.text).toContain('https://public.test/u/');
  expect(raw).toMatch(/^Reply-To: team@example\.co\.jp\r$/m);
  expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/public\.test\/u\//m);
  expect(raw).toMatch(/^Feedback-ID: \d+:2:email:tsunagi\r$/m);
  const words = [...raw.matchAll(/=\?UTF-8\?[BQ]\?[^?]*\?=/g)].map(([word]) => word.length);
  expect(Math.max(...words)).toBeLessThanOrEqual(75);
  // Addresses of mail and of our own pages are left as they are.
  expect(parsed.html).toContain('href="mailto:a@b.co"');
  expect(tokensIn(stand.mails[0], 'c')).toHaveLength(5);
});

test("a person's opening and click count once, lead to the link and nowhere else, and tell the log", async () => {
  const [contact = ''] = await stand.contacts(1);
  const sendId = await sendTo([contact]);
  const [first = ''] = tokensIn(stand.mails[0], 'c');
  const [picture = ''] = tokensIn(stand.mails[0], 'o');
  const shown = await call(open, { method: 'GET', path: { token: picture }, headers: browser });
  expect(shown).toMatchObject({
    status: 200,
    headers: { 'content-type': 'image/gif', 'cache-control': 'no-store, private' },
  });
  const answers = await Promise.all([follow(first), follow(first)]);
  expect(answers.map(({ status, headers: { location } }) => [status, location])).toEqual(
    Array(2).fill([302, 'https://shop.example/a?x=1&y=2']),
  );
  expect(await ledgerOf(sendId)).toMatchObject({ opened: 1, clicked: 1, scanned: 0, accepted: 1 });
  const clicks = (await stand.logOf(contact)).filter(({ type }) => type === 'email.clicked');
  expect(clicks).toHaveLength(2);
  expect(clicks[0]?.detail).toMatchObject({ sendId, url: 'https://shop.example/a?x=1&y=2' });
});

test('a program that follows everything counts apart, also what it did before it was found out; a person later counts', async () => {
  const [contact = ''] = await stand.contacts(1);
  const sendId = await sendTo([contact]);
  const tokens = tokensIn(stand.mails[0], 'c');
  for (const token of tokens.slice(0, 3)) await follow(token);
  expect(await ledgerOf(sendId)).toMatchObject({ clicked: 1, scanned: 0 });
  for (const token of tokens.slice(3)) await follow(token);
  expect(await ledgerOf(sendId)).toMatchObject({ clicked: 0, scanned: 1 });
  expect((await stand.logOf(contact)).find(({ type }) => type === 'email.scanned')?.detail).toMatchObject({
    clicks: 3,
  });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 });
  expect((await follow(tokens[0] ?? '')).status).toBe(302);
  expect(await ledgerOf(sendId)).toMatchObject({ clicked: 1, scanned: 1, opened: 0 });
});

test('a head, a forged token, one of another purpose and one that is too old count nothing and lead nowhere', async () => {
  const [contact = ''] = await stand.contacts(1);
  const sendId = await sendTo([contact]);
  const [first = ''] = tokensIn(stand.mails[0], 'c');
  await follow(first, { method: 'HEAD' });
  const claims = { sendId, contactId: contact, url: 'https://evil.example', link: '1' };
  const foreign = await signLink('open', claims, new Date(Date.now() + 60_000).toISOString());
  const old = await signLink('click', claims, new Date(Date.now() - 60_000).toISOString());
  expect((await follow(`${first.slice(0, -3)}abc`)).status).toBe(404);
  expect((await follow(foreign)).status).toBe(404);
  expect((await follow(old)).status).toBe(410);
  expect((await follow('x')).headers.location).toBeUndefined();
  expect((await call(open, { method: 'GET', path: { token: first }, headers: browser })).status).toBe(204);
  expect(await ledgerOf(sendId)).toMatchObject({ clicked: 0, opened: 0, scanned: 1 });
});

test('the news of the delivery takes back what was clicked before it', async () => {
  const [contact = ''] = await stand.contacts(1);
  const sendId = await sendTo([contact]);
  await follow(tokensIn(stand.mails[0], 'c')[0] ?? '');
  expect(await ledgerOf(sendId)).toMatchObject({ clicked: 1 });
  stand.tell(stand.mails[0] as Mail, 'Delivery', { time: new Date(Date.now() + 5000).toISOString() });
  await stand.drain();
  expect(await ledgerOf(sendId)).toMatchObject({ clicked: 0, scanned: 1, delivered: 1 });
});

test('a look at the audience says what then happens, and who is left out until when', async () => {
  const [fresh = '', tired = '', twice = ''] = await stand.contacts(3);
  const [homeless = ''] = await stand.contacts(1, { email: '' });
  const surveyId = await givenSurvey();
  await sendTo([tired], { surveyId, subscriptionTypeId: '1' });
  await put(setFatiguePolicy, { perPerson: { surveys: 1, days: 90 } });
  const audience = { listIds: [await stand.list([fresh, tired, twice, homeless]), await stand.list([twice])] };
  const sendId = await draftOf([], { surveyId, subscriptionTypeId: '1', audience });
  const found = await look(sendId);
  expect(found).toMatchObject({ status: 'DONE', toSend: 2, missingTokens: [] });
  expect(found.estimatedCost).toBeGreaterThan(0);
  const reasons = [
    { reason: 'DUPLICATE', count: 1 },
    { reason: 'NO_ADDRESS', count: 1 },
    { reason: 'FATIGUE', count: 1 },
  ];
  expect(found.excluded).toEqual(reasons);
  const held = (await excludedOf(sendId)).results.find(({ contactId }) => contactId === tired);
  expect(held).toMatchObject({ reason: 'FATIGUE', rule: 'PER_PERSON' });
  expect(Date.parse(held?.until ?? '') - Date.now()).toBeGreaterThan(89 * 86_400_000);
  expect(await stand.send(sendId)).toMatchObject({ preview: { toSend: 2 } });
  await stand.order(confirm, sendId);
  await stand.drain();
  expect(await stand.send(sendId)).toMatchObject({ ledger: { recipients: 2, accepted: 2 }, excluded: reasons });
});

test('a mail with gaps is not confirmed, and the answer names them; who loses a value afterwards is left out', async () => {
  const [full = '', empty = ''] = [...(await stand.contacts(1, { company: '髙島屋' })), ...(await stand.contacts(1))];
  const emailId = await givenEmail({}, '<p>{{ contact.company }}の{{ contact.jobtitle | default: "ご担当者" }}様</p>');
  const gaps = await draftOf([full, empty], { emailId });
  expect((await look(gaps)).missingTokens).toEqual([{ token: 'contact.company', contacts: 1, examples: [empty] }]);
  const refused = await call(confirm, { path: { sendId: gaps }, headers });
  expect(refused).toMatchObject({ status: 400, body: { context: { tokens: ['contact.company'] } } });
  const [loses = ''] = await stand.contacts(1, { company: '渋谷' });
  const fine = await draftOf([full, loses], { emailId });
  await stand.order(confirm, fine);
  await stand.drain({ queues: ['jobs'] });
  await call(update, {
    method: 'PATCH',
    path: { objectType: 'contacts', objectId: loses },
    body: { properties: { company: '' } },
    headers,
  });
  await stand.drain();
  expect(await ledgerOf(fine)).toMatchObject({ recipients: 2, accepted: 1, cancelled: 1 });
  expect(await stand.rows(fine, { state: 'CANCELLED' })).toMatchObject([{ contactId: loses, reason: 'MISSING_TOKEN' }]);
});

test('an e-mail that is a draft is previewed and not confirmed', async () => {
  const emailId = await givenEmail({ ready: undefined, state: 'DRAFT' }, '<p>x</p>');
  const sendId = await draftOf(await stand.contacts(1), { emailId });
  expect(await look(sendId)).toMatchObject({ toSend: 1 });
  expect((await call(confirm, { path: { sendId }, headers })).text).toContain('not published');
});

async function givenAdvertiser(id: string, contactIds: readonly string[]): Promise<void> {
  const deal = await createRecord(stand.app, '0-3', { dealname: id, advertiser_id: id });
  for (const contactId of contactIds)
    await associate(stand.app, { objectType: '0-1', id: contactId }, { objectType: '0-3', id: deal.id }, 'default');
}

test('two sends at once together never pass what an advertiser is asked', async () => {
  await put(setFatiguePolicy, { perAdvertiser: { surveys: 2, days: 90 } });
  const people = await stand.contacts(6);
  await givenAdvertiser('s00000000000001', people);
  const surveyId = await givenSurvey();
  const drafts = [
    await draftOf(people.slice(0, 3), { surveyId, subscriptionTypeId: '1' }),
    await draftOf(people.slice(3), { surveyId, subscriptionTypeId: '1' }),
  ];
  for (const sendId of drafts) expect((await look(sendId)).toSend).toBe(2);
  await Promise.all(drafts.map((sendId) => stand.order(confirm, sendId)));
  await stand.drain();
  expect(stand.mails).toHaveLength(2);
  const shown = await Promise.all(drafts.map((sendId) => stand.send(sendId)));
  expect(shown.flatMap(({ excluded }) => excluded).reduce((sum, { count }) => sum + count, 0)).toBe(4);
});

test('an open ticket in a pipeline of the policy holds its contact', async () => {
  await put(setFatiguePolicy, { holdWhileTicketOpenIn: ['0'] });
  const [calm = '', angry = ''] = await stand.contacts(2);
  const ticket = await createRecord(stand.app, '0-5', {
    subject: 'クレーム',
    hs_pipeline: '0',
    hs_pipeline_stage: '1',
  });
  await associate(stand.app, { objectType: '0-5', id: ticket.id }, { objectType: '0-1', id: angry }, 'default');
  const sendId = await sendTo([calm, angry]);
  expect(await stand.send(sendId)).toMatchObject({
    ledger: { recipients: 1 },
    excluded: [{ reason: 'FATIGUE', count: 1 }],
  });
  expect((await excludedOf(sendId)).results).toMatchObject([{ contactId: angry, rule: 'OPEN_TICKET' }]);
});

test('a contact that is merged between expansion and send gets one mail as the survivor, never two', async () => {
  const [one = '', other = '', third = ''] = await stand.contacts(3);
  const both = await draftOf([one, other]);
  const alone = await draftOf([third]);
  for (const sendId of [both, alone]) await stand.order(confirm, sendId);
  await stand.drain({ queues: ['jobs'] });
  const body = (objectIdToMerge: string) => ({ primaryObjectId: one, objectIdToMerge });
  for (const id of [other, third])
    expect((await call(merge, { path: { objectType: '0-1' }, body: body(id), headers })).status).toBe(200);
  await stand.drain();
  expect(stand.mails.map(({ tags }) => [tags.send, tags.contact]).sort()).toEqual(
    [
      [both, one],
      [alone, one],
    ].sort(),
  );
  for (const sendId of [both, alone]) {
    const send = await stand.send(sendId);
    expect(send.ledger).toMatchObject({ recipients: 2, accepted: 1, cancelled: 1, pending: 0 });
    expect(balance(send)).toBe(0);
  }
});

test('each recipient gets the mail when their own clocks show its time; nothing moves until then', async () => {
  const [tokyo = ''] = await stand.contacts(1);
  const [london = ''] = await stand.contacts(1, { hs_timezone: 'europe_slash_london' });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-03-01T00:00:00Z') });
  const sendId = await draftOf([tokyo, london], { scheduledAt: '2027-03-01T10:00:00', timeZone: 'recipient' });
  expect((await look(sendId)).estimatedEndAt?.slice(0, 13)).toBe('2027-03-01T10');
  await stand.order(confirm, sendId);
  await stand.drain();
  expect(stand.mails).toEqual([]);
  expect(stand.waiting.mail).toEqual([]);
  await stand.runAt('2027-03-01T01:00:30Z');
  expect(stand.mails.map(({ tags }) => tags.contact)).toEqual([tokyo]);
  await stand.runAt('2027-03-01T10:00:30Z');
  expect(stand.mails.map(({ tags }) => tags.contact)).toEqual([tokyo, london]);
  expect(await stand.send(sendId)).toMatchObject({ status: 'COMPLETED', localTime: '2027-03-01T10:00:00.000' });
});

test('outside of working hours mail waits in the ledger, and on days that the company is closed, too', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-03-04T12:00:00Z') });
  await put(setBusinessHours, { closedOn: ['2027-03-05'] });
  const sendId = await sendTo(await stand.contacts(2), { businessHours: true });
  await stand.runAt('2027-03-05T02:00:00Z');
  expect(stand.mails).toEqual([]);
  expect(await ledgerOf(sendId)).toMatchObject({ pending: 2 });
  await stand.runAt('2027-03-08T00:00:30Z');
  expect(stand.mails).toHaveLength(2);
  await put(setBusinessHours, { closedOn: [] });
});

test('a new domain sends what its plan allows on a day, and the rest on the next ones', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-04-01T01:00:00Z') });
  await put(setWarmUp, { startOn: '2027-04-01', perDay: [4, 10] });
  const sendId = await sendTo(await stand.contacts(7));
  expect(stand.mails).toHaveLength(4);
  expect(stand.waiting.mail).toEqual([]);
  await stand.runAt('2027-04-01T14:00:00Z');
  expect(stand.mails).toHaveLength(4);
  await stand.runAt('2027-04-01T15:01:00Z');
  expect(stand.mails).toHaveLength(7);
  expect(await ledgerOf(sendId)).toMatchObject({ accepted: 7, pending: 0 });
  await put(setWarmUp, { startOn: '2027-04-01', perDay: [] });
});

test('a sample is the same people whenever it is drawn', async () => {
  const people = await stand.contacts(60);
  const sendId = await draftOf(people, { sampling: { fraction: 0.5 } });
  const [first, again] = [await look(sendId), await look(sendId)];
  expect(first.toSend).toBe(again.toSend);
  expect(first.toSend).toBeGreaterThan(10);
  expect(first.toSend).toBeLessThan(50);
  await stand.order(confirm, sendId);
  await stand.drain();
  expect(await ledgerOf(sendId)).toMatchObject({ accepted: first.toSend });
});

test('a reminder reaches those who were asked and have not answered', async () => {
  const people = await stand.contacts(3);
  const surveyId = await givenSurvey();
  const asked = await sendTo(people, { surveyId, subscriptionTypeId: '1' });
  stand.mails.splice(0);
  await stand.answer(asked, people[0] ?? '');
  const audience = { listIds: [], notAnsweredOf: asked };
  const reminder = await sendTo([], { surveyId, subscriptionTypeId: '1', audience, parentSendId: asked });
  expect(await ledgerOf(reminder)).toMatchObject({ recipients: 2, accepted: 2 });
  expect(stand.mails.map(({ tags }) => tags.contact).sort()).toEqual(people.slice(1).sort());
});

test('what the table keeps of all these mails agrees', async () => {
  vi.useRealTimers();
  expect((await disagreements(stand)).filter(({ check }) => ['mail', 'send'].includes(check))).toEqual([]);
});
