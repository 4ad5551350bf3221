import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as putPolicies } from '../../../functions/associations/put-policies.ts';
import { handler as list } from '../../../functions/forms/list-submissions.ts';
import { forgetDefinitions } from '../../../lib/objects/definition-cache.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { typeListing } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { field, givenForm, post, submissionsOf } from '../../support/forms.ts';

let database: Database;
beforeAll(async () => {
  mockClient(SQSClient).on(SendMessageBatchCommand).resolves({});
  database = await startDatabase();
});
afterAll(() => database.close());

const of = (objectTypeId: string, name: string, type = 'single_line_text') => field(name, type, { objectTypeId });
const fields = [
  field('email', 'email'),
  of('0-2', 'name'),
  of('0-2', 'domain'),
  of('0-2', 'phone'),
  of('0-3', 'advertiser_id'),
  of('0-3', 'description', 'multi_line_text'),
  of('0-5', 'subject'),
  of('0-5', 'content', 'multi_line_text'),
];

const send = (formId: string, values: Record<string, string>) =>
  post(
    formId,
    {},
    {
      fields: Object.entries(values).map(([key, value]) => {
        const [objectTypeId = '', name = ''] = key.includes('/') ? key.split('/') : ['0-1', key];
        return { objectTypeId, name, value };
      }),
    },
  );

const Row = z.looseObject({ id: z.string(), properties: z.record(z.string(), z.string()) });
const all = (objectType: string) => database.app.table.all({ pk: typeListing(objectType, false), index: 'gsi1' }, Row);
const pairsOf = async (objectType: string, id: string) =>
  (
    await database.app.table.all(
      { pk: `${objectType}#${id}`, prefix: 'assoc#' },
      z.object({ toObjectType: z.string(), toId: z.string() }),
    )
  ).map(({ toObjectType, toId }) => `${toObjectType}/${toId}`);

test('one submission makes contact, company, deal and ticket, each with the others that it belongs to', async () => {
  const formId = await givenForm(fields);
  const sent = await send(formId, {
    email: 'whole@example.co.jp',
    '0-2/name': '株式会社サンプル',
    '0-2/domain': 'https://www.sample.co.jp/about',
    '0-3/advertiser_id': 's00000000000001',
    '0-3/description': '新規のご相談',
    '0-5/content': 'タグについて',
  });
  expect(sent.status).toBe(200);
  const [company] = await all('0-2');
  const [deal] = await all('0-3');
  const [ticket] = await all('0-5');
  expect(company?.properties).toMatchObject({ name: '株式会社サンプル', domain: 'sample.co.jp' });
  expect(deal?.properties).toMatchObject({ dealname: 'お問い合わせ', advertiser_id: 's00000000000001' });
  expect(ticket?.properties).toMatchObject({ subject: 'お問い合わせ', content: 'タグについて' });
  const [submission] = await submissionsOf(database, formId);
  expect((await pairsOf('0-1', submission?.contactId ?? '')).sort()).toEqual(
    [`0-2/${company?.id}`, `0-3/${deal?.id}`, `0-5/${ticket?.id}`].sort(),
  );
  expect(await pairsOf('0-5', ticket?.id ?? '')).toEqual(
    expect.arrayContaining([`0-2/${company?.id}`, `0-3/${deal?.id}`]),
  );
  expect(submission?.records).toHaveLength(3);
});

test('what is there already is found and changed: by its ID, by its domain, and by its name without writing over anything', async () => {
  const formId = await givenForm(fields);
  const deal = await createRecord(database.app, '0-3', { dealname: '既存', advertiser_id: 's00000000000002' });
  const company = await createRecord(database.app, '0-2', {
    name: '㈱既存',
    domain: 'known.example',
    phone: '03-1111-1111',
  });
  await send(formId, {
    email: 'known@known.example',
    '0-2/domain': 'known.example',
    '0-2/phone': '03-2222-2222',
    '0-3/advertiser_id': 'Ｓ00000000000002',
    '0-3/description': '追記',
  });
  expect((await readRecord(database.app, '0-3', { id: deal.id }))?.properties).toMatchObject({ description: '追記' });
  expect((await readRecord(database.app, '0-2', { id: company.id }))?.properties.phone).toBe('03-2222-2222');
  const before = (await all('0-2')).length;
  await send(formId, { email: 'named@example.com', '0-2/name': '㈱既存', '0-2/phone': '06-9999-9999' });
  expect((await readRecord(database.app, '0-2', { id: company.id }))?.properties.phone).toBe('03-2222-2222');
  expect(await all('0-2')).toHaveLength(before);
});

test('an ID that nobody has makes no record, and is kept with the submission', async () => {
  const formId = await givenForm(fields);
  const before = (await all('0-3')).length;
  expect((await send(formId, { email: 'lost@example.com', '0-3/advertiser_id': 's99999999999999' })).status).toBe(200);
  expect(await all('0-3')).toHaveLength(before);
  const [submission] = await submissionsOf(database, formId);
  expect(submission?.values).toContainEqual({ objectTypeId: '0-3', name: 'advertiser_id', value: 's99999999999999' });
});

