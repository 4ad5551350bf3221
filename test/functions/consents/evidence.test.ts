import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as consents } from '../../../functions/subscriptions/consents.ts';
import { eraseConsents } from '../../../lib/consents/erase.ts';
import { consentWrite } from '../../../lib/consents/ledger.ts';
import { eraseReferenced } from '../../../lib/lifecycle/erase.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { choose } from '../../../lib/subscriptions/choose.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const headers = bearer();
type Entry = { kind: string; shownText?: string; source: Record<string, unknown> };
const evidenceOf = async (email: string, query: Record<string, string> = {}) => {
  const { body } = await call(consents, { method: 'GET', query: { email, ...query }, headers });
  return body as { results: Entry[]; paging?: { next: { after: string } } };
};
const shownText = '<b>新機能</b>の & お知らせを\nメールで受け取る';
const given = (email: string) => ({
  email,
  at: database.app.now(),
  kind: 'GIVEN' as const,
  subscriptionTypeId: '2',
  source: { kind: 'FORM' as const, formId: 'f1', formVersion: '3', pageUri: 'https://lp.example.co.jp/' },
  shownText,
});

test('the ledger has each yes and no, who stated it and the text, newest first, a page at a time', async () => {
  const email = 'ledger@example.co.jp';
  const { table } = database.app;
  await table.commit([await consentWrite(database.app, given(email))]);
  await choose(database.app, { email }, [{ scope: '2', wanted: false, choice: { source: 'ONE_CLICK' } }]);
  const basis = { legalBasis: 'CONSENT_WITH_NOTICE' as const, legalBasisExplanation: '電話で確認' };
  await choose(database.app, { email }, [{ scope: '2', wanted: true, choice: { source: 'API', ...basis } }]);
  const { results } = await evidenceOf(' Ledger@example.co.jp');
  expect(results.map(({ kind }) => kind)).toEqual(['GIVEN', 'WITHDRAWN', 'GIVEN']);
  expect(results[0]).toMatchObject({ ...basis, source: { kind: 'API', actor: database.app.actor } });
  expect(results[2]).toMatchObject({ shownText, source: { formId: 'f1', formVersion: '3' } });
  const first = await evidenceOf(email, { limit: '2' });
  const rest = await evidenceOf(email, { limit: '2', after: first.paging?.next.after ?? '' });
  expect([...first.results, ...rest.results]).toEqual(results);
});

test('the page to print says it in either language, and escapes what was shown', async () => {
  const email = 'paper@example.co.jp';
  await database.app.table.commit([await consentWrite(database.app, given(email))]);
  const query = { email, format: 'html' };
  const page = await call(consents, { method: 'GET', query, headers });
  expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
  expect(page.text).toContain('&lt;b&gt;新機能&lt;/b&gt;の &amp; お知らせを<br>メールで受け取る');
  expect(page.text).toContain('同意記録の証明');
  const accept = { ...headers, accept: 'text/html', 'accept-language': 'en' };
  expect((await call(consents, { method: 'GET', query: { email }, headers: accept })).text).toContain(
    'Record of consent',
  );
});

test('one text is kept once, whoever saw it', async () => {
  const rows = await Promise.all(['x', 'y'].map((name) => consentWrite(database.app, given(`${name}@example.co.jp`))));
  expect(new Set(rows.map((row) => 'put' in row && row.put.textHash)).size).toBe(1);
});

test('an erasure takes the address out of the ledger; its hash can be looked up for a month', async () => {
  const email = 'erased@example.co.jp';
  await createRecord(database.app, '0-1', { email });
  for (let times = 0; times < 60; times += 1)
    await database.app.table.commit([await consentWrite(database.app, given(email))]);
  await eraseReferenced(database.app, '0-1', { id: email, idProperty: 'email' });
  expect((await evidenceOf(email)).results).toEqual([]);
  await eraseConsents(database.app, email);
});

const bad: Record<string, string>[] = [{ email: 'nobody' }, { email: 'a@b.co', limit: '101' }, {}];
test.each(bad)('%j is a 400', async (query) => {
  expect((await call(consents, { method: 'GET', query, headers })).status).toBe(400);
});
