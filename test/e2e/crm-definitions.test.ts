import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot, refusalOf } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

/** R28, verbatim. */
const ninePipelines = [
  '【CS】トラッキングテスト・タグ案内状況',
  '【CS】追加プログラム稼働',
  '【メディア】インセ掲載可否・変更・停止依頼',
  '【コンサル】レビュー募集プログラム',
  '【コンサル】オンラインセミナー',
  '【コンサル】オプション',
  '【サクセス】社内問合せ',
  '【サクセス】問合せ対応',
  '【既存】契約管理',
];

test('the nine pipelines are there, byte for byte', async () => {
  const { results } = await client.crm.pipelines.pipelinesApi.getAll('tickets');
  expect(results.map(({ label }) => label)).toEqual(expect.arrayContaining(ninePipelines));
  expect(results.filter(({ label }) => label.startsWith('【'))).toHaveLength(9);
});

test('a property is made, used at once, changed and archived', async () => {
  const { coreApi } = client.crm.properties;
  await coreApi.create('contacts', {
    name: 'media_rank',
    label: 'ランク',
    type: 'enumeration',
    fieldType: 'select',
    groupName: 'contactinformation',
    options: [
      { label: 'A', value: 'a', displayOrder: 0, hidden: false },
      { label: 'B', value: 'b', displayOrder: 1, hidden: false },
    ],
  } as never);
  const { id } = await client.crm.contacts.basicApi.create({ properties: { media_rank: 'a' }, associations: [] });
  expect((await client.crm.contacts.basicApi.getById(id, ['media_rank'])).properties.media_rank).toBe('a');

  const { code, body } = await refusalOf(
    client.crm.contacts.basicApi.update(id, { properties: { media_rank: 'z', nobody: '1' } }),
  );
  expect(code).toBe(400);
  expect((body.errors as { code: string }[]).map((error) => error.code).sort()).toEqual([
    'INVALID_OPTION',
    'PROPERTY_DOESNT_EXIST',
  ]);

  expect(
    await refusalOf(
      coreApi.create('contacts', {
        name: 'media_rank',
        label: 'x',
        type: 'string',
        fieldType: 'text',
        groupName: 'contactinformation',
      } as never),
    ),
  ).toMatchObject({
    code: 409,
    body: { category: 'OBJECT_ALREADY_EXISTS' },
  });
  expect((await coreApi.update('contacts', 'media_rank', { label: '媒体ランク' } as never)).label).toBe('媒体ランク');
  await coreApi.archive('contacts', 'media_rank');
  expect(await refusalOf(coreApi.getByName('contacts', 'media_rank'))).toMatchObject({ code: 404 });
});

test('a property group is made, read and archived', async () => {
  const { groupsApi } = client.crm.properties;
  await groupsApi.create('deals', { name: 'affiliate', label: 'アフィリエイト', displayOrder: -1 });
  expect((await groupsApi.getByName('deals', 'affiliate')).label).toBe('アフィリエイト');
  expect((await groupsApi.getAll('deals')).results.map(({ name }) => name)).toContain('affiliate');
  await groupsApi.archive('deals', 'affiliate');
});

test('a stage must be of its pipeline', async () => {
  const pipeline = await client.crm.pipelines.pipelinesApi.create('tickets', {
    label: '臨時',
    displayOrder: 20,
    stages: [{ label: '受付', displayOrder: 0, metadata: { ticketState: 'OPEN' } }],
  } as never);
  const stage = pipeline.stages[0]?.id ?? '';
  const { id } = await client.crm.tickets.basicApi.create({
    properties: { subject: 't', hs_pipeline: pipeline.id, hs_pipeline_stage: stage },
    associations: [],
  });
  const refused = await refusalOf(
    client.crm.tickets.basicApi.create({
      properties: { subject: 't', hs_pipeline: '0', hs_pipeline_stage: stage },
      associations: [],
    }),
  );
  expect(refused).toMatchObject({ code: 400, body: { category: 'VALIDATION_ERROR' } });
  const guarded = await fetch(
    `${local.apiUrl}/crm/v3/pipelines/tickets/${pipeline.id}/stages/${stage}?validateReferencesBeforeDelete=true`,
    { method: 'DELETE', headers: { authorization: `Bearer ${local.accessToken}` } },
  );
  expect([guarded.status, ((await guarded.json()) as { subCategory?: string }).subCategory]).toEqual([
    400,
    'PipelineError.STAGE_ID_IN_USE',
  ]);

  const added = await client.crm.pipelines.pipelineStagesApi.create('tickets', pipeline.id, {
    label: '完了',
    displayOrder: 1,
    metadata: { ticketState: 'CLOSED' },
  } as never);
  expect(
    (await client.crm.tickets.basicApi.update(id, { properties: { hs_pipeline_stage: added.id } })).properties
      .hs_pipeline_stage,
  ).toBe(added.id);
});

test('the lifecycle stage only moves forward, and each stage leaves its date', async () => {
  const { id } = await client.crm.contacts.basicApi.create({
    properties: { lifecyclestage: 'opportunity' },
    associations: [],
  });
  await client.crm.contacts.basicApi.update(id, { properties: { lifecyclestage: 'lead' } }).catch(() => undefined);
  const read = await client.crm.contacts.basicApi.getById(id, ['lifecyclestage', 'hs_lifecyclestage_opportunity_date']);
  expect(read.properties.lifecyclestage).toBe('opportunity');
  expect(read.properties.hs_lifecyclestage_opportunity_date).toMatch(/^\d{4}-/);
});

test('owners are listed, found by e-mail and read by id', async () => {
  const made = await fetch(`${local.apiUrl}/settings/v3/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'watanabe@example.co.jp', lastName: '渡辺', firstName: '恵' }),
  });
  expect(made.status).toBe(201);
  const [owner] = (await client.crm.owners.ownersApi.getPage('watanabe@example.co.jp')).results;
  expect(owner).toMatchObject({ email: 'watanabe@example.co.jp', lastName: '渡辺', archived: false });
  expect((await client.crm.owners.ownersApi.getById(Number(owner?.id))).id).toBe(owner?.id);
});

test('the document of all operations is served', async () => {
  const response = await fetch(`${local.apiUrl}/openapi.json`, {
    headers: { authorization: `Bearer ${local.accessToken}` },
  });
  const document = (await response.json()) as { openapi: string; paths: Record<string, unknown> };
  expect(document.openapi).toBe('3.1.0');
  expect(document.paths).toHaveProperty('/crm/v3/objects/{objectType}');
});

test('an unknown path is a 404 with the error body', async () => {
  const response = await fetch(`${local.apiUrl}/crm/v9/nothing`, {
    headers: { authorization: `Bearer ${local.accessToken}` },
  });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ status: 'error', category: 'OBJECT_NOT_FOUND' });
});

test('the table agrees with itself at the end', () => expectVerified(local));
