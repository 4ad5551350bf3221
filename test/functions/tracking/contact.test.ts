import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as sendEvent } from '../../../functions/events/send.ts';
import { handler as gdprDelete } from '../../../functions/objects/gdpr-delete.ts';
import { handler as timeline } from '../../../functions/timeline/list.ts';
import { handler as linkVisitor } from '../../../functions/tracking/link-visitor.ts';
import { handler as refresh } from '../../../functions/tracking/refresh.ts';
import { createDefinition } from '../../../lib/custom-events/definitions.ts';
import { listOccurrences } from '../../../lib/custom-events/occurrences.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { visitorPartition } from '../../../lib/table/tracking-keys.ts';
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
const rowsOf = async (pk: string) =>
  (await database.app.table.all({ pk }, z.object({ sk: z.string() }))).map(({ sk }) => sk);
const contact = async (properties: Record<string, string> = {}) =>
  (await createRecord(database.app, '0-1', properties)).id;
const visitor = (cookie: string) => findVisitor(database.app, cookie);
const told = (contactId: string, cookie: string) => deliverTo(refresh, { contactId, hutk: cookie });

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
  await deliverTo(linkVisitor, formSent(id, cookie));
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
  await deliverTo(linkVisitor, formSent(id, cookie));
  await sends(cookie, [view(`${page}c`)]);
  await deliverTo(linkVisitor, formSent(other, cookie));
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
  await deliverTo(linkVisitor, formSent(id, cookie));
  await call(gdprDelete, { path: { objectType: 'contacts' }, body: { objectId: id }, headers: bearer() });
  await jobs.work(database.app);
  const left = [...(await rowsOf(visitorPartition(cookie))), ...(await rowsOf(`0-1#${id}`))];
  expect(left.filter((sk) => /^(visitor|view|seen|tracking|conversion)/.test(sk))).toEqual([]);
  await sends(cookie, [view(`${page}c`)]);
  expect(await visitor(cookie)).toMatchObject({ pageViews: 1 });
  expect((await visitor(cookie))?.contactId).toBeUndefined();
});

test('in the end everything agrees', async () => {
  expect(await disagreements(database)).toEqual([]);
});
