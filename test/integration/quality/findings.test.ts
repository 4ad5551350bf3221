import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { SamePersonRow } from '../../../lib/quality/doubles.ts';
import { listFindings, summariseFindings } from '../../../lib/quality/findings-store.ts';
import { projectNames } from '../../../lib/quality/project.ts';
import { suggestName } from '../../../lib/quality/suggest.ts';
import { bringNamesUpToDate } from '../../../lib/quality/up-to-date.ts';
import { eventPrefix, recordKey } from '../../../lib/table/keys.ts';
import { samePersonKey } from '../../../lib/table/quality-keys.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { random } from '../../support/random.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const names = ['A8田中', '田中', '佐藤様', '高橋花子', '鈴木', '(株)サンプル山本', ''];
const given = ['太郎', '', '花子様', ''];
const owners = ['1', '2', ''];
const phones = ['090-1111-2222', '03-1234-5678', '090-3333-4444', ''];
const companies = ['株式会社サンプル', 'サンプル(株)', ''];

const Told = z.object({
  type: z.string(),
  detail: z.catchall(z.object({ objectType: z.string(), recordId: z.string() }), z.unknown()),
});
type Event = Parameters<typeof projectNames>[1][number];

/** The events that the log holds of a contact. */
const eventsOf = async (id: string): Promise<Event[]> =>
  (await database.app.table.all(
    { pk: recordKey({ objectType: '0-1', id }).pk, prefix: eventPrefix },
    Told,
  )) as unknown as Event[];

async function everyFinding(): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await listFindings(database.app, { limit: 7, after });
    ids.push(...page.findings.map(({ id, ownerId = '' }) => `${id} ${ownerId}`));
    after = page.after;
  } while (after);
  return ids.sort();
}

/** What each contact's name says by itself, as it is now. */
async function expected(ids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const id of ids) {
    const record = await readRecord(database.app, '0-1', { id });
    if (!record) continue;
    const { findings } = suggestName(record.properties);
    found.push(...findings.map((type) => `${id}-${type} ${record.properties.hubspot_owner_id ?? ''}`));
  }
  return found.sort();
}

const withoutDuplicates = (found: readonly string[]) => found.filter((each) => !each.includes('DUPLICATE_PERSON'));

test('events that come twice, late, in any order and to several at once leave exactly what the contacts say', async () => {
  const draw = random(54);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(draw() * of.length)] as T;
  const ids: string[] = [];
  const owner = (values: Record<string, string>) => ({ ...values, hubspot_owner_id: pick(owners) });
  const values = () =>
    owner({ lastname: pick(names), firstname: pick(given), phone: pick(phones), company: pick(companies) });
  for (let n = 0; n < 30; n += 1) {
    const { id } = await createRecord(database.app, '0-1', { ...values(), email: `n${n}@example.co.jp` });
    ids.push(id);
  }
  const told: Event[] = [];
  for (let round = 0; round < 4; round += 1) {
    const changes = ids.map(async (id) => {
      if (draw() < 0.5 && (await readRecord(database.app, '0-1', { id })))
        await updateRecord(database.app, '0-1', { id }, values());
      if (draw() < 0.03) await archiveRecord(database.app, '0-1', id);
    });
    const reading =
      told.length > 0
        ? [projectNames(database.app, told.splice(0, 40)), projectNames(database.app, told.slice(0, 40))]
        : [];
    await Promise.all([...changes, ...reading]);
    for (const id of ids) told.push(...(await eventsOf(id)));
    told.sort(() => draw() - 0.5);
  }
  await Promise.all([projectNames(database.app, told), projectNames(database.app, [...told].reverse())]);
  const found = await everyFinding();
  expect(withoutDuplicates(found)).toEqual(await expected(ids));
  expect(found.length).toBeGreaterThan(20);
  expect((await summariseFindings(database.app)).total).toBe(found.length);
  expect(await disagreements(database)).toEqual([]);
});

const create = async (values: Record<string, string>) => (await createRecord(database.app, '0-1', values)).id;
const doublesOf = async (id: string) => {
  const { findings } = await listFindings(database.app, { type: 'DUPLICATE_PERSON', limit: 100 });
  return findings.find(({ recordId }) => recordId === id)?.duplicates;
};

