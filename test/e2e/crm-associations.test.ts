import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot, refusalOf } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

let counter = 0;
const next = () => ++counter;
const contact = async (): Promise<string> =>
  (
    await client.crm.contacts.basicApi.create({
      properties: { email: `c${next()}@example.co.jp` },
      associations: [],
    })
  ).id;
const company = async () =>
  (await client.crm.companies.basicApi.create({ properties: { name: `会社${next()}` }, associations: [] })).id;

const v4 = () => client.crm.associations.v4.basicApi;
const defined = (associationTypeId: number) => ({ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }) as never;

test('the default association is seen from both sides', async () => {
  const [person, firm] = [await contact(), await company()];
  await v4().createDefault('contacts', person, 'companies', firm);

  const there = await v4().getPage('contacts', person, 'companies');
  expect(there.results).toMatchObject([{ toObjectId: firm, associationTypes: [{ typeId: 279, label: null }] }]);
  const back = await v4().getPage('companies', firm, 'contacts');
  expect(back.results).toMatchObject([{ toObjectId: person, associationTypes: [{ typeId: 280 }] }]);
});

test('a label is defined, put on a pair, listed, and taken off', async () => {
  const [person, firm] = [await contact(), await company()];
  const made = await client.crm.associations.v4.schema.definitionsApi.create('contacts', 'companies', {
    label: '代理店',
    name: 'agency',
    inverseLabel: '担当者',
  } as never);
  const label = made.results.find((each) => each.label === '代理店');
  const spec = [{ associationCategory: 'USER_DEFINED', associationTypeId: label?.typeId ?? 0 }] as never;

  const answer = await v4().create('contacts', person, 'companies', firm, spec);
  expect(answer).toMatchObject({ fromObjectId: person, toObjectId: firm, labels: ['代理店'] });
  const listed = await v4().getPage('contacts', person, 'companies');
  expect(listed.results[0]?.associationTypes.map((type) => type.label)).toContain('代理店');

  await v4().archive('contacts', person, 'companies', firm);
  expect((await v4().getPage('contacts', person, 'companies')).results).toEqual([]);
  expect((await v4().getPage('companies', firm, 'contacts')).results).toEqual([]);
});

test('one company is the primary one: a second takes the flag over', async () => {
  const [person, first, second] = [await contact(), await company(), await company()];
  await v4().create('contacts', person, 'companies', first, [defined(1)]);
  await v4().create('contacts', person, 'companies', second, [defined(1)]);

  const { results } = await v4().getPage('contacts', person, 'companies');
  const typesOf = (id: string) =>
    results
      .find(({ toObjectId }) => toObjectId === id)
      ?.associationTypes.map(({ typeId }) => typeId)
      .sort();
  expect(typesOf(first)).toEqual([279]);
  expect(typesOf(second)).toEqual([1, 279]);
});

test('a batch of associations is made, read and taken away', async () => {
  const person = await contact();
  const firms = [await company(), await company(), await company()];
  const { batchApi } = client.crm.associations.v4;
  const inputs = firms.map((id) => ({ _from: { id: person }, to: { id }, types: [defined(279)] }));
  const made = await batchApi.create('contacts', 'companies', { inputs } as never);
  expect(made.status).toBe('COMPLETE');

  const read = await batchApi.getPage('contacts', 'companies', { inputs: [{ id: person }] } as never);
  expect(read.results[0]?.to.map(({ toObjectId }) => toObjectId).sort()).toEqual([...firms].sort());

  await batchApi.archive('contacts', 'companies', {
    inputs: [{ _from: { id: person }, to: firms.map((id) => ({ id })) }],
  } as never);
  expect((await v4().getPage('contacts', person, 'companies')).results).toEqual([]);
});

test('a record is born with its associations, and a read shows them inline', async () => {
  const person = await contact();
  const ticket = await client.crm.tickets.basicApi.create({
    properties: { subject: '問合せ', hs_pipeline: '0', hs_pipeline_stage: '1' },
    associations: [{ to: { id: person }, types: [defined(16)] }],
  });
  const read = await client.crm.tickets.basicApi.getById(ticket.id, undefined, undefined, ['contacts']);
  expect(read.associations?.contacts?.results.map(({ id, type }) => ({ id, type }))).toEqual([
    { id: person, type: 'ticket_to_contact' },
  ]);
});

test('an association to a record that does not exist is refused and nothing is written', async () => {
  const before = (await client.crm.tickets.basicApi.getPage(100)).results.length;
  const refused = await refusalOf(
    client.crm.tickets.basicApi.create({
      properties: { subject: '宛先なし', hs_pipeline: '0', hs_pipeline_stage: '1' },
      associations: [{ to: { id: '1234567890123456' }, types: [defined(16)] }],
    }),
  );
  expect(refused).toMatchObject({ code: 400, body: { category: 'VALIDATION_ERROR' } });
  expect((await client.crm.tickets.basicApi.getPage(100)).results).toHaveLength(before);
});

test('an archived record leaves the associations of the others', async () => {
  const [person, firm] = [await contact(), await company()];
  await v4().createDefault('contacts', person, 'companies', firm);
  await client.crm.companies.basicApi.archive(firm);
  await eventually(
    'the pair to go',
    async () => (await v4().getPage('contacts', person, 'companies')).results.length === 0,
  );
});

test('the table agrees with itself at the end', () => expectVerified(local));
