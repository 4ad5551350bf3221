import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handler as notify } from '../../../functions/forms/notify.ts';
import { handler as confirm } from '../../../functions/pages/confirm-subscription.ts';
import { handler as showConfirmation } from '../../../functions/pages/show-confirmation.ts';
import { evidenceOf } from '../../../lib/consents/evidence.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { choose } from '../../../lib/subscriptions/choose.ts';
import { findSubscription } from '../../../lib/subscriptions/store.ts';
import { createSubscriptionType } from '../../../lib/subscriptions/type-change.ts';
import { createUser } from '../../../lib/users/store.ts';
import { call } from '../../support/call.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { enquiry, eventsOf, givenForm, post, submissionsOf } from '../../support/forms.ts';
import { givenLinkKeys } from '../../support/surveys.ts';

const ses = mockClient(SESClient);
let database: Database;
let typeId: string;
beforeAll(async () => {
  givenLinkKeys();
  database = await startDatabase();
  const words = { ja: '製品ニュース', en: 'Product news' };
  typeId = (
    await createSubscriptionType(database.app, {
      name: words,
      description: words,
      purpose: 'Marketing',
      optIn: 'DOUBLE',
      communicationMethod: 'Email',
      isActive: true,
      isInternal: false,
    })
  ).id;
});
beforeEach(() => {
  ses.reset();
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'm' });
});
afterAll(() => database.close());
afterEach(() => vi.useRealTimers());

type Told = { to: string; text: string };
const mails = (): Told[] =>
  ses.commandCalls(SendRawEmailCommand).map(({ args: [{ input }] }) => {
    const raw = Buffer.from(input.RawMessage?.Data ?? []).toString();
    const [head = '', body = ''] = raw.split(/\r\n\r\n/);
    const encoding = /content-transfer-encoding: (\S+)/i.exec(head)?.[1];
    const text =
      encoding === 'base64'
        ? Buffer.from(body, 'base64').toString()
        : body.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    return { to: (input.Destinations ?? []).join(), text };
  });

/** Lets the worker hear of all submissions of a form, twice. */
async function tell(formId: string): Promise<void> {
  const [submission] = await submissionsOf(database, formId);
  const details = await eventsOf(database, submission?.contactId ?? '', 'form.submitted');
  const records = details
    .filter((detail) => detail.formId === formId)
    .map((detail, n) => ({
      messageId: String(n),
      body: JSON.stringify({ 'detail-type': 'form.submitted', source: 'tsunagi', detail }),
    }));
  for (const Records of [records, records])
    expect(await notify({ Records } as never)).toEqual({ batchItemFailures: [] });
}

const formWithBox = () =>
  givenForm(enquiry, {
    legalConsentOptions: {
      type: 'implicit_consent_to_process',
      privacyText: '方針',
      communicationsCheckboxes: [
        { subscriptionTypeId: Number(typeId), label: '製品ニュースを受け取る', required: false },
      ],
    },
  });
const ticked = (value: boolean) => ({
  consent: {
    consentToProcess: true,
    text: '方針',
    communications: [{ value, subscriptionTypeId: Number(typeId), text: '製品ニュースを受け取る' }],
  },
});
const statusOf = async (email: string) => (await findSubscription(database.app, email))?.types[typeId]?.status;
const open = (token: string) => call(showConfirmation, { method: 'GET', path: { token } });
const press = (token: string) => call(confirm, { path: { token }, body: 'action=confirm' });
const tokenIn = (text: string) => /\/confirm\/([\w.-]+)/.exec(text)?.[1] ?? '';

test('without the tick no mail asks for anything, and the refusal is noted', async () => {
  const formId = await formWithBox();
  await post(formId, { email: 'no@example.com' }, { legalConsentOptions: ticked(false) });
  await tell(formId);
  expect(mails()).toEqual([]);
  expect(await statusOf('no@example.com')).toBeUndefined();
});

