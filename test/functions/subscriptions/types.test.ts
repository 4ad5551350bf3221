import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as create } from '../../../functions/subscriptions/create-type.ts';
import { handler as get } from '../../../functions/subscriptions/get-type.ts';
import { handler as list } from '../../../functions/subscriptions/list-types.ts';
import { handler as remove } from '../../../functions/subscriptions/remove-type.ts';
import { handler as update } from '../../../functions/subscriptions/update-type.ts';
import { choiceSteps, confirmChoice } from '../../../lib/subscriptions/choose.ts';
import { barriersOf, findSubscription } from '../../../lib/subscriptions/store.ts';
import { subscriptionTypeOf } from '../../../lib/subscriptions/type-store.ts';
import { commitOrThrow } from '../../../lib/table/steps.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const headers = bearer();
const words = { name: { ja: '新着', en: 'New' }, description: { ja: '新着のお知らせ', en: 'What is new' } };
const make = async (more: Record<string, unknown> = {}) =>
  ((await call(create, { body: { ...words, ...more }, headers })).body as { id: string }).id;
const barrier = async (id: string, email: string) => (await barriersOf(database.app, id, [email])).get(email);

test('a kind of mail is added, changed, and deleted while nothing refers to it', async () => {
  const id = await make();
  const path = { typeId: id };
  expect((await call(get, { method: 'GET', path, headers })).body).toMatchObject({
    ...words,
    optIn: 'NONE',
    isActive: true,
  });
  await call(update, { method: 'PATCH', path, body: { isActive: false, purpose: 'Tests' }, headers });
  expect((await call(get, { method: 'GET', path, headers })).body).toMatchObject({ isActive: false, purpose: 'Tests' });
  await expect(subscriptionTypeOf(database.app, id, 'x')).rejects.toMatchObject({ category: 'VALIDATION_ERROR' });
  expect((await call(remove, { method: 'DELETE', path, headers })).status).toBe(204);
  expect((await call(get, { method: 'GET', path, headers })).status).toBe(404);
});

test('one in use, and one that was there from the start, can only be made inactive', async () => {
  const id = await make();
  await subscriptionTypeOf(database.app, id, 'subscriptionTypeId');
  for (const typeId of [id, '1']) {
    expect(await call(remove, { method: 'DELETE', path: { typeId }, headers })).toMatchObject({
      status: 400,
      body: { subCategory: 'SUBSCRIPTION_TYPE_IN_USE' },
    });
  }
  await call(update, { method: 'PATCH', path: { typeId: '3' }, body: { name: { ja: '依頼', en: 'Asks' } }, headers });
  const { body } = await call(list, { method: 'GET', headers });
  const names = (body as { results: { id: string; name: { ja: string }; isDefault: boolean }[] }).results;
  expect(names.find((type) => type.id === '3')).toMatchObject({ name: { ja: '依頼' }, isDefault: true });
});

test.each([
  ['an unknown field', { ...words, colour: 'red' }],
  ['one language only', { ...words, name: { ja: '新着' } }],
  ['a name of two lines', { ...words, name: { ja: 'あ\nい', en: 'a' } }],
  ['another opt-in', { ...words, optIn: 'TRIPLE' }],
])('%s is a 400', async (_, body) => {
  expect(await call(create, { body, headers })).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
});

test('a kind with double opt-in waits for the second yes, and an old link brings nobody back who left', async () => {
  const { app } = database;
  const id = await make({ optIn: 'DOUBLE' });
  const email = 'double@example.co.jp';
  expect(await barrier(id, email)).toBe('NOT_OPTED_IN');
  const tick = { scope: id, wanted: true, choice: { source: 'FORM' as const }, shownText: '新着を受け取る' };
  const ticked = await choiceSteps(app, { email }, [tick]);
  expect(ticked.pending).toEqual([id]);
  await commitOrThrow(app.table, ticked.steps);
  expect(await barrier(id, email)).toBe('NOT_OPTED_IN');
  const confirm = () => confirmChoice(app, { email }, { typeId: id, shownText: '登録を確定する' });
  expect([await confirm(), await confirm()]).toEqual(['CONFIRMED', 'CONFIRMED_BEFORE']);
  expect(await barrier(id, email)).toBeUndefined();
  const leave = await choiceSteps(app, { email }, [{ scope: id, wanted: false, choice: { source: 'PAGE' } }]);
  await commitOrThrow(app.table, leave.steps);
  expect(await confirm()).toBe('NOT_PENDING');
  expect((await findSubscription(app, email))?.types[id]?.status).toBe('NOT_SUBSCRIBED');
});

test('no more than fifty', async () => {
  let status = 201;
  for (let made = 0; made < 50 && status === 201; made += 1)
    status = (await call(create, { body: words, headers })).status;
  const { body } = await call(list, { method: 'GET', headers });
  expect([status, (body as { results: unknown[] }).results.length]).toEqual([400, 50]);
});
