import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { choose } from '../../../lib/subscriptions/choose.ts';
import { givenEmail } from '../../support/ready-email.ts';
import { givenLinkKeys } from '../../support/surveys.ts';
import { action, begin, formFlow, type Stand, startStand, submitted } from './stand.ts';

let stand: Stand;
let ownerId: string;
let count = 0;
beforeAll(async () => {
  stand = await startStand();
  givenLinkKeys();
  ownerId = await stand.owner('sato@example.co.jp');
});
afterAll(() => stand?.stop());
beforeEach(() => {
  count += 1;
  stand.ses.reset();
  stand.ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const begun = (actions: readonly { actionId: string }[]) => begin(stand, `${count}`, actions);
const table = () =>
  Object.getPrototypeOf(stand.app.table) as { commit: (writes: readonly Record<string, unknown>[]) => Promise<void> };

const mail = () => [
  action('1', '0-8', {
    subject: 'お問い合わせ {{ enrolled_object.email }}',
    body: '<p>{{ enrolled_object.lastname }} 様</p>',
    owner_ids: [ownerId],
    to: ['team@example.co.jp'],
  }),
];
const sesEvent = (id: string, eventType: string, key: string, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    id,
    source: 'aws.ses',
    'detail-type': 'x',
    time: '2026-11-22T04:00:00Z',
    detail: {
      eventType,
      mail: { messageId: 'ses-9', destination: ['team@example.co.jp'], tags: { message: [key] } },
      ...more,
    },
  });
const keyOf = async (run: Awaited<ReturnType<Awaited<ReturnType<typeof begun>>['run']>>) =>
  String(run?.steps[0]?.output?.messageKey);
const emailsIn = async (contact: { objectType: string; id: string }) =>
  (await stand.logOf(contact)).filter(({ type }) => type.startsWith('email.')).map(({ type }) => type);

test("an internal mail goes to owners and addresses, and SES's events are told once each in the record's log", async () => {
  const { contact, run, take } = await begun(mail());
  expect(await take()).toBe(true);
  const [sent, ...others] = stand.ses.commandCalls(SendRawEmailCommand);
  expect(others).toEqual([]);
  expect(sent?.args[0].input).toMatchObject({
    Source: 'crm@example.co.jp',
    Destinations: ['team@example.co.jp', 'sato@example.co.jp'],
    ConfigurationSetName: 'tsunagi',
  });
  const key = await keyOf(await run());
  expect(Buffer.from(sent?.args[0].input.RawMessage?.Data ?? []).toString()).toContain(`message=${key}`);
  const events = [
    sesEvent('e1', 'Send', key),
    sesEvent('e2', 'Delivery', key),
    sesEvent('e1', 'Send', key),
    sesEvent('e3', 'Send', 'foreign'),
  ];
  expect(await stand.deliver('settle', events)).toEqual([]);
  expect(await stand.deliver('settle', events)).toEqual([]);
  expect(await emailsIn(contact)).toEqual(['email.sent', 'email.delivered']);
});

test('a mail that SES throttled is sent later, once', async () => {
  const { take } = await begun(mail());
  stand.ses
    .on(SendRawEmailCommand)
    .rejectsOnce(
      Object.assign(new Error('Maximum sending rate exceeded'), {
        name: 'Throttling',
        $metadata: { httpStatusCode: 400 },
      }),
    )
    .resolves({ MessageId: 'ses-1' });
  expect(await take()).toBe(false);
  expect(await take()).toBe(true);
  expect(await take()).toBe(true);
  expect(stand.ses.commandCalls(SendRawEmailCommand)).toHaveLength(2);
});

test('a mail whose answer was lost is never sent again, and is settled by the event that names it', async () => {
  const { contact, run, take } = await begun(mail());
  stand.ses
    .on(SendRawEmailCommand)
    .rejects(Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' }));
  expect(await take()).toBe(true);
  expect(await take()).toBe(true);
  expect(stand.ses.commandCalls(SendRawEmailCommand)).toHaveLength(1);
  const done = await run();
  expect(done).toMatchObject({ status: 'COMPLETED', steps: [{ output: { state: 'UNKNOWN' } }] });
  await stand.deliver('settle', [sesEvent(`s${count}`, 'Send', await keyOf(done))]);
  expect(await emailsIn(contact)).toEqual(['email.sent']);
});

test('a mail whose sender died is never sent again', async () => {
  const { run, take } = await begun(mail());
  const { commit } = table();
  vi.spyOn(table(), 'commit').mockImplementation(function (this: unknown, writes) {
    const settles = writes.some((write) => 'set' in write && (write.set as { state?: string }).state === 'SENT');
    return settles ? Promise.reject(new Error('killed')) : commit.call(this, writes);
  });
  expect(await take()).toBe(false);
  vi.restoreAllMocks();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  expect(await take()).toBe(true);
  expect(stand.ses.commandCalls(SendRawEmailCommand)).toHaveLength(1);
  expect(await run()).toMatchObject({ status: 'COMPLETED', steps: [{ output: { state: 'UNKNOWN' } }] });
});

test('a mail that SES refuses fails the run with its words', async () => {
  const { run, take } = await begun(mail());
  stand.ses.on(SendRawEmailCommand).rejects(
    Object.assign(new Error('Email address is not verified.'), {
      name: 'MessageRejected',
      $metadata: { httpStatusCode: 400 },
    }),
  );
  expect(await take()).toBe(true);
  expect(await run()).toMatchObject({ status: 'FAILED', error: expect.stringContaining('not verified') });
});

test.each([
  ['bounced', 'Bounce', { bounce: { bounceType: 'Permanent' } }, 'BOUNCED'],
  ['complained of', 'Complaint', { complaint: {} }, 'COMPLAINED'],
] as const)('an address that %s gets no other mail of a flow', async (_, eventType, more, skipped) => {
  const toContact = () => [action('1', '0-4', { subject: 'ご案内', body: 'こんにちは' })];
  const first = await begun(toContact());
  await first.take();
  const to = String((await first.run())?.steps[0]?.output?.to);
  await stand.deliver('settle', [
    sesEvent(`bad${count}`, eventType, await keyOf(await first.run()), {
      ...more,
      mail: { destination: [to], tags: { message: [await keyOf(await first.run())] } },
    }),
  ]);
  const calls = stand.ses.commandCalls(SendRawEmailCommand).length;
  expect(await first.take()).toBe(true);
  const flowId = await stand.createFlow(formFlow(toContact(), `again${count}`));
  await stand.tell(submitted(first.contact, `again${count}`));
  await stand.drain();
  expect(stand.ses.commandCalls(SendRawEmailCommand)).toHaveLength(calls);
  expect(await stand.runsOf(flowId)).toMatchObject([{ status: 'COMPLETED', steps: [{ output: { skipped } }] }]);
});

test('a published e-mail goes to the enrolled contact once, with the way out; who left its kind is passed over', async () => {
  const parts = { subject: 'お知らせ', html: '<p>{{ contact.email }}</p>', text: '{{ contact.email }}' };
  const emailId = await givenEmail(stand.app, parts);
  const first = await begun([action('1', '0-4', { content_id: emailId })]);
  await first.take();
  await first.take();
  const [sent, ...others] = stand.ses.commandCalls(SendRawEmailCommand);
  expect(others).toEqual([]);
  const raw = String(Buffer.from(sent?.args[0].input.RawMessage?.Data ?? []));
  expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  const [to = ''] = sent?.args[0].input.Destinations ?? [];
  await choose(stand.app, { email: to }, [{ scope: '2', wanted: false, choice: { source: 'ONE_CLICK' } }]);
  const flowId = await stand.createFlow(formFlow([action('1', '0-4', { content_id: emailId })], `left${count}`));
  await stand.tell(submitted(first.contact, `left${count}`));
  await stand.drain();
  expect(await stand.runsOf(flowId)).toMatchObject([
    { status: 'COMPLETED', steps: [{ output: { skipped: 'UNSUBSCRIBED' } }] },
  ]);
  expect(stand.ses.commandCalls(SendRawEmailCommand)).toHaveLength(1);
});
