import { encodeTime } from 'ulid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as gdprDelete } from '../../../functions/objects/gdpr-delete.ts';
import { handler as linkVisitor } from '../../../functions/tracking/link-visitor.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { awaitedLinkKey, visitorKey, visitorPartition } from '../../../lib/table/tracking-keys.ts';
import { findVisitor } from '../../../lib/tracking/visitor-store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { mockJobs } from '../../support/reports.ts';
import { deliverTo, formSent, givenLinkKeys, hutk, idAt, sends, view } from '../../support/tracking.ts';
import { disagreements } from '../../support/verified.ts';

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
const contact = async () => (await createRecord(database.app, '0-1', { lastname: '佐藤' })).id;
const properties = async (id: string) => (await readRecord(database.app, '0-1', { id }))?.properties ?? {};
const visitor = (cookie: string) => findVisitor(database.app, cookie);
const rowsOf = async (pk: string) =>
  (await database.app.table.all({ pk }, z.object({ sk: z.string() }))).map(({ sk }) => sk);

test('two page views of a wrong clock whose ids differ only in their time are two page views', async () => {
  const cookie = hutk();
  const chance = 'ABCDEFGH12345678';
  const views = [minutes(5000), minutes(6000)].map((ago) =>
    view(page, { id: `${encodeTime(Date.now() - ago, 10)}${chance}` }),
  );
  expect((await sends(cookie, views)).status).toBe(204);
  await sends(cookie, views);
  expect((await visitor(cookie))?.pageViews).toBe(2);
});

test.each(['constructor', '__proto__', 'toString'])('a tag of an address that is named %s is a tag', async (word) => {
  const cookie = hutk();
  const address = `${page}?utm_source=${word}&utm_medium=social&utm_campaign=x`;
  expect((await sends(cookie, [view(address)])).status).toBe(204);
  expect((await visitor(cookie))?.first).toMatchObject({ source: 'SOCIAL_MEDIA', data1: word, data2: 'x' });
  const id = await contact();
  await deliverTo(linkVisitor, formSent(id, undefined, { pageUri: address }));
  expect(await properties(id)).toMatchObject({ hs_analytics_source_data_1: word });
});

test('what a page calls the properties of an event, and the numbers in them, cannot stop its other things', async () => {
  const cookie = hutk();
  await sends(cookie, [view(page)]);
  const strange = `{"constructor": 1, "__proto__": "x", "large": 1.7e308, "small": 5e-324, "id": 123456789012345678}`;
  const event = { type: 'event', id: idAt(Date.now()), name: 'constructor', properties: JSON.parse(strange) };
  expect((await sends(cookie, [event, view(`${page}b`)])).status).toBe(204);
  await sends(cookie, [event]);
  expect(await visitor(cookie)).toMatchObject({ pageViews: 2 });
  await deliverTo(linkVisitor, formSent(await contact(), cookie));
  expect((await rowsOf(visitorPartition(cookie))).filter((sk) => sk.startsWith('page-event'))).toEqual([]);
});

test('an older form that comes again, or late, does not take the browser back', async () => {
  const cookie = hutk();
  const [one, other, late] = [await contact(), await contact(), await contact()];
  await sends(cookie, [view(page, { agoMs: minutes(3) })]);
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
  const first = formSent(one, cookie, { submittedAt: ago(minutes(2)) });
  await deliverTo(linkVisitor, first);
  await deliverTo(linkVisitor, formSent(other, cookie, { submittedAt: ago(minutes(1)) }));
  await deliverTo(linkVisitor, first);
  await deliverTo(linkVisitor, formSent(late, cookie, { submittedAt: ago(minutes(1.5)) }));
  expect((await visitor(cookie))?.contactId).toBe(other);
  await deliverTo(linkVisitor, formSent(other, cookie, { submittedAt: ago(500) }));
  await deliverTo(linkVisitor, formSent(late, cookie, { submittedAt: ago(1000) }));
  expect((await visitor(cookie))?.contactId).toBe(other);
});

test('of two forms that overtook the first page view, the later one has the browser', async () => {
  const cookie = hutk();
  const [one, other] = [await contact(), await contact()];
  await deliverTo(linkVisitor, formSent(other, cookie));
  await deliverTo(linkVisitor, formSent(one, cookie, { submittedAt: new Date(Date.now() - 5000).toISOString() }));
  await sends(cookie, [view(page)]);
  expect((await visitor(cookie))?.contactId).toBe(other);
});

test('a form of a contact that took over the browser’s contact counts the visit once', async () => {
  const cookie = hutk();
  const [one, other] = [await contact(), await contact()];
  await sends(cookie, [view(page, { agoMs: 2000 }), view(`${page}form`, { agoMs: 1000 })]);
  await deliverTo(linkVisitor, formSent(other, cookie));
  await mergeRecords(database.app, { objectType: '0-1', primaryId: one, otherId: other });
  await deliverTo(linkVisitor, formSent(one, cookie));
  expect(await properties(one)).toMatchObject({
    hs_analytics_num_page_views: '2',
    hs_analytics_num_visits: '1',
    num_conversion_events: '2',
  });
});

test('an erasure takes what a browser said by a clock that is ahead', async () => {
  const [cookie, id] = [hutk(), await contact()];
  await sends(cookie, [view(page, { id: idAt(Date.now() + minutes(8)) })]);
  await sends(cookie, [view(`${page}b`, { id: idAt(Date.now() + minutes(9000)) })]);
  await deliverTo(linkVisitor, formSent(id, cookie));
  await call(gdprDelete, { path: { objectType: 'contacts' }, body: { objectId: id }, headers: bearer() });
  await jobs.work(database.app);
  expect(await rowsOf(visitorPartition(cookie))).toEqual([]);
});

test('a browser that comes back after its time is a new one, also while what was of it is not deleted yet', async () => {
  const [cookie, id] = [hutk(), await contact()];
  const over = { expiresAt: Math.floor(Date.now() / 1000) - 5 };
  await database.app.table.commit([
    { put: { ...visitorKey(cookie), entity: 'visitor', ...over } },
    { put: { ...awaitedLinkKey(cookie), entity: 'awaited-link', ...over } },
  ]);
  expect((await sends(cookie, [view(page)])).status).toBe(204);
  expect((await visitor(cookie))?.pageViews).toBe(1);
  await deliverTo(linkVisitor, formSent(id, cookie));
  expect((await visitor(cookie))?.contactId).toBe(id);
});

test('in the end everything agrees', async () => {
  expect(await disagreements(database)).toEqual([]);
});
