import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as info } from '../../../functions/account/access-token-info.ts';
import { handler as create } from '../../../functions/account/create-access-token.ts';
import { handler as details } from '../../../functions/account/details.ts';
import { handler as list } from '../../../functions/account/list-access-tokens.ts';
import { handler as remove } from '../../../functions/account/remove-access-token.ts';
import { seedAccount } from '../../../lib/account/seed.ts';
import { hashToken } from '../../../lib/core/token.ts';
import { tokenKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

const secret = 'KqzXUwsEXHwjYB6lTtJJHq8QyVh7vX5WnmS1cF2dR3aZ9pLb';
let database: Database;
beforeAll(async () => {
  database = await startDatabase();
  await seedAccount(database.app, { secret, adminEmail: 'admin@example.co.jp' });
});
afterAll(() => database.close());

const make = (body: Record<string, unknown>, by = secret) => call(create, { body, headers: bearer(by) });

test('the account says which portal it is, in yen and Japanese time', async () => {
  expect(await call(details, { headers: bearer(secret) })).toMatchObject({
    status: 200,
    body: {
      portalId: 24601001,
      accountType: 'STANDARD',
      timeZone: 'Asia/Tokyo',
      companyCurrency: 'JPY',
      utcOffset: '+09:00',
      utcOffsetMilliseconds: 32_400_000,
    },
  });
});

test('the token of the installation may do everything and belongs to the first user', async () => {
  const answer = await call(info, { body: { tokenKey: secret }, headers: bearer(secret) });
  const body = answer.body as { userId: number; hubId: number; appId: number; scopes: string[] };
  expect(answer.status).toBe(200);
  expect(body.hubId).toBe(24601001);
  expect(body.userId).toBeGreaterThan(0);
  expect(body.scopes).toEqual(
    expect.arrayContaining(['crm.objects.contacts.read', 'crm.objects.deals.write', 'tickets', 'forms']),
  );
  expect((await call(info, { body: { tokenKey: 'unknown' }, headers: bearer(secret) })).status).toBe(404);
});

test('a new token is shown once and stored as a hash', async () => {
  const made = await make({ name: '取込み', scopes: ['crm.objects.contacts.read'] });
  const { token, id } = made.body as { token: string; id: string };
  expect(made.status).toBe(201);
  expect(token).toMatch(/^pat-jp1-[0-9a-f-]{36}$/);
  const listed = await call(list, { headers: bearer(secret) });
  expect(listed.text).toContain(id);
  expect(listed.text).not.toContain(token);
  expect(listed.text).not.toContain(hashToken(token));
  const stored = await database.app.table.get(tokenKey(hashToken(token)), z.looseObject({}));
  expect(JSON.stringify(stored)).not.toContain(token);
  expect((await call(details, { headers: bearer(token) })).status).toBe(200);
});

test('a token cannot hand out scopes that it lacks', async () => {
  const { token } = (await make({ name: 'people', scopes: ['settings.users.write'] })).body as { token: string };
  const refused = await make({ name: 'more', scopes: ['crm.objects.deals.read'] }, token);
  expect(refused).toMatchObject({
    status: 403,
    body: { category: 'MISSING_SCOPES', errors: [{ context: { requiredGranularScopes: ['crm.objects.deals.read'] } }] },
  });
  expect((await make({ name: 'all', scopes: ['*'] }, token)).status).toBe(403);
  expect((await make({ name: 'same', scopes: ['settings.users.write'] }, token)).status).toBe(201);
});

test('a removed token is unknown from then on', async () => {
  const { token, id } = (await make({ name: 'short', scopes: ['forms'] })).body as { token: string; id: string };
  expect((await call(remove, { path: { tokenId: id }, headers: bearer(secret) })).status).toBe(204);
  expect((await call(remove, { path: { tokenId: id }, headers: bearer(secret) })).status).toBe(404);
  expect((await call(details, { headers: bearer(token) })).status).toBe(401);
});

test('unknown fields, past dates and unknown users are refused', async () => {
  expect((await make({ name: 'x', scopes: ['forms'], colour: 'red' })).status).toBe(400);
  expect((await make({ name: 'x', scopes: ['forms'], expiresAt: '2020-01-01T00:00:00Z' })).status).toBe(400);
  expect((await make({ name: 'x', scopes: ['forms'], userId: '99999999' })).status).toBe(404);
  expect((await make({ name: 'x', scopes: [] })).status).toBe(400);
});

test('seeding again changes nothing and brings nothing back', async () => {
  const before = (await call(list, { headers: bearer() })).body as { results: { id: string; name: string }[] };
  await seedAccount(database.app, { secret, adminEmail: 'other@example.co.jp' });
  expect((await call(list, { headers: bearer() })).body).toEqual(before);
  const installation = before.results.find(({ name }) => name === 'Installation');
  await call(remove, { path: { tokenId: installation?.id ?? '' }, headers: bearer() });
  await seedAccount(database.app, { secret, adminEmail: 'other@example.co.jp' });
  expect(
    ((await call(list, { headers: bearer() })).body as typeof before).results.map(({ name }) => name),
  ).not.toContain('Installation');
});
