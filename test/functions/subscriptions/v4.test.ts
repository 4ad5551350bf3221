import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as show } from '../../../functions/pages/show-unsubscribe.ts';
import { handler as press } from '../../../functions/pages/unsubscribe.ts';
import { handler as batchSet } from '../../../functions/subscriptions/batch-set-statuses.ts';
import { handler as batchStatuses } from '../../../functions/subscriptions/batch-statuses.ts';
import { handler as batchUnsubscribeAll } from '../../../functions/subscriptions/batch-unsubscribe-all.ts';
import { handler as batchWide } from '../../../functions/subscriptions/batch-wide-statuses.ts';
import { handler as definitions } from '../../../functions/subscriptions/definitions-v4.ts';
import { handler as generateLinks } from '../../../functions/subscriptions/generate-links.ts';
import { handler as statuses } from '../../../functions/subscriptions/statuses.ts';
import { handler as unsubscribeAll } from '../../../functions/subscriptions/unsubscribe-all.ts';
import { handler as wideStatus } from '../../../functions/subscriptions/wide-status.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { givenLinkKeys } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
  givenLinkKeys();
});
afterAll(() => database.close());

const headers = bearer();
const query = { channel: 'EMAIL' };
type Status = { subscriptionId: number; status: string; setStatusSuccessReason?: string };
type Answer = { results: Status[]; numErrors?: number; errors?: { context: Record<string, string[]> }[] };
const statusesOf = async (subscriberIdString: string) => {
  const { body } = await call(statuses, { method: 'GET', path: { subscriberIdString }, query, headers });
  return Object.fromEntries((body as Answer).results.map(({ subscriptionId, status }) => [subscriptionId, status]));
};

test('definitions come in HubSpot’s wrapper, with both languages when they are asked for', async () => {
  const { body } = await call(definitions, { method: 'GET', query: { includeTranslations: 'true' }, headers });
  expect(body).toMatchObject({ status: 'COMPLETE', startedAt: expect.any(String), completedAt: expect.any(String) });
  expect((body as { results: unknown[] }).results[0]).toMatchObject({
    id: '1',
    isDefault: true,
    subscriptionTranslations: [
      { languageCode: 'ja', name: 'アンケート' },
      { languageCode: 'en', name: 'Surveys' },
    ],
  });
});

test('no mail at all: told by each kind, by the whole, and only in detail when it is asked for', async () => {
  const path = { subscriberIdString: 'Quiet@example.co.jp' };
  expect(await statusesOf('quiet@example.co.jp')).toEqual({
    1: 'NOT_SPECIFIED',
    2: 'NOT_SPECIFIED',
    3: 'NOT_SPECIFIED',
  });
  expect(await call(unsubscribeAll, { path, query, headers })).toMatchObject({ status: 200, body: { results: [] } });
  const again = await call(unsubscribeAll, { path, query: { ...query, verbose: 'true' }, headers });
  expect((again.body as Answer).results).toHaveLength(3);
  expect(await statusesOf('quiet@example.co.jp')).toEqual({ 1: 'UNSUBSCRIBED', 2: 'UNSUBSCRIBED', 3: 'UNSUBSCRIBED' });
  expect(await call(wideStatus, { method: 'GET', path, query, headers })).toMatchObject({
    body: { results: [{ status: 'UNSUBSCRIBED', wideStatusType: 'PORTAL_WIDE' }] },
  });
});

test('a batch does what it can and names each input that failed', async () => {
  const wish = { channel: 'EMAIL', statusState: 'UNSUBSCRIBED' };
  const inputs = [
    { ...wish, subscriberIdString: 'a@example.co.jp', subscriptionId: 1 },
    { ...wish, subscriberIdString: 'nobody', subscriptionId: 1 },
    { ...wish, subscriberIdString: 'a@example.co.jp', subscriptionId: 77 },
    { ...wish, subscriberIdString: 'a@example.co.jp', subscriptionId: 1 },
  ];
  const answer = await call(batchSet, { body: { inputs }, headers });
  const { results, numErrors, errors } = answer.body as Answer;
  expect(answer.status).toBe(200);
  expect(results.map((result) => result.setStatusSuccessReason)).toEqual([
    'REQUESTED_CHANGE_OCCURRED',
    'NO_STATUS_CHANGE',
  ]);
  expect([numErrors, errors?.[0]?.context.subscriberIdString]).toEqual([2, ['nobody']]);
  const many = { inputs: ['a@example.co.jp', 'nobody', 'b@example.co.jp'] };
  for (const handler of [batchStatuses, batchWide]) {
    const read = await call(handler, { body: many, query, headers });
    expect([read.status, (read.body as Answer).results.length, (read.body as Answer).numErrors]).toEqual([207, 2, 1]);
  }
  expect((await call(batchUnsubscribeAll, { body: many, query, headers })).body).toMatchObject({ numErrors: 1 });
  expect(await statusesOf('b@example.co.jp')).toMatchObject({ 2: 'UNSUBSCRIBED' });
});

test.each([
  ['no input', { inputs: [] }],
  ['more than a hundred', { inputs: Array.from({ length: 101 }, (_, n) => `a${n}@example.co.jp`) }],
  ['something else than addresses', { inputs: [{}] }],
])('a batch of %s is a 400', async (_, body) => {
  expect((await call(batchStatuses, { body, query, headers })).status).toBe(400);
});

test('a generated link lists every kind of mail; what its boxes say is stored, and the rest stays', async () => {
  const body = { subscriberIdString: 'link@example.co.jp', subscriptionId: 2, language: 'en' };
  const { body: links } = await call(generateLinks, { body, query, headers });
  const { managePreferencesUrl, unsubscribeAllUrl, unsubscribeSingleUrl } = links as Record<string, string>;
  const tokenOf = (url: string | undefined) => new URL(url ?? '').pathname.split('/').at(-1) ?? '';
  const open = async (url: string | undefined) =>
    (await call(show, { method: 'GET', path: { token: tokenOf(url) }, query: { lang: 'en' } })).text;
  const page = await open(managePreferencesUrl);
  expect(page.match(/type="checkbox" name="kind" value="\d+" checked/g)).toHaveLength(3);
  expect(await open(unsubscribeAllUrl)).toContain('All mail');
  expect(await open(unsubscribeSingleUrl)).toContain('News and campaigns');
  const post = (text: string) => call(press, { path: { token: tokenOf(managePreferencesUrl) }, body: text });
  expect((await post('action=save&was=1&was=2&was=3&kind=1&kind=3')).text).toContain('設定を保存しました');
  expect(await statusesOf('link@example.co.jp')).toEqual({ 1: 'NOT_SPECIFIED', 2: 'UNSUBSCRIBED', 3: 'NOT_SPECIFIED' });
  // One click of a mail program on a link to everything stops everything.
  await call(press, { path: { token: tokenOf(unsubscribeAllUrl) }, body: 'List-Unsubscribe=One-Click' });
  expect(await open(managePreferencesUrl)).toContain('All mail is stopped');
  await post('action=save&kind=1');
  expect(await statusesOf('link@example.co.jp')).toEqual({ 1: 'SUBSCRIBED', 2: 'UNSUBSCRIBED', 3: 'UNSUBSCRIBED' });
});
