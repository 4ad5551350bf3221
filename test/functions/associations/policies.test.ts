import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../../events/define.ts';
import { handler as batchArchive } from '../../../functions/associations/batch-archive.ts';
import { handler as getPolicies } from '../../../functions/associations/get-policies.ts';
import { handler as putPolicies } from '../../../functions/associations/put-policies.ts';
import { handler as removePair } from '../../../functions/associations/remove.ts';
import { handler as batchCreate } from '../../../functions/objects/batch-create.ts';
import { handler as batchUpsert } from '../../../functions/objects/batch-upsert.ts';
import { handler as create } from '../../../functions/objects/create.ts';
import { associate, listAssociated } from '../../../lib/associations/store.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

const sqs = mockClient(SQSClient);
sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
let database: Database;
let made = 0;
const headers = bearer();
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});
afterEach(() => put([]));

const put = (body: unknown) => call(putPolicies, { headers, method: 'PUT', body });
const sources = ['api', 'ui', 'form', 'import', 'workflow'];
const policy = (objectType: string, anyOf: readonly string[][], mode = 'block', from = sources) => ({
  objectType,
  requires: anyOf.map((group) => ({ anyOf: group })),
  mode,
  sources: from,
});
const next = () => {
  made += 1;
  return made;
};
const contact = () => createRecord(database.app, '0-1', { email: `policy${next()}@example.co.jp` });
const deal = () => createRecord(database.app, '0-3', { dealname: `取引${next()}` });
const to = (id: string, associationTypeId: number) => ({
  to: { id },
  types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
});
/** From a deal to a contact, from a note to a deal. */
const [dealToContact, noteToDeal] = [3, 214];
const created = (objectType: string, body: unknown) => call(create, { headers, path: { objectType }, body });
const note = { hs_note_body: '打ち合わせ', hs_timestamp: '2026-11-25T00:00:00Z' };

test('policies are put all at once and answered with the names of types', async () => {
  const given = [policy('0-3', [['contact'], ['companies', 'tickets']]), policy('notes', [['deals']], 'warn', ['api'])];
  const shown = [policy('deals', [['contacts'], ['companies', 'tickets']]), given[1]];
  expect(await put(given)).toMatchObject({ status: 200, body: shown });
  expect((await call(getPolicies, { headers })).body).toEqual(shown);
  expect((await put([])).body).toEqual([]);
  expect((await call(getPolicies, { headers })).body).toEqual([]);
});

