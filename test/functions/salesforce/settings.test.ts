import { generateKeyPairSync } from 'node:crypto';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handler as getMappings } from '../../../functions/salesforce/get-field-mappings.ts';
import { handler as getSettings } from '../../../functions/salesforce/get-settings.ts';
import { handler as health } from '../../../functions/salesforce/health.ts';
import { handler as listErrors } from '../../../functions/salesforce/list-errors.ts';
import { handler as putMappings } from '../../../functions/salesforce/put-field-mappings.ts';
import { handler as putSettings } from '../../../functions/salesforce/put-settings.ts';
import { handler as resync } from '../../../functions/salesforce/resync.ts';
import { handler as retry } from '../../../functions/salesforce/retry-error.ts';
import { handler as sync } from '../../../functions/salesforce/sync.ts';
import { park } from '../../../lib/salesforce/errors.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { startFakeOrg } from './fake-org.ts';

let database: Database;
let fake: Awaited<ReturnType<typeof startFakeOrg>>;
let stored: string | undefined;
const secrets = mockClient(SecretsManagerClient);
const sqs = mockClient(SQSClient);

beforeAll(async () => {
  database = await startDatabase();
  fake = await startFakeOrg();
  process.env.OUTGOING_PRIVATE_ADDRESSES = 'allow';
});
afterAll(async () => {
  process.env.OUTGOING_PRIVATE_ADDRESSES = 'refuse';
  secrets.restore();
  sqs.restore();
  fake.close();
  await database.close();
});
beforeEach(() => {
  secrets.on(PutSecretValueCommand).callsFake(({ SecretString }: { SecretString: string }) => {
    stored = SecretString;
    return {};
  });
  secrets.on(GetSecretValueCommand).callsFake(() => {
    if (stored !== undefined) return { SecretString: stored };
    throw Object.assign(new Error('no value'), { name: 'ResourceNotFoundException' });
  });
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

const headers = bearer();
const pem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;
const auth = { kind: 'jwt', clientId: 'client', username: 'sync@example.co.jp', privateKey: pem };
const put = (more: Record<string, unknown> = {}) =>
  call(putSettings, { body: { instanceUrl: fake.url, auth, ...more }, headers });
const sent = () => sqs.commandCalls(SendMessageBatchCommand).flatMap(({ args }) => args[0].input.Entries ?? []);

test('before Salesforce is connected everything says so', async () => {
  const answers = [
    await call(getSettings, { headers }),
    await call(health, { headers }),
    await call(sync, { headers }),
    await call(resync, { body: { objectType: 'contacts', ids: ['1'] }, headers }),
  ];
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 404, body: { subCategory: 'SALESFORCE_NOT_CONNECTED' } });
});

test.each([
  [{ activities: { formSubmission: true } }, 'activities'],
  [{ panelItems: ['score'] }, 'panelItems'],
  [{ accounts: true }, 'accounts'],
  [{ onSalesforceDelete: 'archive' }, 'onSalesforceDelete'],
  [{ createAs: 'account' }, 'createAs'],
  [{ instanceUrl: 'ftp://example.com' }, 'instanceUrl'],
  [{ inclusionListId: '404' }, 'inclusionListId'],
])('a setting that is not carried out is refused by its name: %j', async (more, field) => {
  const answer = await put(more);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(field);
  expect(stored).toBeUndefined();
});

test('what the org lacks is named, and nothing is stored', async () => {
  const before = { ...fake.org.fields };
  fake.org.fields = { ...before, Contact: [], Task: [] };
  expect(await put()).toMatchObject({
    status: 400,
    body: { errors: [{ in: 'Contact.Tsunagi_Id__c' }, { in: 'Task.Tsunagi_Event_Id__c' }] },
  });
  fake.org.fields = before;
  expect(stored).toBeUndefined();
});

test('who is not let in is told why', async () => {
  fake.org.token = {
    status: 400,
    body: { error: 'invalid_grant', error_description: "user hasn't approved this consumer" },
  };
  expect(await put({ auth: { ...auth, clientId: 'other' } })).toMatchObject({
    status: 400,
    body: { errors: [{ in: 'auth', message: "invalid_grant: user hasn't approved this consumer" }] },
  });
  fake.org.token = { status: 200, body: undefined };
});

test('an org is connected by a signed assertion; the key is kept, never shown, and need not be given again', async () => {
  const answer = await put();
  expect(answer).toMatchObject({
    status: 200,
    body: {
      instanceUrl: fake.url,
      auth: { kind: 'jwt', clientId: 'client', username: 'sync@example.co.jp' },
      createAs: 'lead',
      importNew: { leads: true, contacts: true },
      onSalesforceDelete: 'unlink',
      stages: { opportunity: true, customer: true },
      allotment: 5000,
      organizationId: '00D5g000004TsunEAC',
    },
  });
  expect(answer.text).not.toContain('PRIVATE');
  expect((await call(getSettings, { headers })).body).toEqual(answer.body);
  expect(JSON.parse(stored ?? '{}')).toMatchObject({ privateKey: pem });
  const claims = decodeJwt(fake.org.forms.at(-1)?.get('assertion') ?? '');
  expect(claims).toMatchObject({ iss: 'client', sub: 'sync@example.co.jp', aud: 'https://login.salesforce.com' });
  expect(sent().map(({ MessageBody }) => JSON.parse(MessageBody ?? ''))).toMatchObject([{ jobId: expect.any(String) }]);
  const { privateKey: _, ...known } = auth;
  expect((await put({ auth: known, createAs: 'contact' })).body).toMatchObject({ createAs: 'contact' });
  expect(JSON.parse(stored ?? '{}')).toMatchObject({ privateKey: pem });
  expect(await put({ auth: { ...known, clientId: 'another' } })).toMatchObject({
    status: 400,
    body: { errors: [{ in: 'auth.privateKey', code: 'REQUIRED_FIELD' }] },
  });
});

