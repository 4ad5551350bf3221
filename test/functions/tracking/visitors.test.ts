import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as sendEvent } from '../../../functions/events/send.ts';
import { handler as gdprDelete } from '../../../functions/objects/gdpr-delete.ts';
import { handler as timeline } from '../../../functions/timeline/list.ts';
import { handler as followMerge } from '../../../functions/tracking/follow-merge.ts';
import { handler as linkVisitor } from '../../../functions/tracking/link-visitor.ts';
import { handler as refresh } from '../../../functions/tracking/refresh.ts';
import { createDefinition } from '../../../lib/custom-events/definitions.ts';
import { listOccurrences } from '../../../lib/custom-events/occurrences.ts';
import { signLink } from '../../../lib/links/link.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { visitorPartition } from '../../../lib/table/tracking-keys.ts';
import { withIdentity } from '../../../lib/tracking/identity.ts';
import { findVisitor } from '../../../lib/tracking/visitor-store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { mockJobs } from '../../support/reports.ts';
import { givenLinkKeys, hutk, idAt, sends, view } from '../../support/tracking.ts';

let database: Database;
const secrets = givenLinkKeys();
const jobs = mockJobs();
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  secrets.restore();
  jobs.restore();
  await database.close();
});

const page = 'https://lp.example.co.jp/';
const minutes = (count: number) => count * 60_000;
const rowsOf = async (pk: string) =>
  (await database.app.table.all({ pk }, z.object({ sk: z.string() }))).map(({ sk }) => sk);
const contact = async (properties: Record<string, string> = {}) =>
  (await createRecord(database.app, '0-1', properties)).id;
const properties = async (id: string) => (await readRecord(database.app, '0-1', { id }))?.properties ?? {};
const visitor = (cookie: string) => findVisitor(database.app, cookie);
const message = (body: unknown) => ({ Records: [{ messageId: '1', receiptHandle: '1', body: JSON.stringify(body) }] });
const run = async (handler: unknown, body: unknown) => {
  const answer = await (handler as (event: unknown) => Promise<unknown>)(message(body));
  expect(answer).toEqual({ batchItemFailures: [] });
};

/** The event of a form that a contact sent, as the bus delivers it. */
const formSent = (recordId: string, cookie?: string, more: Record<string, unknown> = {}) => ({
  'detail-type': 'form.submitted',
  source: 'tsunagi',
  detail: {
    id: idAt(Date.now()),
    version: 1,
    objectType: '0-1',
    recordId,
    occurredAt: new Date().toISOString(),
    actor: { kind: 'form', id: 'f' },
    cause: [],
    formId: 'f',
    submissionId: idAt(Date.now()),
    submittedAt: new Date().toISOString(),
    values: [],
    ...(cookie && { hutk: cookie }),
    ...more,
  },
});
const told = (contactId: string, cookie: string) => run(refresh, { contactId, hutk: cookie });

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
  await Promise.all([run(linkVisitor, event), run(linkVisitor, event)]);
  await run(linkVisitor, event);
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
  await run(linkVisitor, formSent(id, cookie));
  expect(await properties(id)).toMatchObject({ num_conversion_events: '2', recent_conversion_event_name: 'f' });
});

test('a form that overtook its page view links the visitor when the view comes', async () => {
  const cookie = hutk();
  const id = await contact();
  await run(linkVisitor, formSent(id, cookie));
  expect((await properties(id)).hs_analytics_source).toBeUndefined();
  await sends(cookie, [view(page, { referrer: 'https://search.yahoo.co.jp/search' })]);
  await told(id, cookie);
  expect(await properties(id)).toMatchObject({
    hs_analytics_source: 'ORGANIC_SEARCH',
    hs_analytics_num_page_views: '1',
  });
});

test('a second browser adds to the contact: the earliest first touch, the sum of the views', async () => {
  const [office, phone, id] = [hutk(), hutk(), await contact()];
  await sends(office, [view(page, { referrer: 'https://note.com/x/n/1', agoMs: minutes(10) })]);
  await sends(phone, [view(page, { referrer: 'https://l.facebook.com/', agoMs: minutes(600) }), view(`${page}b`)]);
  await run(linkVisitor, formSent(id, office));
  expect(await properties(id)).toMatchObject({ hs_analytics_source_data_1: 'note' });
  await run(linkVisitor, formSent(id, phone));
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
  await run(linkVisitor, formSent(id, cookie));
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
  await run(linkVisitor, formSent(one, cookie));
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
  await run(linkVisitor, formSent(one, cookie));
  await sends(cookie, [view(`${page}x`, { referrer: 'https://t.co/1' })]);
  await run(linkVisitor, formSent(other, cookie));
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
  await run(linkVisitor, formSent(one, cookie));
  await run(linkVisitor, formSent(other, cookie));
  expect(await visitor(cookie)).toMatchObject({ contactId: other });
});