test('a tick waits until the button behind the link of the mail is pressed; opening the link changes nothing', async () => {
  const formId = await formWithBox();
  await post(formId, { email: 'yes@example.com' }, { legalConsentOptions: ticked(true) });
  expect(await statusOf('yes@example.com')).toBe('PENDING');
  await tell(formId);
  expect(mails().map(({ to }) => to)).toEqual(['yes@example.com']);
  const token = tokenIn(mails()[0]?.text ?? '');
  expect((await open(token)).text).toContain('yes@example.com');
  expect(await statusOf('yes@example.com')).toBe('PENDING');
  expect((await press(token)).text).toContain('お送りします');
  expect(await statusOf('yes@example.com')).toBe('SUBSCRIBED');
  expect((await press(token)).status).toBe(200);
  const { results } = await evidenceOf(database.app, { email: 'yes@example.com', limit: 10 });
  expect(results.map(({ kind, shownText }) => [kind, shownText])).toEqual(
    expect.arrayContaining([
      ['GIVEN', '製品ニュースを受け取る'],
      ['CONFIRMED', expect.stringContaining('yes@example.com')],
    ]),
  );
});

test('somebody who types one address into forms again and again sends it one mail a day', async () => {
  const formId = await formWithBox();
  for (const message of ['一', '二', '三'])
    await post(formId, { email: 'victim@example.com', message }, { legalConsentOptions: ticked(true) });
  await tell(formId);
  expect(mails()).toHaveLength(1);
});

test('a link whose time is over says so, a forged one opens nothing', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const formId = await formWithBox();
  await post(formId, { email: 'late@example.com' }, { legalConsentOptions: ticked(true) });
  await tell(formId);
  const token = tokenIn(mails()[0]?.text ?? '');
  vi.setSystemTime(Date.now() + 8 * 86_400_000);
  expect((await open(token)).status).toBe(410);
  expect((await press(token)).status).toBe(410);
  expect((await open('forged')).status).toBe(404);
  expect(await statusOf('late@example.com')).toBe('PENDING');
});

test('those whom the form names and the owner of the contact each get one mail with what was sent', async () => {
  const owner = await createUser(database.app, { email: 'owner@tsunagi.example' });
  await createRecord(database.app, '0-1', { email: 'owned@example.com', hubspot_owner_id: owner.id });
  const formId = await givenForm(enquiry, {
    configuration: {
      notifyContactOwner: true,
      notifyRecipients: [owner.id, 'Desk@tsunagi.example', '99999999', 'nobody'],
    },
  });
  await post(
    formId,
    { email: 'owned@example.com', message: '<b>至急</b>' },
    { context: { pageUri: 'https://lp.example/' } },
  );
  await tell(formId);
  expect(
    mails()
      .map(({ to }) => to)
      .sort(),
  ).toEqual(['desk@tsunagi.example', 'owner@tsunagi.example']);
  const raw = ses.commandCalls(SendRawEmailCommand)[0]?.args[0].input.RawMessage?.Data;
  expect(Buffer.from(raw ?? []).toString()).not.toContain('text/html');
});

test('after a no to all mail an old link brings nothing back; a new tick asks anew', async () => {
  const formId = await formWithBox();
  const email = 'gone@example.com';
  await post(formId, { email }, { legalConsentOptions: ticked(true) });
  await tell(formId);
  const token = tokenIn(mails()[0]?.text ?? '');
  const leave = { scope: 'all', wanted: false, choice: { source: 'PAGE' as const } };
  await choose(database.app, { email }, [leave]);
  expect((await press(token)).text).toContain('取り消されている');
  expect(await findSubscription(database.app, email)).toMatchObject({ all: { status: 'NOT_SUBSCRIBED' }, types: {} });
  await post(formId, { email, message: 'もう一度' }, { legalConsentOptions: ticked(true) });
  expect((await press(token)).text).toContain('お送りします');
  expect((await findSubscription(database.app, email))?.all).toBeUndefined();
});

test('an interest of the sender brings nobody back who left', async () => {
  const formId = await givenForm(enquiry, {
    legalConsentOptions: { type: 'legitimate_interest', lawfulBasis: 'lead', subscriptionTypeIds: [2] },
  });
  const email = 'left@example.com';
  const legitimateInterest = { value: true, subscriptionTypeId: 2, legalBasis: 'LEAD', text: '方針' };
  await choose(database.app, { email }, [{ scope: '2', wanted: false, choice: { source: 'PAGE' } }]);
  expect((await post(formId, { email }, { legalConsentOptions: { legitimateInterest } })).status).toBe(200);
  expect((await findSubscription(database.app, email))?.types['2']?.status).toBe('NOT_SUBSCRIBED');
  const { results } = await evidenceOf(database.app, { email, limit: 10 });
  expect(results.map(({ kind }) => kind)).toEqual(['WITHDRAWN']);
});
