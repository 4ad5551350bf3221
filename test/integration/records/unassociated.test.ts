import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { EventDetail } from '../../../events/define.ts';
import { handler as listUnassociated } from '../../../functions/associations/list-unassociated.ts';
import { detachAssociations } from '../../../lib/associations/detach.ts';
import { putPolicies } from '../../../lib/associations/policy-change.ts';
import { associate, dissociate } from '../../../lib/associations/store.ts';
import { reconsider } from '../../../lib/associations/unassociated.ts';
import { projectUnassociated } from '../../../lib/associations/unassociated-project.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { JobMessage, workOn } from '../../../lib/jobs/work.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { eventPrefix, recordKey } from '../../../lib/table/keys.ts';
import { createUser } from '../../../lib/users/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { random } from '../../support/random.ts';

const sqs = mockClient(SQSClient);
const waiting: JobMessage[] = [];
sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }: { Entries?: { MessageBody?: string }[] }) => {
  waiting.push(...Entries.map(({ MessageBody = '' }) => JobMessage.parse(JSON.parse(MessageBody))));
  return { Successful: [], Failed: [] };
});
let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});
const sources = ['api' as const];
const policy = (objectType: string, ...groups: string[][]) => ({
  objectType,
  requires: groups.map((anyOf) => ({ anyOf })),
  mode: 'warn' as const,
  sources,
});
async function work(): Promise<void> {
  for (let message = waiting.shift(); message; message = waiting.shift()) await workOn(database.app, message, jobKinds);
}
async function put(...policies: ReturnType<typeof policy>[]): Promise<void> {
  await putPolicies(database.app, policies);
  await work();
}
beforeEach(() => put());

let made = 0;
const next = () => {
  made += 1;
  return made;
};
type Ref = { readonly objectType: string; readonly id: string };
const contact = (properties = {}) =>
  createRecord(database.app, '0-1', { email: `lacks${next()}@example.co.jp`, ...properties });
const deal = (properties = {}) => createRecord(database.app, '0-3', { dealname: `取引${next()}`, ...properties });

const Stored = z.object({ pk: z.string(), sk: z.string(), type: z.string(), detail: EventDetail });
/** The events of these records, as the stream tells of them. */
async function eventsOf(...refs: readonly Ref[]) {
  const found = [];
  for (const ref of refs)
    found.push(...(await database.app.table.all({ pk: recordKey(ref).pk, prefix: eventPrefix }, Stored)));
  return found.map(({ type, detail }) => ({ type, detail })).toSorted((a, b) => (a.detail.id < b.detail.id ? -1 : 1));
}
const project = async (...refs: readonly Ref[]) => projectUnassociated(database.app, await eventsOf(...refs));

