import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forgetDefinitions } from '../../../lib/objects/definition-cache.ts';
import { startStand } from './stand.ts';

let stand: Awaited<ReturnType<typeof startStand>>;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.stop());
beforeEach(() => forgetDefinitions());

const text = (name: string, more: object = {}) => ({
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  groupName: 'companyinformation',
  ...more,
});

const companies = { objectType: 'companies' };
const atOnce = <T>(count: number, run: (number: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, number) => run(number)));
const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).toSorted();

describe('writers of definitions at the same time', () => {
  test('cannot give one label to two pipelines', async () => {
    const answers = await atOnce(6, () =>
      stand.request('pipelines/create', {
        path: { objectType: 'tickets' },
        body: { label: '同じ名前', displayOrder: 9, stages: [] },
      }),
    );
    expect(statuses(answers)).toEqual([201, 409, 409, 409, 409, 409]);
  });

  test('cannot rename two pipelines to one label', async () => {
    const rename = (pipelineId: string) =>
      stand.request('pipelines/update', { path: { objectType: 'tickets', pipelineId }, body: { label: '一つだけ' } });
    expect(statuses(await Promise.all(['101', '102', '103'].map(rename)))).toEqual([200, 409, 409]);
  });

  test('cannot make more unique properties than a type may have', async () => {
    const answers = await atOnce(14, (number) =>
      stand.request('properties/create', { path: companies, body: text(`unique_${number}`, { hasUniqueValue: true }) }),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(4);
  });

  test('cannot archive a group while a property is put into it', async () => {
    await atOnce(8, async (number) => {
      const groupName = `group_${number}`;
      await stand.request('properties/create-group', { path: companies, body: { name: groupName, label: groupName } });
      const [made, gone] = await Promise.all([
        stand.request('properties/create', { path: companies, body: text(`in_group_${number}`, { groupName }) }),
        stand.request('properties/archive-group', { path: { ...companies, groupName } }),
      ]);
      expect([made.status, gone.status]).toSatisfy(
        ([property, group]) => (property === 201 && group === 400) || (property === 400 && group === 204),
      );
    });
  });

  test('cannot archive a property while the schema comes to need it', async () => {
    const { body } = await stand.request('schemas/create', {
      body: {
        name: 'boat',
        labels: { singular: 'Boat', plural: 'Boats' },
        properties: [text('name'), text('harbour')].map(({ groupName: _, ...property }) => property),
      },
    });
    const objectType = String(body.objectTypeId);
    const [needed, gone] = await Promise.all([
      stand.request('schemas/update', { path: { objectType }, body: { requiredProperties: ['harbour'] } }),
      stand.request('properties/archive', { path: { objectType, propertyName: 'harbour' } }),
    ]);
    expect([needed.status, gone.status]).toSatisfy(
      ([schema, property]) => (schema === 200 && property === 400) || (schema === 400 && property === 204),
    );
  });
});

test('an archived pipeline does not come back under a label that another one has now', async () => {
  const make = (label: string) =>
    stand.request('pipelines/create', {
      path: { objectType: 'tickets' },
      body: { label, displayOrder: 9, stages: [] },
    });
  const path = { objectType: 'tickets', pipelineId: String((await make('再利用')).body.id) };
  await stand.request('pipelines/archive', { path });
  expect((await make('再利用')).status).toBe(201);
  expect((await stand.request('pipelines/update', { path, body: { archived: false } })).status).toBe(409);
});

test('a batch that archives properties archives none when one of them cannot go', async () => {
  await stand.request('properties/create', { path: companies, body: text('stays') });
  const answer = await stand.request('properties/batch-archive', {
    path: companies,
    body: { inputs: [{ name: 'stays' }, { name: 'not_there' }, { name: 'domain' }] },
  });
  expect(answer.status).toBe(400);
  const { status } = await stand.request('properties/get', { path: { ...companies, propertyName: 'stays' } });
  expect(status).toBe(200);
});

test('a property cannot have the name of something that every JavaScript object has', async () => {
  const answer = await stand.request('properties/create', { path: companies, body: text('constructor') });
  expect(answer.status).toBe(400);
});
