import { afterAll, beforeAll, expect, test } from 'vitest';
import { FormSubmitted } from '../../../events/form.ts';
import { detachAssociations } from '../../../lib/associations/detach.ts';
import { associate, dissociate } from '../../../lib/associations/store.ts';
import { envelopeOf } from '../../../lib/core/app.ts';
import { readJob } from '../../../lib/jobs/store.ts';
import { changeMembers } from '../../../lib/lists/members.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { choose } from '../../../lib/subscriptions/choose.ts';
import { appendEvent } from '../../../lib/table/event-log.ts';
import { inParallel } from '../../../lib/table/in-parallel.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { allOf, associatedWith, membersIn, property, storeList } from '../../support/dynamic-lists.ts';
import { allEvents, deliver, mockJobs } from '../../support/reports.ts';

let database: Database;
let jobs: ReturnType<typeof mockJobs>;
const seen = new Set<string>();
beforeAll(async () => {
  jobs = mockJobs();
  database = await startDatabase();
});
afterAll(async () => {
  jobs.restore();
  await database.close();
});

const contact = (properties: Record<string, string>) => createRecord(database.app, '0-1', properties);
const company = (properties: Record<string, string>) => createRecord(database.app, '0-2', properties);
const ref = ({ objectType, id }: { objectType: string; id: string }) => ({ objectType, id });
const isA = (city: string) =>
  property('city', { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: [city] });

/** The events since the last time, and what they lead to, until nothing is left. */
async function catchUp({ reversed = false } = {}): Promise<void> {
  for (;;) {
    const fresh = (await allEvents(database.app)).filter(({ sk }) => !seen.has(sk));
    if (fresh.length === 0) return;
    for (const { sk } of fresh) seen.add(sk);
    const batch = reversed ? fresh.toReversed() : fresh;
    for (let start = 0; start < batch.length; start += 100) await deliver(batch.slice(start, start + 100));
    await jobs.work(database.app);
  }
}

async function stored(...given: Parameters<typeof storeList> extends [unknown, ...infer Rest] ? Rest : never) {
  const list = await storeList(database.app, ...given);
  await jobs.work(database.app);
  return list;
}
const members = (list: { listId: string }) => membersIn(database.app, list.listId);

test('a contact comes in when it is changed so, goes when it is changed back, and no event counts twice', async () => {
  const list = await stored(allOf([isA('札幌')]));
  const { id } = await contact({ email: 'sapporo@example.co.jp', city: '東京' });
  await catchUp();
  expect(await members(list)).toEqual([]);

  await updateRecord(database.app, '0-1', { id }, { city: '札幌' });
  await catchUp();
  expect(await members(list)).toEqual([id]);
  const events = (await allEvents(database.app)).filter(({ pk }) => pk === `0-1#${id}`);
  for (let time = 0; time < 3; time += 1) await deliver([...events, ...events].toReversed());
  const logged = (await allEvents(database.app)).filter(
    ({ pk, type }) => pk === `0-1#${id}` && type === 'list.member-added',
  );
  expect(logged).toHaveLength(1);

  await updateRecord(database.app, '0-1', { id }, { city: '東京' });
  await catchUp({ reversed: true });
  expect(await members(list)).toEqual([]);
});

test('who goes to the archive leaves', async () => {
  const list = await stored(allOf([isA('函館')]));
  const { id } = await contact({ email: 'hakodate@example.co.jp', city: '函館' });
  await catchUp();
  expect(await members(list)).toEqual([id]);
  await archiveRecord(database.app, '0-1', id);
  await catchUp();
  expect(await members(list)).toEqual([]);
});

