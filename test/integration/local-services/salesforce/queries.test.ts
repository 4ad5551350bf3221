import { beforeAll, expect, test } from 'vitest';
import { aLead, orgStand } from './stand.ts';

const stand = orgStand();
const many = 12_500;
let insertedMs: number;

beforeAll(async () => {
  await stand.org.login();
  const began = performance.now();
  await stand.org.admin(
    'POST',
    '/records/Contact',
    Array.from({ length: many }, (_, index) => ({
      LastName: `連絡先${index}`,
      Email: `c${index}@example.co.jp`,
      Title: index % 2 ? 'odd' : null,
    })),
  );
  insertedMs = performance.now() - began;
});

test('12,500 records are inserted at once within seconds and read in pages of 2,000', async () => {
  expect(insertedMs).toBeLessThan(15_000);
  const seen = new Set<string>();
  let page = (await stand.org.query('SELECT Id, Owner.Email FROM Contact ORDER BY SystemModstamp, Id')).body;
  const sizes = [page.records.length];
  for (const { Id } of page.records) seen.add(Id);
  while (page.nextRecordsUrl) {
    expect(page).toMatchObject({ totalSize: many, done: false });
    expect(page.nextRecordsUrl).toMatch(/^\/services\/data\/v63\.0\/query\/01g\w+-\d+$/);
    page = (await stand.org.call<typeof page>('GET', page.nextRecordsUrl.replace('/services/data/v63.0', ''))).body;
    sizes.push(page.records.length);
    for (const { Id } of page.records) seen.add(Id);
  }
  expect(sizes).toEqual([2000, 2000, 2000, 2000, 2000, 2000, 500]);
  expect(page.done).toBe(true);
  expect(seen.size).toBe(many);
});

test('a smaller page is taken by header; a result keeps its records while others come', async () => {
  const options = { 'Sforce-Query-Options': 'batchSize=250' };
  const soql = "SELECT Id FROM Contact WHERE Title = 'odd' ORDER BY Id LIMIT 600";
  const first = await stand.org.call<{ nextRecordsUrl: string; records: unknown[]; totalSize: number }>(
    'GET',
    `/query?q=${encodeURIComponent(soql)}`,
    undefined,
    options,
  );
  expect(first.body).toMatchObject({ totalSize: 600 });
  expect(first.body.records).toHaveLength(250);
  await stand.org.admin('POST', '/records/Contact', { LastName: 'late', Title: 'odd' });
  const rest = first.body.nextRecordsUrl.replace('/services/data/v63.0', '');
  expect((await stand.org.call<{ totalSize: number }>('GET', rest)).body.totalSize).toBe(600);
});

test('a locator that nobody gave, or of a query that ten later ones have closed, is refused', async () => {
  const { body } = await stand.org.query('SELECT Id FROM Contact');
  for (let open = 0; open < 10; open += 1) await stand.org.query('SELECT Id FROM Contact');
  for (const locator of [body.nextRecordsUrl?.split('/').at(-1), '01gNothing-2000', 'x'])
    expect(await stand.org.call('GET', `/query/${locator}`)).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }],
    });
});

test('a count needs no records', async () => {
  expect((await stand.org.query("SELECT COUNT() FROM Contact WHERE Title = 'odd'")).body).toMatchObject({
    done: true,
    records: [],
  });
  expect((await stand.org.query('SELECT COUNT(Id) people FROM Contact')).body).toMatchObject({
    records: [{ attributes: { type: 'AggregateResult' }, people: expect.any(Number) }],
  });
});

test('many addresses are looked up in one query, up to 16 KB of it', async () => {
  const list = (length: number) => Array.from({ length }, (_, index) => `'C${index}@Example.co.jp'`).join(',');
  const found = await stand.org.query(`SELECT Id, Email FROM Contact WHERE Email IN (${list(400)})`);
  expect(found.body.totalSize).toBe(400);
  const tooLong = await stand.org.query(`SELECT Id FROM Contact WHERE Email IN (${list(800)})`);
  expect(tooLong.status).toBe(414);
});

test.each([
  ['MALFORMED_QUERY', 'SELECT Id FROM'],
  ['MALFORMED_QUERY', ''],
  ['INVALID_FIELD', 'SELECT Nothing FROM Lead'],
  ['INVALID_TYPE', 'SELECT Id FROM Nothing'],
])('what is no query is refused with %s: %s', async (errorCode, soql) => {
  expect(await stand.org.query(soql)).toMatchObject({
    status: 400,
    body: [{ errorCode, message: expect.any(String) }],
  });
});

test('records come with those they refer to, empty references as null', async () => {
  const { body: account } = await stand.org.call('POST', '/sobjects/Account', { Name: 'みらい' });
  await stand.org.call('POST', '/sobjects/Contact', {
    LastName: 'x',
    Email: 'with@example.co.jp',
    AccountId: account.id,
  });
  await stand.org.call('POST', '/sobjects/Contact', { LastName: 'y', Email: 'without@example.co.jp' });
  const { body } = await stand.org.query(
    "SELECT Id, Account.Name, Account.Owner.Email FROM Contact WHERE Email LIKE 'with%' ORDER BY Email",
  );
  expect(body.records).toMatchObject([
    {
      attributes: { type: 'Contact' },
      Account: { attributes: { type: 'Account' }, Name: 'みらい', Owner: { Email: expect.any(String) } },
    },
    { Account: null },
  ]);
});

test('what changed and what went is listed by date, seconds apart', async () => {
  const { body: kept } = await stand.org.call('POST', '/sobjects/Lead', aLead());
  const { body: gone } = await stand.org.call('POST', '/sobjects/Lead', aLead());
  await stand.org.call('DELETE', `/sobjects/Lead/${gone.id}`);
  const at = (minutes: number) => encodeURIComponent(new Date(Date.now() + minutes * 60_000).toISOString());
  const updated = await stand.org.call('GET', `/sobjects/Lead/updated?start=${at(-5)}&end=${at(5)}`);
  expect(updated.body.ids).toContain(kept.id);
  expect(updated.body.ids).not.toContain(gone.id);
  const deleted = await stand.org.call('GET', `/sobjects/Lead/deleted?start=${at(-5)}&end=${at(5)}`);
  expect(deleted.body).toMatchObject({
    deletedRecords: expect.arrayContaining([{ id: gone.id, deletedDate: expect.any(String) }]),
    earliestDateAvailable: expect.any(String),
    latestDateCovered: expect.stringMatching(/:00\.000\+0000$/),
  });
  expect((await stand.org.call('GET', `/sobjects/Lead/updated?start=${at(-5)}&end=${at(-5)}`)).status).toBe(400);
});
