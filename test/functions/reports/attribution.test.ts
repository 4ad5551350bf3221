import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { handler as attribution } from '../../../functions/reports/attribution.ts';
import { handler as attributionRecords } from '../../../functions/reports/attribution-records.ts';
import { handler as recount } from '../../../functions/reports/recount-attribution.ts';
import { detachAssociations } from '../../../lib/associations/detach.ts';
import { associate, dissociate } from '../../../lib/associations/store.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, limitedTo, startDatabase } from '../../support/database.ts';
import { allEvents, deliver, mockJobs } from '../../support/reports.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
let jobs: ReturnType<typeof mockJobs>;
beforeAll(() => {
  jobs = mockJobs();
});
beforeEach(async () => {
  database = await startDatabase();
});
afterEach(() => database.close());
afterAll(() => jobs.restore());

const won = { pipeline: 'default', dealstage: 'closedwon' };
const today = () => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);

/** A contact as the tracking would have left it. */
async function contact(first: Record<string, string> = {}, properties: Record<string, string> = {}): Promise<string> {
  const { id } = await createRecord(database.app, '0-1', properties);
  if (Object.keys(first).length > 0) await updateRecord(database.app, '0-1', { id }, {}, { system: () => first });
  return id;
}
const cameBy = (source: string, campaign: string, at = new Date().toISOString()) => ({
  hs_analytics_source: source,
  hs_analytics_first_touch_converting_campaign: campaign,
  hs_analytics_first_url: `https://lp.example.co.jp/${campaign}?utm_campaign=${campaign}`,
  hs_analytics_first_timestamp: at,
});
const deal = async (amount: string, contactIds: readonly string[], stage: Record<string, string> = won) => {
  const { id } = await createRecord(database.app, '0-3', { dealname: '取引', amount, ...stage });
  for (const contactId of contactIds)
    await associate(database.app, { objectType: '0-3', id }, { objectType: '0-1', id: contactId }, []);
  return id;
};
const settle = async () => deliver(await allEvents(database.app));
const read = async (query: Record<string, string>) => {
  const answer = await call(attribution, { method: 'GET', query, headers: bearer() });
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { rows: Record<string, unknown>[] }).rows;
};
const listed = async (query: Record<string, string>, headers = bearer()) => {
  const answer = await call(attributionRecords, { method: 'GET', query, headers });
  const { results = [], paging } = answer.body as { results?: { id: string }[]; paging?: { next: { after: string } } };
  return { status: answer.status, ids: results.map(({ id }) => id), after: paging?.next.after };
};
const agreed = async () => expect(await disagreements(database, { kept: ['attribution'] })).toEqual([]);

test('the way from the first touch to the customer, by source, campaign and page, each figure with its records', async () => {
  const a = await contact(cameBy('PAID_SEARCH', 'spring'), { lifecyclestage: 'customer' });
  const b = await contact(cameBy('PAID_SEARCH', 'spring'), { lifecyclestage: 'opportunity' });
  const c = await contact(cameBy('SOCIAL_MEDIA', 'spring'), { lifecyclestage: 'subscriber' });
  const d = await contact({}, { lifecyclestage: 'lead' });
  const sold = await deal('120000.5', [a]);
  await deal('999', [b], { pipeline: 'default', dealstage: 'appointmentscheduled' });
  await settle();
  expect(await read({ by: 'source' })).toEqual([
    { key: 'PAID_SEARCH', firstTouch: 2, leads: 2, opportunities: 2, customers: 1, deals: 1, revenue: 120000.5 },
    { key: 'OFFLINE', firstTouch: 1, leads: 1, opportunities: 0, customers: 0, deals: 0, revenue: 0 },
    { key: 'SOCIAL_MEDIA', firstTouch: 1, leads: 0, opportunities: 0, customers: 0, deals: 0, revenue: 0 },
  ]);
  expect(await read({ by: 'campaign' })).toMatchObject([{ key: 'spring', firstTouch: 3, customers: 1 }]);
  expect(await read({ by: 'page' })).toMatchObject([{ key: 'lp.example.co.jp/spring', firstTouch: 3 }]);
  const of = (by: string, key: string, figure: string) => listed({ by, key, figure });
  expect((await of('campaign', 'spring', 'firstTouch')).ids.toSorted()).toEqual([a, b, c].toSorted());
  expect((await of('source', 'PAID_SEARCH', 'customers')).ids).toEqual([a]);
  expect((await of('source', 'PAID_SEARCH', 'revenue')).ids).toEqual([sold]);
  expect((await of('source', 'OFFLINE', 'leads')).ids).toEqual([d]);
  await agreed();
});