test('what is associated counts, whichever side the association was made from, and whichever side is changed', async () => {
  const list = await stored(allOf([], [associatedWith('0-2', 279, [isA('仙台')])]));
  const [one, two] = [await contact({ email: 'a1@example.co.jp' }), await contact({ email: 'a2@example.co.jp' })];
  const firm = await company({ name: '仙台商事', city: '仙台' });
  await associate(database.app, ref(one), ref(firm), 'default');
  await associate(database.app, ref(firm), ref(two), 'default');
  await catchUp();
  expect(await members(list)).toEqual([one.id, two.id]);

  await updateRecord(database.app, '0-2', firm, { city: '東京' });
  await catchUp();
  expect(await members(list)).toEqual([]);
  await updateRecord(database.app, '0-2', firm, { city: '仙台' });
  await catchUp();
  expect(await members(list)).toEqual([one.id, two.id]);

  await dissociate(database.app, ref(firm), ref(one), 'all');
  await catchUp();
  expect(await members(list)).toEqual([two.id]);
  await dissociate(database.app, ref(two), ref(firm), 'all');
  await catchUp();
  expect(await members(list)).toEqual([]);
});

test.each([
  ['before its associations are moved'],
  ['after its associations were moved'],
])('a company in the archive counts for nobody: its event is heard %s', async (when) => {
  const list = await stored(allOf([], [associatedWith('0-2', 279, [isA(`盛岡${when}`)])]));
  const one = await contact({ email: `morioka.${when.split(' ')[0]}@example.co.jp` });
  const firm = await company({ name: '盛岡', city: `盛岡${when}` });
  await associate(database.app, ref(one), ref(firm), 'default');
  await catchUp();
  expect(await members(list)).toEqual([one.id]);
  await archiveRecord(database.app, '0-2', firm.id);
  if (when.startsWith('after')) await detachAssociations(database.app, ref(firm));
  await catchUp();
  expect(await members(list)).toEqual([]);
});

test('a change that concerns more contacts than one batch may look at is spread by a job', {
  timeout: 150_000,
}, async () => {
  const firm = await company({ name: '那覇', city: '東京' });
  const ids = await inParallel(Array.from({ length: 230 }), 8, async (_, n) => {
    const made = await contact({ email: `naha${n}@example.co.jp` });
    await associate(database.app, ref(made), ref(firm), 'default');
    return made.id;
  });
  // What was there before the list is the business of its back-fill; the records are counted all the same.
  const before = (await allEvents(database.app)).filter(({ sk }) => !seen.has(sk));
  for (const { sk } of before) seen.add(sk);
  await deliver(before.filter(({ type }) => type === 'record.created'));
  const list = await stored(allOf([], [associatedWith('0-2', 279, [isA('那覇')])]));
  await updateRecord(database.app, '0-2', firm, { city: '那覇' });
  const event = (await allEvents(database.app)).at(-1);
  if (!event) throw new Error('no event');
  await deliver([event]);
  await deliver([event]);
  expect(await members(list)).toEqual([]);
  const ofList = jobs.messages.map(({ jobId }) => jobId).filter((jobId) => jobId.includes(list.listId));
  expect(new Set(ofList).size).toBe(1);
  await jobs.work(database.app);
  expect(await members(list)).toEqual(ids.toSorted());
  await catchUp();
});

test('a list follows a list, also one that is filled by hand, and what an associated company is in', async () => {
  const hand = await storeList(database.app, allOf([]), { processingType: 'MANUAL' });
  const base = await stored(allOf([isA('金沢')]));
  const inBase = { filterType: 'IN_LIST', listId: base.listId, operator: 'IN_LIST' };
  const notInHand = { filterType: 'IN_LIST', listId: hand.listId, operator: 'NOT_IN_LIST' };
  const list = await stored(allOf([inBase, notInHand]));
  const { id } = await contact({ email: 'kanazawa@example.co.jp', city: '金沢' });
  await catchUp();
  expect(await members(list)).toEqual([id]);
  await changeMembers(database.app, hand, { add: [id], remove: [] });
  await catchUp();
  expect(await members(list)).toEqual([]);
  await changeMembers(database.app, hand, { add: [], remove: [id] });
  await catchUp();
  expect(await members(list)).toEqual([id]);
  await updateRecord(database.app, '0-1', { id }, { city: '富山' });
  await catchUp();
  expect(await members(list)).toEqual([]);
});