test('of two contacts that seem to be one person each names the other, until one of them changes', async () => {
  const one = await create({ lastname: '小田', firstname: '一', company: '株式会社ダブル' });
  const other = await create({ lastname: '小田', firstname: '一', company: '㈱ダブル' });
  await Promise.all([bringNamesUpToDate(database.app, [one]), bringNamesUpToDate(database.app, [other])]);
  expect([await doublesOf(one), await doublesOf(other)]).toEqual([[other], [one]]);
  await updateRecord(database.app, '0-1', { id: other }, { company: '株式会社べつ' });
  await bringNamesUpToDate(database.app, [other]);
  expect([await doublesOf(one), await doublesOf(other)]).toEqual([undefined, undefined]);
});

test.each([
  [{ phone: '090-5555-6666', lastname: '甲' }, { mobilephone: '０９０（５５５５）６６６６', lastname: '乙' }, true],
  [{ phone: '03-9999-8888', lastname: '甲田' }, { phone: '0399998888', lastname: '甲田' }, true],
  [{ phone: '03-9999-7777', lastname: '甲野' }, { phone: '03-9999-7777', lastname: '乙野' }, false],
  [{ email: 'ta.ro+crm@gmail.com' }, { email: 'taro@googlemail.com' }, true],
  [{ email: 'ta.ro@a.example.jp' }, { email: 'taro@a.example.jp' }, false],
  [
    { lastname: '髙橋', firstname: '渚', company: 'キヤノン株式会社' },
    { lastname: '高橋', firstname: '渚', company: '(株)キャノン' },
    true,
  ],
  [{ lastname: '高橋', firstname: '岬' }, { lastname: '高橋', firstname: '岬' }, false],
])('%j and %j: one person? %s', async (first, second, same) => {
  const one = await create(first as Record<string, string>);
  const other = await create(second as Record<string, string>);
  await bringNamesUpToDate(database.app, [one, other]);
  expect(await doublesOf(one)).toEqual(same ? [other] : undefined);
});

test('sixty contacts of one number that come at once all know of others, and so does the one that was there before', async () => {
  const before = await create({ mobilephone: '080-7777-0000' });
  await bringNamesUpToDate(database.app, [before]);
  const many: string[] = [];
  for (let n = 0; n < 60; n += 1) many.push(await create({ mobilephone: '080-7777-0000' }));
  const half = many.length / 2;
  await Promise.all([
    bringNamesUpToDate(database.app, many.slice(0, half)),
    bringNamesUpToDate(database.app, many.slice(half)),
  ]);
  const { findings } = await listFindings(database.app, { type: 'DUPLICATE_PERSON', limit: 100 });
  const found = new Set(findings.map(({ recordId }) => recordId));
  expect([before, ...many].filter((id) => !found.has(id))).toEqual([]);
  expect(await disagreements(database)).toEqual([]);
});

test('what a sign was made of goes with the last contact that had it', async () => {
  const row = () => database.app.table.get(samePersonKey('phone#+819022223333'), z.unknown());
  const ids = [await create({ phone: '090-2222-3333' }), await create({ phone: '090-2222-3333' })];
  await bringNamesUpToDate(database.app, ids);
  expect(await row()).toBeDefined();
  for (const id of ids) {
    await archiveRecord(database.app, '0-1', id);
    await bringNamesUpToDate(database.app, [id]);
  }
  expect(await row()).toBeUndefined();
});

test('a number of very many contacts stays a small row, and each of them is told', async () => {
  const sign = samePersonKey('phone#+818099990000');
  const group = Array.from({ length: 60 }, (_, n) => `9000000${n}`);
  await database.app.table.commit([
    { update: sign, set: { entity: 'same-person', sign: 'phone#+818099990000' }, add: { contactIds: new Set(group) } },
  ]);
  const late = await create({ mobilephone: '080-9999-0000' });
  await bringNamesUpToDate(database.app, [late]);
  expect(await doublesOf(late)).toHaveLength(5);
  expect((await database.app.table.get(sign, SamePersonRow))?.contactIds?.size).toBe(60);
});
