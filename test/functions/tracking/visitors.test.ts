import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as followMerge } from '../../../functions/tracking/follow-merge.ts';
import { handler as linkVisitor } from '../../../functions/tracking/link-visitor.ts';
import { handler as refresh } from '../../../functions/tracking/refresh.ts';
import { signLink } from '../../../lib/links/link.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { withIdentity } from '../../../lib/tracking/identity.ts';
import { findVisitor } from '../../../lib/tracking/visitor-store.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { deliverTo, formSent, givenLinkKeys, hutk, idAt, sends, view } from '../../support/tracking.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const secrets = givenLinkKeys();
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  secrets.restore();
  await database.close();
});

const page = 'https://lp.example.co.jp/';
const minutes = (count: number) => count * 60_000;
const contact = async (properties: Record<string, string> = {}) =>
  (await createRecord(database.app, '0-1', properties)).id;
const properties = async (id: string) => (await readRecord(database.app, '0-1', { id }))?.properties ?? {};
const visitor = (cookie: string) => findVisitor(database.app, cookie);
const told = (contactId: string, cookie: string) => deliverTo(refresh, { contactId, hutk: cookie });

test('page views are counted once, whether they come twice, late or at once', async () => {
  const cookie = hutk();
  const first = view(`${page}?utm_source=google&utm_medium=cpc&utm_campaign=spring`, { agoMs: minutes(50) });
  const second = view(`${page}price`, { referrer: page, agoMs: minutes(49) });
  const third = view(`${page}case`, { agoMs: minutes(2) });
  expect((await sends(cookie, [third])).status).toBe(204);
  await Promise.all([sends(cookie, [second, first]), sends(cookie, [first]), sends(cookie, [third, second])]);
  expect(await visitor(cookie)).toMatchObject({
    pageViews: 3,
    first: { source: 'PAID_SEARCH', data1: 'spring', campaign: 'spring' },
    lastUrl: `${page}case`,
  });
});

test('a visit ends after half an hour, and when the next one comes from elsewhere', async () => {
  const cookie = hutk();
  await sends(cookie, [view(page, { referrer: 'https://www.google.co.jp/', agoMs: minutes(200) })]);
  await sends(cookie, [view(`${page}a`, { referrer: page, agoMs: minutes(190) })]);
  await sends(cookie, [view(page, { agoMs: minutes(100) })]);
  await sends(cookie, [view(page, { referrer: 'https://t.co/abc', agoMs: minutes(95) })]);
  expect(await visitor(cookie)).toMatchObject({
    pageViews: 4,
    visits: 3,
    first: { source: 'ORGANIC_SEARCH' },
    latest: { source: 'SOCIAL_MEDIA', data1: 'X' },
  });
});

test('a form makes the visitor the contact, with its whole history and a conversion; once', async () => {
  const cookie = hutk();
  await sends(cookie, [
    view(`${page}?utm_source=mag&utm_medium=email&utm_campaign=nov&email=a@b.jp`, { agoMs: minutes(5) }),
    view(`${page}form`, { referrer: page }),
  ]);
  const id = await contact({ lastname: '佐藤' });
  const event = formSent(id, cookie, { pageName: '資料請求' });
  await Promise.all([deliverTo(linkVisitor, event), deliverTo(linkVisitor, event)]);
  await deliverTo(linkVisitor, event);
  expect(await properties(id)).toMatchObject({
    hs_analytics_source: 'EMAIL_MARKETING',
    hs_analytics_source_data_1: 'nov',
    hs_analytics_first_url: `${page}?utm_source=mag&utm_medium=email&utm_campaign=nov`,
    hs_analytics_first_touch_converting_campaign: 'nov',
    hs_analytics_num_page_views: '2',
    hs_analytics_num_visits: '1',
    hs_analytics_last_url: `${page}form`,
    hs_latest_source: 'EMAIL_MARKETING',
    num_conversion_events: '1',
    first_conversion_event_name: '資料請求: f',
  });
  await deliverTo(linkVisitor, formSent(id, cookie));
  expect(await properties(id)).toMatchObject({ num_conversion_events: '2', recent_conversion_event_name: 'f' });
});