test.each([
  ['no list', {}],
  ['an unknown type', [policy('unicorns', [['deals']])]],
  ['an unknown required type', [policy('deals', [['unicorns']])]],
  ['two policies of a type', [policy('deals', [['contacts']]), policy('0-3', [['companies']])]],
  ['nothing required', [policy('deals', [])]],
  ['an empty group', [policy('deals', [[]])]],
  ['an unknown mode', [policy('deals', [['contacts']], 'maybe')]],
  ['an unknown source', [policy('deals', [['contacts']], 'block', ['fax'])]],
  ['an unknown field', [{ ...policy('deals', [['contacts']]), colour: 'red' }]],
  ['too many', Array.from({ length: 51 }, () => policy('deals', [['contacts']]))],
])('%s is refused', async (_, body) => {
  expect(await put(body)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
});

test('block: a record without what it needs is refused with 422 that names it, and is made with it', async () => {
  await put([policy('notes', [['deals', 'tickets']])]);
  expect(await created('notes', { properties: note })).toMatchObject({
    status: 422,
    body: {
      category: 'VALIDATION_ERROR',
      subCategory: 'ASSOCIATION_REQUIRED',
      errors: [{ code: 'ASSOCIATION_REQUIRED', context: { objectType: ['notes'], anyOf: ['deals', 'tickets'] } }],
    },
  });
  const { id } = await deal();
  expect((await created('notes', { properties: note, associations: [to(id, noteToDeal)] })).status).toBe(201);
  await put([policy('notes', [['deals']], 'warn')]);
  expect((await created('notes', { properties: note })).status).toBe(201);
  await put([policy('notes', [['deals']], 'off')]);
  expect((await created('notes', { properties: note })).status).toBe(201);
});

test('a policy asks those from whom it wants something, by who writes', async () => {
  const kinds: Actor['kind'][] = ['token', 'user', 'form', 'survey', 'import', 'flow', 'salesforce', 'system'];
  const refused = async (from: string[]) => {
    await put([policy('deals', [['contacts']], 'block', from)]);
    const outcomes = await Promise.allSettled(
      kinds.map((kind) => createRecord({ ...database.app, actor: { kind, id: '1' } }, '0-3', { dealname: kind })),
    );
    return kinds.filter((_, position) => outcomes[position]?.status === 'rejected');
  };
  expect(await refused(sources)).toEqual(['token', 'user', 'form', 'survey', 'import', 'flow']);
  expect(await refused(['api'])).toEqual(['token']);
  expect(await refused(['form', 'workflow'])).toEqual(['form', 'survey', 'flow']);
});

test('batches tell it row by row', async () => {
  await put([policy('deals', [['contacts']])]);
  const { id } = await contact();
  const path = { objectType: 'deals' };
  const good = { properties: { dealname: 'よい' }, associations: [to(id, dealToContact)] };
  const bad = { properties: { dealname: 'わるい' }, associations: [] };
  expect(await call(batchCreate, { headers, path, body: { inputs: [good, bad] } })).toMatchObject({
    status: 422,
    body: { subCategory: 'ASSOCIATION_REQUIRED', errors: [{ in: 'inputs[1].associations' }] },
  });
  const traced = [good, bad].map((input, n) => ({ ...input, objectWriteTraceId: `t${n}` }));
  expect(await call(batchCreate, { headers, path, body: { inputs: traced } })).toMatchObject({
    status: 207,
    body: { results: [{}], errors: [{ subCategory: 'ASSOCIATION_REQUIRED', context: { objectWriteTraceId: ['t1'] } }] },
  });
  const upserted = { id: 'AD-1', idProperty: 'advertiser_id', properties: { dealname: '新しい' } };
  expect(await call(batchUpsert, { headers, path, body: { inputs: [upserted] } })).toMatchObject({ status: 422 });
});

test('block: the last association that is needed is not taken away; of two who take the last two, one is refused', async () => {
  const [one, two, own] = [await contact(), await contact(), await deal()];
  await associate(database.app, own, one, 'default');
  await associate(database.app, own, two, 'default');
  await put([policy('deals', [['contacts']])]);
  const remove = (id: string) =>
    call(removePair, {
      headers,
      path: { objectType: 'deals', objectId: own.id, toObjectType: 'contacts', toObjectId: id },
    });
  const answers = await Promise.all([remove(one.id), remove(two.id)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 422]);
  const left = answers[0]?.status === 204 ? two : one;
  expect(await remove(left.id)).toMatchObject({ status: 422, body: { subCategory: 'ASSOCIATION_REQUIRED' } });
  const other = await contact();
  await associate(database.app, own, other, 'default');
  const inputs = [left, other].map(({ id }) => ({ from: { id: own.id }, to: [{ id }] }));
  const path = { fromObjectType: 'deals', toObjectType: 'contacts' };
  expect((await call(batchArchive, { headers, path, body: { inputs } })).status).toBe(422);
  const { items } = await listAssociated(database.app, own, '0-1', { limit: 10 });
  expect(items).toHaveLength(1);
  const last = items[0]?.to.id ?? '';
  const archived = await contact();
  await associate(database.app, own, archived, 'default');
  await archiveRecord(database.app, '0-1', archived.id);
  expect((await remove(last)).status).toBe(422);
  await put([policy('deals', [['contacts']], 'warn')]);
  expect((await remove(last)).status).toBe(204);
});
