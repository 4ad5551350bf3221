import { afterAll, beforeAll, expect, test } from 'vitest';
import { detachAssociations } from '../../../lib/associations/detach.ts';
import { associate, dissociate, listAssociated } from '../../../lib/associations/store.ts';
import { readJob } from '../../../lib/jobs/store.ts';
import { findList } from '../../../lib/lists/dynamic/read-store.ts';
import { membershipsOf } from '../../../lib/lists/members.ts';
import type { StoredList } from '../../../lib/lists/schema.ts';
import { listRecords } from '../../../lib/objects/read-store.ts';
import { archiveRecord, type CrmRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { inParallel } from '../../../lib/table/in-parallel.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { allOf, associatedWith, membersIn, property, storeList } from '../../support/dynamic-lists.ts';
import { random } from '../../support/random.ts';
import { allEvents, deliver, type EventItem, mockJobs } from '../../support/reports.ts';

let database: Database;
let jobs: ReturnType<typeof mockJobs>;
beforeAll(async () => {
  jobs = mockJobs();
  database = await startDatabase();
});
afterAll(async () => {
  jobs.restore();
  await database.close();
});

const drawn = random(11);
const below = (most: number) => Math.floor(drawn() * most);
const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
const cities = ['東京', '大阪', '福岡'];
const isIn = (city: string) =>
  property('city', { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: [city] });
const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((item) => ({ item, place: drawn() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
const ignoreGone = (error: unknown) => {
  if (!(error instanceof Error) || !/not found|No (contact|company)/i.test(error.message)) throw error;
};
const deal = { pipeline: 'default', dealstage: 'closedwon' };
const contactRef = (id: string) => ({ objectType: '0-1', id });
const companyRef = (id: string) => ({ objectType: '0-2', id });

/** One writer: people move, firms move, they find and leave each other, some go to the archive. */
async function write(people: string[], firms: string[], rounds: number): Promise<void> {
  const { app } = database;
  for (let done = 0; done < rounds; done += 1) {
    const [person, firm] = [one(people), one(firms)];
    const action = below(12);
    if (action < 2) people.push((await createRecord(app, '0-1', { lastname: '田中', city: one(cities) })).id);
    else if (action < 5) await updateRecord(app, '0-1', { id: person }, { city: one(cities) }).catch(ignoreGone);
    else if (action < 7) await updateRecord(app, '0-2', { id: firm }, { city: one(cities) }).catch(ignoreGone);
    else if (action < 9) await associate(app, contactRef(person), companyRef(firm), 'default').catch(ignoreGone);
    else if (action < 10) await associate(app, companyRef(firm), contactRef(person), 'default').catch(ignoreGone);
    else if (action < 11) await dissociate(app, companyRef(firm), contactRef(person), 'all').catch(ignoreGone);
    else if (below(3) > 0) await archiveRecord(app, '0-1', person);
    else {
      await archiveRecord(app, '0-2', firm);
      await detachAssociations(app, companyRef(firm));
    }
  }
}

async function deliverAll(items: readonly EventItem[]): Promise<void> {
  for (let start = 0; start < items.length; start += 40) await deliver(items.slice(start, start + 40));
}

/** Hands over what happened since, twice, in any order, by three invocations at once, as long as the writers write. */
async function deliverWhile(seen: Set<string>, isWriting: () => boolean): Promise<void> {
  for (let quiet = false; ; ) {
    const fresh = (await allEvents(database.app)).filter(({ sk }) => !seen.has(sk));
    for (const { sk } of fresh) seen.add(sk);
    const batch = shuffled([...fresh, ...fresh]);
    const third = Math.ceil(batch.length / 3) || 1;
    await Promise.all([0, 1, 2].map((part) => deliverAll(batch.slice(part * third, (part + 1) * third))));
    if (quiet && fresh.length === 0) return;
    quiet = !isWriting();
  }
}

async function live(objectType: string): Promise<CrmRecord[]> {
  const found: CrmRecord[] = [];
  for (let after = ''; ; ) {
    const page = await listRecords(database.app, objectType, { archived: false, limit: 500, ...(after && { after }) });
    found.push(...page.records);
    if (!page.more) return found;
    after = page.records.at(-1)?.id ?? '';
  }
}

/** Who is in which city, and whose firms are where: looked up as a person would. */
async function lookedUp() {
  const firms = new Map((await live('0-2')).map(({ id, properties }) => [id, properties.city]));
  return inParallel(await live('0-1'), 8, async ({ id, properties }) => {
    const { items } = await listAssociated(database.app, contactRef(id), '0-2', { limit: 500 });
    return { id, city: properties.city, firmCities: items.flatMap(({ to }) => firms.get(to.id) ?? []) };
  });
}

const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id).toSorted();

/** A slice has 200 records. */
const dealsOfSlices = 850;

const longest = { timeout: 150_000 };

test(
  'lists are exact after a storm of writes with events doubled and out of order, and back-fills meanwhile',
  longest,
  async () => {
    const { app } = database;
    const people = await inParallel(Array.from({ length: 120 }), 8, async () => {
      return (await createRecord(app, '0-1', { lastname: '田中', city: one(cities) })).id;
    });
    const firms = await inParallel(Array.from({ length: 12 }), 4, async (_, n) => {
      return (await createRecord(app, '0-2', { name: `会社${n}`, city: one(cities) })).id;
    });
    const seen = new Set<string>();
    const alone = await storeList(app, allOf([isIn('東京')]));
    const byFirm = await storeList(app, allOf([isIn('大阪')], [associatedWith('0-2', 279, [isIn('福岡')])]));
    let writing = true;
    const writers = Promise.all([0, 1, 2].map(() => write(people, firms, 50))).then(() => {
      writing = false;
    });
    const backfills = async (): Promise<StoredList[]> => {
      await jobs.work(app);
      const inOther = (listId: string, operator: string) => ({ filterType: 'IN_LIST', listId, operator });
      const neither = await storeList(
        app,
        allOf([inOther(alone.listId, 'NOT_IN_LIST'), inOther(byFirm.listId, 'NOT_IN_LIST')]),
      );
      // Other filters in the middle of the storm, and while the first ones are still at work.
      const changing = await storeList(app, allOf([isIn('大阪')]));
      const changed = await storeList(app, allOf([isIn('福岡')]), { before: changing });
      await jobs.work(app);
      return [neither, changed];
    };
    const [, , made] = await Promise.all([writers, deliverWhile(seen, () => writing), backfills()]);
    await jobs.work(app);
    await deliverWhile(seen, () => false);
    await jobs.work(app);
    await deliverWhile(seen, () => false);

    const [neither, changed] = made as [StoredList, StoredList];
    const found = await lookedUp();
    const tokyo = found.filter(({ city }) => city === '東京');
    const osaka = found.filter(({ city, firmCities }) => city === '大阪' && firmCities.includes('福岡'));
    const others = found.filter((each) => !tokyo.includes(each) && !osaka.includes(each));
    expect(await membersIn(app, alone.listId)).toEqual(idsOf(tokyo));
    expect(await membersIn(app, byFirm.listId)).toEqual(idsOf(osaka));
    expect(osaka.length).toBeGreaterThan(2);
    expect(await membersIn(app, neither.listId)).toEqual(idsOf(others));
    expect(await membersIn(app, changed.listId)).toEqual(idsOf(found.filter(({ city }) => city === '福岡')));
    for (const { listId } of [alone, byFirm, neither, changed])
      expect((await findList(app, listId))?.processingStatus).toBe('COMPLETE');
    const [first] = tokyo;
    expect((await membershipsOf(app, contactRef(first?.id ?? ''))).map(({ listId }) => listId)).toEqual([alone.listId]);
  },
);

test(
  'a back-fill of several slices is exact though they change meanwhile, and though two workers have each slice',
  longest,
  async () => {
    const { app } = database;
    const ids = await inParallel(Array.from({ length: dealsOfSlices }), 10, async (_, n) => {
      return (await createRecord(app, '0-3', { ...deal, dealname: `契約${n % 4}` })).id;
    });
    const list = await storeList(
      app,
      allOf([property('dealname', { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: ['契約1'] })]),
      { objectTypeId: '0-3' },
    );
    const message = jobs.messages.at(-1);
    jobs.messages.push(...(message ? [message] : []));
    const changes = inParallel(Array.from({ length: 80 }), 2, () =>
      updateRecord(app, '0-3', { id: one(ids) }, { dealname: `契約${below(4)}` }),
    );
    await Promise.all([jobs.work(app), changes]);
    const told = (await allEvents(app)).filter(({ pk, type }) => pk.startsWith('0-3#') && type === 'record.updated');
    await deliverAll(shuffled(told));
    const wanted = (await live('0-3')).filter(({ properties }) => properties.dealname === '契約1');
    expect(await membersIn(app, list.listId)).toEqual(idsOf(wanted));
    expect(await readJob(app, message?.jobId ?? '')).toMatchObject({ status: 'COMPLETED', done: dealsOfSlices });
  },
);