test('forms that were sent, mail that is wanted: from the events of the contact', async () => {
  const sent = { filterType: 'FORM_SUBMISSION', formId: 'f1', operator: 'FILLED_OUT' };
  const twice = { ...sent, coalescingRefineBy: { type: 'NUM_OCCURRENCES', minOccurrences: 2 } };
  const wants = { filterType: 'EMAIL_SUBSCRIPTION', subscriptionIds: ['1'], acceptedStatuses: ['OPT_IN'] };
  const [once, often, mail] = [
    await stored(allOf([sent])),
    await stored(allOf([twice])),
    await stored(allOf([isA('松本'), wants])),
  ];
  const made = await contact({ email: 'matsumoto@example.co.jp', city: '松本' });
  const submit = async () => {
    const form = { formId: 'f1', submissionId: database.app.newId(), submittedAt: database.app.now(), values: [] };
    await database.app.table.commit([appendEvent(FormSubmitted.of({ ...envelopeOf(database.app, made), ...form }))]);
    await catchUp();
  };
  await catchUp();
  expect([await members(once), await members(often), await members(mail)]).toEqual([[], [], [made.id]]);
  await submit();
  expect([await members(once), await members(often)]).toEqual([[made.id], []]);
  await submit();
  expect([await members(once), await members(often)]).toEqual([[made.id], [made.id]]);
  const chooser = { email: 'matsumoto@example.co.jp' };
  const wish = { scope: '1', choice: { source: 'PAGE' as const } };
  await choose(database.app, chooser, [{ ...wish, wanted: false }]);
  await catchUp();
  expect(await members(mail)).toEqual([]);
  await choose(database.app, chooser, [{ ...wish, wanted: true }]);
  await catchUp();
  expect(await members(mail)).toEqual([made.id]);
});

test('other filters: who met the former ones leaves, who meets the new ones comes, and the job says how far it is', async () => {
  const first = await stored(allOf([isA('高知')]));
  const [one, two] = [
    await contact({ email: 'k1@example.co.jp', city: '高知' }),
    await contact({ email: 'k2@example.co.jp', city: '松山' }),
  ];
  await catchUp();
  expect(await members(first)).toEqual([one.id]);
  const second = await storeList(database.app, allOf([isA('松山')]), { before: first });
  const [message] = jobs.messages;
  await jobs.work(database.app);
  expect(await members(second)).toEqual([two.id]);
  const job = await readJob(database.app, message?.jobId ?? '');
  expect(job).toMatchObject({ status: 'COMPLETED', kind: 'list-backfill' });
  expect(job.done).toBeGreaterThan(200);
  expect(job.total).toBe(job.done);
});

test('whoever other filters bring in quietly begins no flow, and whoever comes later does', async () => {
  const first = await stored(allOf([isA('岡山')]));
  const there = await contact({ email: 'q1@example.co.jp', city: '倉敷' });
  const second = await storeList(database.app, allOf([isA('倉敷')]), { before: first, quiet: true });
  await jobs.work(database.app);
  const late = await contact({ email: 'q2@example.co.jp', city: '倉敷' });
  await catchUp();
  expect(await members(second)).toEqual([there.id, late.id]);
  const added = (await allEvents(database.app)).filter(
    ({ type, detail }) => type === 'list.member-added' && (detail as { listId: string }).listId === second.listId,
  );
  expect(added.map(({ detail }) => (detail as { quiet?: boolean }).quiet)).toEqual([true, undefined]);
});

test('a snapshot takes in who meets its filters once, and follows nobody afterwards', async () => {
  const one = await contact({ email: 's1@example.co.jp', city: '長崎' });
  const list = await stored(allOf([isA('長崎')]), { processingType: 'SNAPSHOT' });
  const late = await contact({ email: 's2@example.co.jp', city: '長崎' });
  await updateRecord(database.app, '0-1', one, { city: '佐賀' });
  await catchUp();
  expect(await members(list)).toEqual([one.id]);
  expect(late.id).not.toBe(one.id);
});

test('the projector takes an event of a record that nobody has, and of one that was never in a list', async () => {
  const event = (await allEvents(database.app))[0];
  if (!event) throw new Error('no event');
  const list = await stored(allOf([], [associatedWith('0-2', 279, [isA('ない')])]));
  await deliver([{ ...event, detail: { ...(event.detail as object), recordId: '999' } }]);
  expect(await members(list)).toEqual([]);
});
