import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as getOwner } from '../../../functions/owners/get.ts';
import { handler as listOwners } from '../../../functions/owners/list.ts';
import { handler as archive } from '../../../functions/users/archive.ts';
import { handler as create } from '../../../functions/users/create.ts';
import { handler as get } from '../../../functions/users/get.ts';
import { handler as list } from '../../../functions/users/list.ts';
import { handler as teams } from '../../../functions/users/teams.ts';
import { handler as update } from '../../../functions/users/update.ts';
import { seedAccount } from '../../../lib/account/seed.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
  await seedAccount(database.app, { secret: 'first-secret', adminEmail: 'admin@example.co.jp' });
});
afterAll(() => database.close());

const headers = bearer();
const add = (body: Record<string, unknown>) => call(create, { body, headers });

test('a user that is added is an owner with the same number', async () => {
  const user = await add({
    email: ' Hanako@Example.co.jp ',
    firstName: '花子',
    lastName: '佐藤',
    primaryTeamId: '1001',
  });
  expect(user).toMatchObject({
    status: 201,
    body: { email: 'hanako@example.co.jp', lastName: '佐藤', superAdmin: false },
  });
  const { id } = user.body as { id: string };
  const owner = await call(getOwner, { path: { ownerId: id }, headers });
  expect(owner.body).toMatchObject({
    id,
    userId: Number(id),
    type: 'PERSON',
    email: 'hanako@example.co.jp',
    archived: false,
    teams: [{ id: '1001', name: 'CS課', primary: true }],
  });
});

test('an address belongs to one user, in any letter case', async () => {
  const first = await add({ email: 'once@example.co.jp' });
  const { id } = first.body as { id: string };
  const second = await add({ email: 'ONCE@example.co.jp' });
  expect(second).toMatchObject({
    status: 409,
    body: { category: 'CONFLICT', message: `User already exists. Existing ID: ${id}` },
  });
});

test('of twenty who add the same address at once one succeeds', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => add({ email: 'race@example.co.jp' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
});

test('twenty different users added at once get twenty numbers', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => add({ email: `many${n}@example.co.jp` })));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
  expect(new Set(answers.map(({ body }) => (body as { id: string }).id)).size).toBe(20);
});

test('a malformed address and an unknown team are refused', async () => {
  expect(await add({ email: 'nobody' })).toMatchObject({ status: 400, body: { errors: [{ code: 'INVALID_EMAIL' }] } });
  expect(await add({ email: 'team@example.co.jp', primaryTeamId: '9' })).toMatchObject({
    status: 400,
    body: { errors: [{ code: 'INVALID_TEAM_ID' }] },
  });
});

test('a change keeps what it does not name, and null takes the team away', async () => {
  const { id } = (
    await add({ email: 'change@example.co.jp', firstName: '一郎', lastName: '鈴木', primaryTeamId: '1002' })
  ).body as { id: string };
  const named = await call(update, { path: { userId: id }, body: { lastName: '田中' }, headers });
  expect(named).toMatchObject({ status: 200, body: { firstName: '一郎', lastName: '田中', primaryTeamId: '1002' } });
  const left = await call(update, {
    path: { userId: 'change@example.co.jp' },
    query: { idProperty: 'EMAIL' },
    body: { primaryTeamId: null },
    headers,
  });
  expect(left.body).not.toHaveProperty('primaryTeamId');
});

test('a removed user is an archived owner, and comes back under the old id', async () => {
  const { id } = (await add({ email: 'gone@example.co.jp' })).body as { id: string };
  expect((await call(archive, { path: { userId: id }, headers })).status).toBe(204);
  expect((await call(get, { path: { userId: id }, headers })).status).toBe(404);
  expect((await call(getOwner, { path: { ownerId: id }, headers })).status).toBe(404);
  const archived = await call(getOwner, { path: { ownerId: id }, query: { archived: 'true' }, headers });
  expect(archived.body).toMatchObject({ archived: true, userIdIncludingInactive: Number(id) });
  expect(archived.body).not.toHaveProperty('userId');
  expect((await add({ email: 'gone@example.co.jp', lastName: '山本' })).body).toMatchObject({ id, lastName: '山本' });
});

test('owners are paged by id with an absolute link, and found by e-mail', async () => {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await call(listOwners, {
      method: 'GET',
      url: '/crm/v3/owners',
      query: { limit: '7', ...(after && { after }) },
      headers,
    });
    const body = page.body as { results: { id: string }[]; paging?: { next: { after: string; link: string } } };
    if (body.paging) expect(body.paging.next.link).toMatch(/^https:\/\/api\.test\/crm\/v3\/owners\?.*limit=7/);
    seen.push(...body.results.map(({ id }) => id));
    after = body.paging?.next.after;
  } while (after);
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen.length).toBeGreaterThan(20);
  const found = await call(listOwners, { query: { email: 'Many3@example.co.jp' }, headers });
  expect((found.body as { results: { email: string }[] }).results.map(({ email }) => email)).toEqual([
    'many3@example.co.jp',
  ]);
  expect((await call(listOwners, { query: { email: 'unknown@example.co.jp' }, headers })).body).toEqual({
    results: [],
  });
});

test('the first user and the teams are there, with who is in each', async () => {
  const everybody = await call(list, { query: { limit: '1' }, headers });
  expect(everybody.body).toMatchObject({
    results: [{ lastName: '管理者', email: 'admin@example.co.jp', superAdmin: true }],
    paging: { next: {} },
  });
  const { results } = (await call(teams, { headers })).body as { results: { name: string; userIds: string[] }[] };
  expect(results.map(({ name }) => name)).toContain('問合せチーム');
  expect(results.find(({ name }) => name === 'CS課')?.userIds).toHaveLength(1);
});