test('a form that overtook its page view links the visitor when the view comes', async () => {
  const cookie = hutk();
  const id = await contact();
  await deliverTo(linkVisitor, formSent(id, cookie));
  expect((await properties(id)).hs_analytics_source).toBeUndefined();
  await sends(cookie, [view(page, { referrer: 'https://search.yahoo.co.jp/search' })]);
  await told(id, cookie);
  expect(await properties(id)).toMatchObject({
    hs_analytics_source: 'ORGANIC_SEARCH',
    hs_analytics_num_page_views: '1',
  });
});

test('without a browser that tells, the page of the form says where its visitor came from; a visit that is known goes before', async () => {
  const [cookie, id] = [hutk(), await contact()];
  const pageUri = `${page}form?utm_source=google&utm_medium=cpc&utm_campaign=x&email=a@b.jp`;
  await deliverTo(linkVisitor, formSent(id, undefined, { pageUri }));
  expect(await properties(id)).toMatchObject({
    hs_analytics_source: 'PAID_SEARCH',
    hs_analytics_first_url: `${page}form?utm_source=google&utm_medium=cpc&utm_campaign=x`,
    hs_analytics_num_page_views: '0',
  });
  await sends(cookie, [view(page, { referrer: 'https://www.bing.com/', agoMs: minutes(30) })]);
  await deliverTo(linkVisitor, formSent(id, cookie, { pageUri: `${page}form` }));
  expect(await properties(id)).toMatchObject({
    hs_analytics_source: 'ORGANIC_SEARCH',
    hs_analytics_num_page_views: '1',
  });
});

test('a second browser adds to the contact: the earliest first touch, the sum of the views', async () => {
  const [office, phone, id] = [hutk(), hutk(), await contact()];
  await sends(office, [view(page, { referrer: 'https://note.com/x/n/1', agoMs: minutes(10) })]);
  await sends(phone, [view(page, { referrer: 'https://l.facebook.com/', agoMs: minutes(600) }), view(`${page}b`)]);
  await deliverTo(linkVisitor, formSent(id, office));
  expect(await properties(id)).toMatchObject({ hs_analytics_source_data_1: 'note' });
  await deliverTo(linkVisitor, formSent(id, phone));
  expect(await properties(id)).toMatchObject({
    hs_analytics_source: 'SOCIAL_MEDIA',
    hs_analytics_source_data_1: 'Facebook',
    hs_analytics_num_page_views: '3',
    hs_analytics_num_visits: '3',
  });
});

test('later page views of a known visitor reach the contact, together and with no more than one change', async () => {
  const [cookie, id] = [hutk(), await contact()];
  await sends(cookie, [view(page)]);
  await deliverTo(linkVisitor, formSent(id, cookie));
  const before = (await readRecord(database.app, '0-1', { id }))?.version ?? 0;
  await sends(cookie, [view(`${page}1`, { referrer: page })]);
  await sends(cookie, [view(`${page}2`, { referrer: page })]);
  await Promise.all([told(id, cookie), told(id, cookie)]);
  await told(id, cookie);
  expect(await readRecord(database.app, '0-1', { id })).toMatchObject({
    version: before + 1,
    properties: { hs_analytics_num_page_views: '3', hs_analytics_last_url: `${page}2` },
  });
});

test('a mail’s link tells who clicked, on hosts that run the script; nothing else is made longer', async () => {
  const [cookie, id] = [hutk(), await contact()];
  expect(await withIdentity(database.app, 'https://other.example/?a=1', id)).toBe('https://other.example/?a=1');
  await sends(hutk(), [view('https://shop.example.co.jp/')]);
  const url = new URL(await withIdentity(database.app, 'https://shop.example.co.jp/?a=1#x', id));
  expect(url.href).toMatch(/^https:\/\/shop\.example\.co\.jp\/\?a=1&_ts_id=/);
  const identity = url.searchParams.get('_ts_id');
  await sends(cookie, [view('https://shop.example.co.jp/?utm_source=x&utm_medium=email')], { identity });
  await told(id, cookie);
  expect(await properties(id)).toMatchObject({ hs_analytics_source: 'EMAIL_MARKETING' });
});

