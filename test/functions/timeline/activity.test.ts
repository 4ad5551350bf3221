import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as listActivity } from '../../../functions/timeline/list-activity.ts';
import type { App } from '../../../lib/core/app.ts';
import { createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

type Page = { results: { id: string; title: string; properties?: string[] }[]; paging?: { next: { after: string } } };
const read = (query: Record<string, string>) =>
  call(listActivity, { method: 'GET', url: '/activity/v1/events', query, headers: bearer() });

/** Somebody who makes a contact and changes it five times, beside somebody else. */
async function work(actorId: string) {
  const app: App = { ...database.app, actor: { kind: 'user', id: actorId } };
  const contact = await createRecord(app, '0-1', { lastname: '田中' });
  for (let step = 0; step < 5; step += 1) {
    await updateRecord(app, '0-1', contact, { jobtitle: `課長${step}` });
    await updateRecord(database.app, '0-1', contact, { city: `東京${step}` });
  }
}

test('shows what one person did, page by page, without values', async () => {
  await work('31');
  const pages: Page['results'][] = [];
  let after: string | undefined;
  do {
    const { body } = await read({ actor: '31', limit: '4', ...(after && { after }) });
    pages.push((body as Page).results);
    after = (body as Page).paging?.next.after;
  } while (after);
  const all = pages.flat();
  expect(all).toHaveLength(6);
  expect(new Set(all.map(({ id }) => id)).size).toBe(6);
  expect(all[0]).toMatchObject({ properties: ['jobtitle'], actor: { kind: 'user', id: '31' } });
  expect(all.at(-1)?.title).toBe('作成');
  expect(JSON.stringify(all)).not.toContain('課長');
});

test('keeps to a type and a range of time', async () => {
  await work('32');
  const count = async (query: Record<string, string>) =>
    ((await read({ actor: '32', ...query })).body as Page).results.length;
  expect(await count({ objectType: 'deals' })).toBe(0);
  expect(await count({ objectType: 'contacts' })).toBe(6);
  expect(await count({ from: '2024-01-01T00:00:00Z', to: '2024-02-01T00:00:00Z' })).toBe(0);
});

test.each<Record<string, string>>([
  { from: '2026-01-01T00:00:00Z', to: '2026-11-01T00:00:00Z' },
  { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
  { from: 'monday' },
  { after: 'x' },
  { limit: '1000' },
])('refuses %o', async (query) => {
  expect((await read(query)).status).toBe(400);
});