test('another org than the one whose records are linked is refused', async () => {
  fake.org.organizationId = '00D5g00000OtherEAC';
  expect(await put({ auth: { kind: 'client_credentials', clientId: 'c', clientSecret: 's' } })).toMatchObject({
    status: 409,
  });
  fake.org.organizationId = '00D5g000004TsunEAC';
});

const row = (property: string, salesforceField: string, rule = 'two_way', objectType = 'contacts') => ({
  objectType,
  property,
  salesforceField,
  rule,
});

test('without mappings of one’s own the usual people’s fields are mapped, the lifecycle not', async () => {
  const { body } = await call(getMappings, { headers });
  expect((body as { property: string }[]).map(({ property }) => property)).toEqual([
    'lastname',
    'firstname',
    'email',
    'phone',
    'mobilephone',
    'jobtitle',
    'company',
  ]);
});

test('each mapping that does not fit is named by its row', async () => {
  const answer = await call(putMappings, {
    body: [
      row('lastname', 'LastName'),
      row('date_of_birth', 'LastName'),
      row('shoe_size', 'FirstName'),
      row('phone', 'DoNotCall'),
      row('firstname', 'Nowhere__c'),
      row('hubspot_owner_id', 'OwnerId'),
      row('annualrevenue', 'Score__c', 'two_way'),
      row('email', 'Email', 'two_way', 'deals'),
      row('hs_object_id', 'Birthdate'),
    ],
    headers,
  });
  expect(answer.status).toBe(400);
  const { errors } = answer.body as { errors: { in: string }[] };
  expect(errors.map((error) => error.in)).toEqual([
    '[1].salesforceField',
    '[2].property',
    '[3].salesforceField',
    '[4].salesforceField',
    '[5].salesforceField',
    '[6].salesforceField',
    '[7].objectType',
    '[8].property',
  ]);
});

test('mappings that fit are kept as they were given', async () => {
  const body = [row('lastname', 'LastName'), row('date_of_birth', 'Birthdate', 'prefer_salesforce')];
  const answer = await call(putMappings, { body, headers });
  expect(answer).toMatchObject({ status: 200, body: body.map((each) => ({ ...each, objectType: '0-1' })) });
  expect((await call(getMappings, { headers })).body).toEqual(answer.body);
  expect((await call(putMappings, { body: [{ ...body[0], extra: 1 }], headers })).text).toContain('extra');
});

test('health shows nothing yet, and a run or a resync is queued', async () => {
  expect(await call(health, { headers })).toMatchObject({
    status: 200,
    body: { running: false, runs: [], watermarks: { Lead: null }, calls24h: 0, allotment: 5000 },
  });
  sqs.resetHistory();
  expect((await call(sync, { headers })).status).toBe(202);
  expect(sent().map(({ MessageBody }) => MessageBody)).toEqual(['{"kind":"FULL"}']);
  expect(await call(resync, { body: { objectType: 'contacts', ids: ['1', '2'] }, headers })).toMatchObject({
    status: 202,
    body: { jobId: expect.any(String) },
  });
  for (const body of [
    { objectType: 'deals', ids: ['1'] },
    { objectType: 'contacts' },
    { objectType: 'contacts', ids: ['1'], listId: '1' },
    { objectType: 'contacts', ids: ['1'], all: true },
  ])
    expect((await call(resync, { body, headers })).status).toBe(400);
});

test('refusals are one row each, page by page and by category, with what came last; they can be tried again', async () => {
  const trouble = (recordId: string, category: 'DUPLICATES' | 'CUSTOM_CODE', message: string) =>
    park(database.app, { category, code: 'X', message, recordId, salesforceId: '00Q', sobject: 'Lead' });
  await trouble('101', 'DUPLICATES', 'once');
  await trouble('101', 'DUPLICATES', 'again');
  await trouble('102', 'CUSTOM_CODE', 'rule');
  await trouble('103', 'CUSTOM_CODE', 'rule');
  const first = await call(listErrors, { query: { limit: '2' }, headers });
  expect(first.body).toMatchObject({ results: [{ id: '102' }, { id: '103' }], paging: {} });
  const { after } = (first.body as { paging: { next: { after: string } } }).paging.next;
  const second = await call(listErrors, { query: { limit: '2', after }, headers });
  expect(second.body).toMatchObject({
    results: [{ id: '101', category: 'DUPLICATES', message: 'again', attempts: 2, salesforceId: '00Q' }],
  });
  expect(second.body).not.toHaveProperty('paging');
  expect((await call(listErrors, { query: { category: 'DUPLICATES' }, headers })).body).toMatchObject({
    results: [{ id: '101' }],
  });
  expect((await call(listErrors, { query: { category: 'OTHER' }, headers })).status).toBe(400);
  sqs.resetHistory();
  expect(await call(retry, { path: { errorId: '101' }, headers })).toMatchObject({ status: 202, body: { id: '101' } });
  expect(sent()).toHaveLength(1);
  expect((await call(retry, { path: { errorId: '999' }, headers })).status).toBe(404);
});