type Page = {
  results: { recordId: string; ownerId?: string; missing: unknown[]; suggestions: { toObjectId: string }[] }[];
  paging?: { next: { after: string; link: string } };
};
async function listed(objectType: string, query = {}): Promise<Page> {
  const answer = await call(listUnassociated, { headers: bearer(), query: { objectType, ...query } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Page;
}
const idsListed = async (objectType: string, query = {}) =>
  (await listed(objectType, query)).results.map(({ recordId }) => recordId);

test('a deal without a contact is listed, under its owner too, and leaves when it gets one', async () => {
  await put(policy('0-3', ['0-1'], ['0-2', '0-5']));
  const own = await deal();
  await project(own);
  expect((await listed('deals')).results).toMatchObject([
    { recordId: own.id, missing: [{ anyOf: ['contacts'] }, { anyOf: ['companies', 'tickets'] }] },
  ]);
  const person = await contact();
  await associate(database.app, own, person, 'default');
  await project(own);
  expect((await listed('deals')).results).toMatchObject([{ missing: [{ anyOf: ['companies', 'tickets'] }] }]);
  const company = await createRecord(database.app, '0-2', { name: '会社' });
  await associate(database.app, company, own, 'default');
  await project(company);
  expect(await idsListed('deals')).toEqual([]);
  await dissociate(database.app, own, person, 'all');
  await project(own);
  expect(await idsListed('deals')).toEqual([own.id]);
  await archiveRecord(database.app, '0-3', own.id);
  await project(own);
  expect(await idsListed('deals')).toEqual([]);
});

test('a record is listed under the owner that it has now', async () => {
  await put(policy('0-3', ['0-1']));
  const [one, two] = [
    await createUser(database.app, { email: 'one@example.co.jp' }),
    await createUser(database.app, { email: 'two@example.co.jp' }),
  ];
  const own = await deal({ hubspot_owner_id: one.id });
  await project(own);
  expect(await idsListed('deals', { ownerId: one.id })).toEqual([own.id]);
  await updateRecord(database.app, '0-3', own, { hubspot_owner_id: two.id });
  await project(own);
  expect(await idsListed('deals', { ownerId: one.id })).toEqual([]);
  expect(await idsListed('deals', { ownerId: two.id })).toEqual([own.id]);
  await associate(database.app, own, await contact(), 'default');
  await project(own);
  expect(await idsListed('deals', { ownerId: two.id })).toEqual([]);
});

test('an associated record in the archive counts for nobody, before and after its associations are moved away', async () => {
  await put(policy('0-3', ['0-1']));
  const [own, person] = [await deal(), await contact()];
  await associate(database.app, own, person, 'default');
  await project(own);
  await archiveRecord(database.app, '0-1', person.id);
  await project(person);
  expect(await idsListed('deals')).toEqual([own.id]);
  await detachAssociations(database.app, person);
  await project(person);
  expect(await idsListed('deals')).toEqual([own.id]);
});

test('a policy that is put looks at all records that are there, one that is taken back forgets them', async () => {
  const [without, with_] = [await deal(), await deal()];
  await associate(database.app, with_, await contact(), 'default');
  expect(await idsListed('deals')).toEqual([]);
  await put(policy('0-3', ['0-1']));
  const ids = await idsListed('deals', { limit: '50' });
  expect(ids).toContain(without.id);
  expect(ids).not.toContain(with_.id);
  await put(policy('0-3', ['0-2']));
  expect(await idsListed('deals', { limit: '50' })).toEqual(expect.arrayContaining([without.id, with_.id]));
  await put();
  expect(await idsListed('deals')).toEqual([]);
});

test('duplicates, any order and many at once leave the list as the records are', async () => {
  await put(policy('0-3', ['0-1']));
  const chance = random(20261125);
  const person = await contact();
  const deals = [];
  for (let n = 0; n < 12; n += 1) deals.push(await deal());
  const changes = deals.map(async (own, n) => {
    for (let step = 0; step <= n % 4; step += 1) {
      await associate(database.app, own, person, 'default');
      await Promise.all([project(own), reconsider(database.app, [own])]);
      if (step < n % 3) await dissociate(database.app, own, person, 'all');
      await project(own);
    }
  });
  await Promise.all(changes);
  const events = await eventsOf(...deals, person);
  const shuffled = [...events, ...events].toSorted(() => chance() - 0.5);
  await Promise.all(
    [0, 1, 2].map((part) =>
      projectUnassociated(
        database.app,
        shuffled.filter((_, n) => n % 3 === part),
      ),
    ),
  );
  const lacking = deals.filter((_, n) => n % 4 < n % 3).map(({ id }) => id);
  const ids = new Set(await idsListed('deals', { limit: '50' }));
  expect(deals.map(({ id }) => id).filter((id) => ids.has(id))).toEqual(lacking);
});

test('the list is paged to its end', async () => {
  await put(policy('0-3', ['0-1']));
  const own = [];
  for (let n = 0; n < 5; n += 1) own.push(await deal());
  await project(...own);
  const all = await idsListed('deals', { limit: '50' });
  const seen: string[] = [];
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const page: Page = await listed('deals', { limit: '3', after });
    seen.push(...page.results.map(({ recordId }) => recordId));
    after = page.paging?.next.after;
  }
  expect(seen).toEqual(all);
  const wrong: Record<string, string>[] = [{}, { objectType: 'unicorns' }, { objectType: 'deals', after: 'x' }];
  for (const query of [...wrong, { objectType: 'deals', limit: '51' }, { objectType: 'deals', ownerId: 'x' }])
    expect((await call(listUnassociated, { headers: bearer(), query })).status).toBe(400);
});

test('a mail, a call and a note are told whose they may be', async () => {
  await put(policy('0-49', ['0-3']), policy('0-48', ['0-3']), policy('0-46', ['0-3', '0-1']));
  const target = await deal({ advertiser_id: 'AD-00123' });
  const person = await contact({ email: 'tanaka@example.co.jp', mobilephone: '090-1234-5678' });
  const theirs = await deal();
  await associate(database.app, theirs, person, 'default');
  const at = { hs_timestamp: '2026-11-25T00:00:00Z' };
  const mail = await createRecord(database.app, '0-49', {
    ...at,
    hs_email_direction: 'INCOMING_EMAIL',
    hs_email_subject: '【広告主ID：ａｄ－００１２３】お問い合わせ',
    hs_email_headers: '{"from":{"email":"Tanaka@example.co.jp"}}',
  });
  const phoned = await createRecord(database.app, '0-48', { ...at, hs_call_to_number: '０９０（１２３４）５６７８' });
  const noted = await createRecord(database.app, '0-46', { ...at, hs_note_body: '誰のものか分からない' });
  await project(mail, phoned, noted);
  expect((await listed('emails')).results[0]?.suggestions).toEqual([
    { toObjectType: '0-3', toObjectId: target.id, reason: 'ADVERTISER_ID' },
    { toObjectType: '0-3', toObjectId: theirs.id, reason: 'EMAIL' },
  ]);
  expect((await listed('calls')).results[0]?.suggestions).toEqual([
    { toObjectType: '0-3', toObjectId: theirs.id, reason: 'PHONE' },
  ]);
  expect((await listed('notes')).results[0]?.suggestions).toEqual([]);
});