test('people who name one new company at once make one company, and nobody is lost', async () => {
  const formId = await givenForm(fields);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      send(formId, { email: `crowd${n}@crowd.example`, '0-2/domain': 'crowd.example', '0-2/name': '群衆' }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
  const companies = (await all('0-2')).filter(({ properties }) => properties.domain === 'crowd.example');
  expect(companies).toHaveLength(1);
  expect(await pairsOf('0-2', companies[0]?.id ?? '')).toHaveLength(6);
});

test('a value that the property of another type does not take is refused, and nothing of the submission is there', async () => {
  const formId = await givenForm([...fields, of('0-5', 'hs_ticket_priority')]);
  const sent = await send(formId, { email: 'wrong@example.com', '0-5/hs_ticket_priority': 'NOW!' });
  expect(sent).toMatchObject({
    status: 400,
    body: {
      errors: [{ errorType: 'VALUE_NOT_IN_FIELD_DEFINITION', message: expect.stringContaining('hs_ticket_priority') }],
    },
  });
  expect(await readRecord(database.app, '0-1', { id: 'wrong@example.com', idProperty: 'email' })).toBeUndefined();
});

test('the same submission twice makes one ticket', async () => {
  const formId = await givenForm(fields);
  const before = (await all('0-5')).length;
  const once = () => send(formId, { email: 'twice@example.com', '0-5/subject': '一度だけ' });
  await Promise.all([once(), once(), once()]);
  await once();
  expect(await all('0-5')).toHaveLength(before + 1);
});

test('a policy that tickets need a company holds for forms, too', async () => {
  const formId = await givenForm(fields);
  const requires = [{ anyOf: ['companies'] }];
  const policies = [{ objectType: 'tickets', requires, mode: 'block', sources: ['form'] }];
  const put = await call(putPolicies, { method: 'PUT', body: policies, headers: bearer() });
  expect(put.status, put.text).toBe(200);
  forgetDefinitions();
  expect((await send(formId, { email: 'alone@example.com', '0-5/subject': '会社なし' })).status).toBe(400);
  expect(
    (
      await send(formId, {
        email: 'with@example.com',
        '0-5/subject': '会社あり',
        '0-2/domain': 'with.example',
        '0-2/name': 'あり',
      })
    ).status,
  ).toBe(200);
});

test('submissions are read newest first, in pages', async () => {
  const formId = await givenForm(fields);
  for (const n of [1, 2, 3])
    await post(
      formId,
      { email: `read${n}@example.com` },
      { submittedAt: Date.now() - 60_000 * (4 - n), context: { pageUri: 'https://lp.example/' } },
    );
  const read = (query: Record<string, string>) =>
    call(list, {
      method: 'GET',
      url: `/form-integrations/v1/submissions/forms/${formId}`,
      path: { formGuid: formId },
      query,
      headers: bearer(),
    });
  const first = (await read({ limit: '2' })).body as {
    results: { values: { value: string }[]; pageUrl: string; submittedAt: number }[];
    paging?: { next: { after: string; link: string } };
  };
  expect(first.results.map(({ values }) => values[0]?.value)).toEqual(['read3@example.com', 'read2@example.com']);
  expect(first.results[0]).toMatchObject({
    pageUrl: 'https://lp.example/',
    submittedAt: expect.any(Number),
    conversionId: expect.any(String),
  });
  const second = await read({ limit: '2', after: first.paging?.next.after ?? '' });
  expect(second.body).toMatchObject({
    results: [{ values: [{ name: 'email', value: 'read1@example.com', objectTypeId: '0-1' }] }],
  });
  expect(second.body).not.toHaveProperty('paging');
  expect((await read({ limit: '51' })).status).toBe(400);
  expect((await read({ after: 'nonsense' })).status).toBe(400);
});

test('an ID that was typed in full width is kept as the deal has it, on the contact and on a new deal', async () => {
  const deal = await createRecord(database.app, '0-3', { dealname: '全角', advertiser_id: 'AD-900' });
  const formId = await givenForm([
    field('email', 'email'),
    field('advertiser_id', 'single_line_text', { objectTypeId: '0-3' }),
    field('dealname', 'single_line_text', { objectTypeId: '0-3' }),
  ]);
  const send = (email: string, advertiser: string) =>
    post(
      formId,
      {},
      {
        fields: [
          { name: 'email', value: email },
          { objectTypeId: '0-3', name: 'advertiser_id', value: advertiser },
          { objectTypeId: '0-3', name: 'dealname', value: '全角' },
        ],
      },
    );
  const contactOf = (email: string) => readRecord(database.app, '0-1', { id: email, idProperty: 'email' });
  expect((await send('wide@example.com', 'ＡＤ－９００')).status).toBe(200);
  expect((await contactOf('wide@example.com'))?.properties.advertiser_id).toBe('AD-900');
  expect((await readRecord(database.app, '0-3', { id: deal.id }))?.properties.advertiser_id).toBe('AD-900');
  expect((await send('wider@example.com', 'ＡＤ－９０１')).status).toBe(200);
  const made = await readRecord(database.app, '0-3', { id: 'AD-901', idProperty: 'advertiser_id' });
  expect(made?.properties.advertiser_id).toBe('AD-901');
});