test('a forwarded mail does not make two people one, and a forged or old link tells nothing', async () => {
  const [cookie, one, other] = [hutk(), await contact(), await contact()];
  await sends(cookie, [view(page)]);
  await deliverTo(linkVisitor, formSent(one, cookie));
  const later = new Date(Date.now() + minutes(10)).toISOString();
  await sends(cookie, [view(`${page}a`)], { identity: await signLink('visitor', { contact: other }, later) });
  expect(await visitor(cookie)).toMatchObject({ contactId: one });
  const stranger = hutk();
  const past = new Date(Date.now() - 1000).toISOString();
  await sends(stranger, [view(page)], { identity: await signLink('visitor', { contact: other }, past) });
  await sends(stranger, [view(page)], { identity: await signLink('survey', { contact: other }, later) });
  await sends(stranger, [view(page)], { identity: 'x.y.z' });
  expect((await visitor(stranger))?.contactId).toBeUndefined();
});

test('a shared computer: who sends a form next begins with this visit, and what was before stays with the other', async () => {
  const [cookie, one, other] = [hutk(), await contact(), await contact()];
  await sends(cookie, [view(page, { referrer: 'https://www.bing.com/', agoMs: minutes(120) })]);
  await deliverTo(linkVisitor, formSent(one, cookie));
  await sends(cookie, [view(`${page}x`, { referrer: 'https://t.co/1' })]);
  await deliverTo(linkVisitor, formSent(other, cookie));
  await sends(cookie, [view(`${page}y`, { referrer: page })]);
  await told(one, cookie);
  await told(other, cookie);
  expect(await properties(one)).toMatchObject({
    hs_analytics_source: 'ORGANIC_SEARCH',
    hs_analytics_num_page_views: '2',
  });
  expect(await properties(other)).toMatchObject({
    hs_analytics_source: 'SOCIAL_MEDIA',
    hs_analytics_num_page_views: '2',
    hs_analytics_num_visits: '1',
  });
  await deliverTo(linkVisitor, formSent(one, cookie));
  await deliverTo(linkVisitor, formSent(other, cookie));
  expect(await visitor(cookie)).toMatchObject({ contactId: other });
});

test('contacts that are merged have one history', async () => {
  const [a, b, one, other] = [hutk(), hutk(), await contact(), await contact()];
  await sends(a, [view(page, { agoMs: minutes(5) })]);
  await sends(b, [view(page, { referrer: 'https://chatgpt.com/', agoMs: minutes(60) }), view(`${page}z`)]);
  await deliverTo(linkVisitor, formSent(one, a));
  await deliverTo(linkVisitor, formSent(other, b));
  await mergeRecords(database.app, { objectType: '0-1', primaryId: one, otherId: other });
  await deliverTo(followMerge, formSent(one));
  await deliverTo(followMerge, formSent(other));
  expect(await properties(one)).toMatchObject({
    hs_analytics_source: 'AI_REFERRALS',
    hs_analytics_num_page_views: '3',
    num_conversion_events: '2',
  });
});

test('a source that somebody chose stays', async () => {
  const [cookie, id] = [hutk(), await contact({ hs_analytics_source: 'OFFLINE' })];
  await sends(cookie, [view(page, { referrer: 'https://t.co/1' })]);
  await deliverTo(linkVisitor, formSent(id, cookie));
  expect(await properties(id)).toMatchObject({ hs_analytics_source: 'OFFLINE', hs_latest_source: 'SOCIAL_MEDIA' });
});

test('programs leave no trace, a batch of another shape is refused, and a wrong clock is put right', async () => {
  const cookie = hutk();
  for (const agent of ['Googlebot/2.1', 'curl/8.0', 'HeadlessChrome/140', ''])
    expect((await sends(cookie, [view(page)], {}, agent)).status).toBe(204);
  expect(await visitor(cookie)).toBeUndefined();
  for (const events of [[], [{ type: 'view' }], Array.from({ length: 21 }, () => view(page)), 'x'])
    expect((await sends(cookie, events as unknown[])).status).toBe(400);
  expect((await sends('nobody', [view(page)])).status).toBe(400);
  expect(
    (await sends(cookie, [view(`${page}${'x'.repeat(1900)}`)].concat(Array(9).fill(view('x'.repeat(2000)))))).status,
  ).toBe(413);
  const future = view(page, { id: idAt(Date.now() + 86_400_000) });
  await sends(cookie, [future]);
  await sends(cookie, [future, future]);
  const seen = await visitor(cookie);
  expect(seen).toMatchObject({ pageViews: 1 });
  expect(Date.parse(seen?.lastAt ?? '')).toBeLessThanOrEqual(Date.now());
});

test('in the end everything agrees', async () => {
  expect(await disagreements(database)).toEqual([]);
});
