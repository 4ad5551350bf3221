import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as definitions } from '../../../functions/subscriptions/definitions.ts';
import { handler as setStatus } from '../../../functions/subscriptions/set-status.ts';
import { handler as status } from '../../../functions/subscriptions/status.ts';
import { handler as subscribe } from '../../../functions/subscriptions/subscribe.ts';
import { handler as unsubscribe } from '../../../functions/subscriptions/unsubscribe.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { eventsOf } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const headers = bearer();
const post = (handler: unknown, body: unknown) => call(handler, { body, headers });
type Statuses = { recipient: string; subscriptionStatuses: { id: string; status: string }[] };
const statusesOf = async (emailAddress: string) => {
  const answer = await call(status, { method: 'GET', path: { emailAddress }, headers });
  return Object.fromEntries((answer.body as Statuses).subscriptionStatuses.map(({ id, status }) => [id, status]));
};

test('the kinds of mail are there from the start', async () => {
  const answer = await call(definitions, { method: 'GET', headers });
  const { subscriptionDefinitions } = answer.body as { subscriptionDefinitions: { id: string; name: string }[] };
  expect(subscriptionDefinitions.map(({ id, name }) => [id, name])).toEqual([
    ['1', 'アンケート'],
    ['2', 'お知らせ・キャンペーン'],
    ['3', 'ご依頼・ご確認'],
  ]);
});

test('an address that nobody knows gets every kind; what it leaves it does not get, however it is written', async () => {
  expect(await statusesOf('new@example.co.jp')).toEqual({ 1: 'SUBSCRIBED', 2: 'SUBSCRIBED', 3: 'SUBSCRIBED' });
  const left = await post(unsubscribe, { emailAddress: ' New@Example.co.jp', subscriptionId: '2' });
  expect(left).toMatchObject({ status: 200, body: { id: '2', status: 'NOT_SUBSCRIBED' } });
  expect(await statusesOf('NEW@example.co.jp')).toEqual({ 1: 'SUBSCRIBED', 2: 'NOT_SUBSCRIBED', 3: 'SUBSCRIBED' });
});

test('a no is the word of who has the address: only with a legal basis, and by v4, a client takes it back', async () => {
  const address = 'left@example.co.jp';
  const body = { emailAddress: address, subscriptionId: '2' };
  expect((await post(unsubscribe, body)).status).toBe(200);
  expect(await post(unsubscribe, body)).toMatchObject({
    status: 400,
    body: { category: 'VALIDATION_ERROR', message: `${address} is already unsubscribed from subscription 2` },
  });
  expect(await post(subscribe, body)).toMatchObject({
    status: 400,
    body: { message: `Subscription 2 for ${address} cannot be updated because they have unsubscribed` },
  });
  const wish = { channel: 'EMAIL', statusState: 'SUBSCRIBED', subscriptionId: 2 };
  const path = { subscriberIdString: address };
  expect((await call(setStatus, { path, body: wish, headers })).status).toBe(400);
  const basis = { legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: '展示会で名刺をいただいた' };
  expect(await call(setStatus, { path, body: { ...wish, ...basis }, headers })).toMatchObject({
    status: 200,
    body: {
      status: 'COMPLETE',
      results: [{ status: 'SUBSCRIBED', setStatusSuccessReason: 'RESUBSCRIBE_OCCURRED', source: 'API', ...basis }],
    },
  });
  expect(await post(subscribe, body)).toMatchObject({
    status: 400,
    body: { message: `${address} is already subscribed to subscription 2` },
  });
});

test("a change is told once in the log of the address's contact, who did it included", async () => {
  const { id } = await createRecord(database.app, '0-1', { email: 'known@example.co.jp' });
  const body = { emailAddress: 'known@example.co.jp', subscriptionId: '1' };
  await post(unsubscribe, body);
  await post(unsubscribe, body);
  const changes = (await eventsOf(database, id)).filter(({ type }) => type === 'subscription.changed');
  expect(changes).toMatchObject([
    {
      detail: {
        subscriptionTypeId: '1',
        status: 'NOT_SUBSCRIBED',
        source: 'API',
        actor: { kind: 'token', id: '1' },
      },
    },
  ]);
});

test('twenty clients at once leave one state, and every change of it is told', async () => {
  const { id } = await createRecord(database.app, '0-1', { email: 'busy@example.co.jp' });
  const body = { emailAddress: 'busy@example.co.jp', subscriptionId: '1' };
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => post(n % 2 === 0 ? unsubscribe : subscribe, body)),
  );
  // Who comes second is told that it is so already, or that the address left.
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  expect(answers.every(({ status }) => status === 200 || status === 400)).toBe(true);
  const told = (await eventsOf(database, id)).filter(({ type }) => type === 'subscription.changed');
  expect(told.at(-1)?.detail.status).toBe((await statusesOf('busy@example.co.jp'))['1']);
});

test.each([
  ['an address that is none', { emailAddress: 'nobody', subscriptionId: '1' }],
  ['a kind that there is not', { emailAddress: 'a@example.co.jp', subscriptionId: '77' }],
  ['a legal basis that there is not', { emailAddress: 'a@example.co.jp', subscriptionId: '1', legalBasis: 'BECAUSE' }],
  ['a body without an address', { subscriptionId: '1' }],
])('%s is a 400', async (_, body) => {
  expect(await post(subscribe, body)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  expect((await post(unsubscribe, body)).status).toBe(400);
});