test('figures follow stages, won deals, associations, the archive and merges, however often events come', async () => {
  const id = await contact(cameBy('REFERRALS', 'x'), { lifecyclestage: 'lead' });
  const other = await contact(cameBy('ORGANIC_SEARCH', 'y', '2026-11-01T00:00:00Z'));
  const sold = await deal('100', [id]);
  await settle();
  await updateRecord(database.app, '0-1', { id }, { lifecyclestage: 'customer' });
  await associate(database.app, { objectType: '0-3', id: sold }, { objectType: '0-1', id: other }, []);
  await Promise.all([settle(), settle()]);
  const period = { by: 'source', from: '2026-10-01', to: today() };
  expect(await read(period)).toMatchObject([
    { key: 'ORGANIC_SEARCH', revenue: 100, customers: 0 },
    { key: 'REFERRALS', revenue: 0, customers: 1 },
  ]);
  await agreed();
  await dissociate(database.app, { objectType: '0-3', id: sold }, { objectType: '0-1', id: other }, 'all');
  await updateRecord(database.app, '0-3', { id: sold }, { amount: '250' });
  await settle();
  expect(await read(period)).toMatchObject([
    { key: 'ORGANIC_SEARCH', revenue: 0 },
    { key: 'REFERRALS', revenue: 250 },
  ]);
  await mergeRecords(database.app, { objectType: '0-1', primaryId: id, otherId: other });
  await jobs.work(database.app);
  await settle();
  expect(await read(period)).toMatchObject([{ key: 'REFERRALS', firstTouch: 1, revenue: 250 }]);
  await archiveRecord(database.app, '0-1', id);
  await detachAssociations(database.app, { objectType: '0-1', id });
  await settle();
  expect(await read(period)).toEqual([]);
  await agreed();
});

test('days and whole months add up, and a list of a figure goes page by page', async () => {
  const days = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-31', '2026-04-01'];
  const ids: string[] = [];
  for (const day of days) ids.push(await contact(cameBy('EMAIL_MARKETING', 'mag', `${day}T03:00:00Z`)));
  await settle();
  const of = async (from: string, to: string) => (await read({ by: 'campaign', from, to }))[0]?.firstTouch ?? 0;
  expect(await of('2026-01-01', '2026-04-30')).toBe(5);
  expect(await of('2026-01-31', '2026-04-01')).toBe(5);
  expect(await of('2026-02-01', '2026-02-28')).toBe(2);
  expect(await of('2026-02-02', '2026-03-31')).toBe(2);
  expect(await of('2026-03-05', '2026-03-06')).toBe(0);
  const query = { by: 'campaign', key: 'mag', figure: 'firstTouch', from: '2026-02-01', to: '2026-04-30', limit: '3' };
  const first = await listed(query);
  expect(first.ids).toEqual(ids.slice(1, 4));
  expect((await listed({ ...query, after: first.after ?? '' })).ids).toEqual(ids.slice(4));
});

test('what was there before is counted by a recount, and questions that make no sense are refused', async () => {
  await contact(cameBy('PAID_SOCIAL', 'z'));
  expect((await call(recount, { headers: bearer() })).status).toBe(202);
  await jobs.work(database.app);
  expect(await read({ by: 'source' })).toMatchObject([{ key: 'PAID_SOCIAL', firstTouch: 1 }]);
  await agreed();
  const status = async (query: Record<string, string>) =>
    (await call(attribution, { query, headers: bearer() })).status;
  expect(await status({})).toBe(400);
  expect(await status({ by: 'colour' })).toBe(400);
  expect(await status({ by: 'page', from: '2026-02-01', to: '2026-01-01' })).toBe(400);
  expect(await status({ by: 'page', from: '2016-02-01', to: '2026-01-01' })).toBe(400);
  const query = { by: 'source', key: 'PAID_SOCIAL', figure: 'firstTouch' };
  expect((await listed({ ...query, after: 'x' })).status).toBe(400);
  expect((await listed(query, await limitedTo(database, 'reports'))).status).toBe(403);
});