test('contacts that are merged have one history', async () => {
  const [a, b, one, other] = [hutk(), hutk(), await contact(), await contact()];
  await sends(a, [view(page, { agoMs: minutes(5) })]);
  await sends(b, [view(page, { referrer: 'https://chatgpt.com/', agoMs: minutes(60) }), view(`${page}z`)]);
  await run(linkVisitor, formSent(one, a));
  await run(linkVisitor, formSent(other, b));
  await mergeRecords(database.app, { objectType: '0-1', primaryId: one, otherId: other });
  await run(followMerge, formSent(one));
  await run(followMerge, formSent(other));
  expect(await properties(one)).toMatchObject({
    hs_analytics_source: 'AI_REFERRALS',
    hs_analytics_num_page_views: '3',
    num_conversion_events: '2',
  });
});

test('a source that somebody chose stays', async () => {
  const [cookie, id] = [hutk(), await contact({ hs_analytics_source: 'OFFLINE' })];
  await sends(cookie, [view(page, { referrer: 'https://t.co/1' })]);
  await run(linkVisitor, formSent(id, cookie));
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

test('what a browser did on pages, and what a server says of it, is logged of its contact as soon as there is one', async () => {
  await createDefinition(database.app, {
    name: 'downloaded',
    label: '資料をダウンロード',
    primaryObject: 'CONTACT',
    includeDefaultProperties: false,
    propertyDefinitions: [{ label: '資料', name: 'file', type: 'string' }],
  });
  const [cookie, id] = [hutk(), await contact()];
  const event = { type: 'event', id: idAt(Date.now()), name: 'pe24601001_downloaded', properties: { file: 'A' } };
  const unknown = { type: 'event', id: idAt(Date.now()), name: 'nothing_such', properties: {} };
  await sends(cookie, [view(page), event, unknown]);
  await sends(cookie, [event]);
  const fromServer = { eventName: 'pe24601001_downloaded', utk: cookie, uuid: 'order-1', properties: { file: 'B' } };
  for (const _ of [1, 2]) await call(sendEvent, { body: fromServer, headers: bearer() });
  await run(linkVisitor, formSent(id, cookie));
  await sends(cookie, [{ ...event, id: idAt(Date.now()), properties: { file: 'C' } }]);
  await told(id, cookie);
  await call(sendEvent, { body: { ...fromServer, uuid: 'order-2', properties: { file: 'D' } }, headers: bearer() });
  const { results } = await listOccurrences(database.app, {
    objectType: 'contacts',
    objectId: id,
    ids: [],
    ascending: true,
    limit: 10,
  });
  expect(results.map(({ properties }) => properties.file).toSorted()).toEqual(['A', 'B', 'C', 'D']);
});

test('the timeline shows the pages that a contact saw, its first visit by name, in both languages', async () => {
  const [cookie, id, other] = [hutk(), await contact(), await contact()];
  await sends(cookie, [view(page, { agoMs: minutes(90) }), view(`${page}b`, { agoMs: minutes(80) })]);
  await run(linkVisitor, formSent(id, cookie));
  await sends(cookie, [view(`${page}c`)]);
  await run(linkVisitor, formSent(other, cookie));
  await sends(cookie, [view(`${page}d`, { referrer: page })]);
  const shown = async (of: string, more: Record<string, string> = {}) => {
    const query = { kinds: 'visit', ...more };
    const answer = await call(timeline, {
      method: 'GET',
      path: { objectType: 'contacts', objectId: of },
      query,
      headers: bearer(),
    });
    return answer.body as { results: { title: string; body: string }[]; paging?: { next: { after: string } } };
  };
  const all = (await shown(id)).results;
  expect(all.map(({ body }) => body)).toEqual([`${page}c`, `${page}b`, page]);
  expect(all.map(({ title }) => title)).toEqual(['ページ閲覧: ページ', 'ページ閲覧: ページ', '初回訪問: ページ']);
  const first = await shown(id, { limit: '2', language: 'en' });
  expect(first.results.at(-1)?.title).toBe('Page viewed: ページ');
  const rest = await shown(id, { limit: '2', after: first.paging?.next.after ?? '' });
  expect(rest.results.map(({ body }) => body)).toEqual([page]);
  expect((await shown(other)).results.map(({ body }) => body)).toEqual([`${page}d`, `${page}c`]);
});

test('with an erased contact its browsers and their page views go, and a browser that goes on is nobody’s', async () => {
  const [cookie, id] = [hutk(), await contact({ email: 'kieru@example.co.jp' })];
  await sends(cookie, [view(page, { agoMs: minutes(1) }), view(`${page}b`)]);
  await run(linkVisitor, formSent(id, cookie));
  await call(gdprDelete, { path: { objectType: 'contacts' }, body: { objectId: id }, headers: bearer() });
  await jobs.work(database.app);
  const left = [...(await rowsOf(visitorPartition(cookie))), ...(await rowsOf(`0-1#${id}`))];
  expect(left.filter((sk) => /^(visitor|view|seen|tracking|conversion)/.test(sk))).toEqual([]);
  await sends(cookie, [view(`${page}c`)]);
  expect(await visitor(cookie)).toMatchObject({ pageViews: 1 });
  expect((await visitor(cookie))?.contactId).toBeUndefined();
});
