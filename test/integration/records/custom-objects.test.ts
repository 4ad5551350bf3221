import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStand } from './stand.ts';

let stand: Awaited<ReturnType<typeof startStand>>;
let typeId = '';
beforeAll(async () => {
  stand = await startStand();
  const { status, body } = await stand.request('schemas/create', {
    body: {
      name: 'program',
      labels: { singular: 'プログラム', plural: 'プログラム' },
      requiredProperties: ['program_id'],
      primaryDisplayProperty: 'program_id',
      properties: [
        { name: 'program_id', label: 'プログラムID', type: 'string', fieldType: 'text', hasUniqueValue: true },
        { name: 'karte', label: '顧客カルテ', type: 'string', fieldType: 'textarea' },
      ],
      associatedObjects: ['CONTACT', 'DEAL'],
    },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  typeId = String(body.objectTypeId);
});
afterAll(() => stand.stop());

const create = (objectType: string, properties: Record<string, string>, associations: readonly unknown[] = []) =>
  stand.request('objects/create', { path: { objectType }, body: { properties, associations } });

test('a custom object is reached by name, p_name and type id, and found by its unique property', async () => {
  const { status, body } = await create('program', { program_id: 's00000001' });
  expect(status).toBe(201);
  for (const objectType of ['program', 'p_program', typeId]) {
    const read = await stand.request('objects/get', {
      path: { objectType, objectId: 'Ｓ０００００００１'.toLowerCase() },
      query: { idProperty: 'program_id' },
    });
    expect(read).toMatchObject({ status: 200, body: { id: body.id, properties: { hs_object_id: body.id } } });
  }
});

test('a unique value that is taken is refused with the property and the id of its owner', async () => {
  const { body: first } = await create('program', { program_id: 's00000002' });
  expect(await create('program', { program_id: ' S00000002' })).toMatchObject({
    status: 409,
    body: {
      category: 'CONFLICT',
      message: `Program already exists with this value of program_id. Existing ID: ${first.id}`,
      errors: [{ code: 'CONFLICTING_UNIQUE_VALUE', context: { propertyName: ['program_id'] } }],
      context: { existingObjectId: [first.id] },
    },
  });
});

test('a custom object is associated by default, and inline by the type id of its schema', async () => {
  const { body: contact } = await create('contacts', { email: 'karte@example.com' });
  const { body: program } = await create('program', { program_id: 's00000003' });
  const path = {
    objectType: 'program',
    objectId: String(program.id),
    toObjectType: 'contacts',
    toObjectId: String(contact.id),
  };
  const answer = await stand.request('associations/set-default', { path });
  expect(answer.status).toBe(200);
  const typeIdThere = Number(answer.body.results?.[0]?.associationSpec?.associationTypeId);

  const listed = await stand.request('associations/list', {
    path: { objectType: 'contacts', objectId: String(contact.id), toObjectType: typeId },
  });
  expect(listed.body.results).toMatchObject([
    { toObjectId: program.id, associationTypes: [{ category: 'USER_DEFINED', label: null }] },
  ]);

  const inline = await create('program', { program_id: 's00000004' }, [
    { to: { id: contact.id }, types: [{ associationCategory: 'USER_DEFINED', associationTypeId: typeIdThere }] },
  ]);
  expect(inline.status).toBe(201);
  const read = await stand.request('objects/get', {
    path: { objectType: typeId, objectId: String(inline.body.id) },
    query: { associations: 'contacts' },
  });
  expect(read.body.associations?.contacts?.results).toMatchObject([{ id: contact.id }]);
});

test('a property that was made a moment ago can be written and read at once', async () => {
  const { body } = await create('program', { program_id: 's00000005' });
  const made = await stand.request('properties/create', {
    path: { objectType: typeId },
    body: {
      name: 'test_date',
      label: 'テスト希望日',
      type: 'date',
      fieldType: 'date',
      groupName: 'program_information',
    },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const path = { objectType: typeId, objectId: String(body.id) };
  const read = await stand.request('objects/get', { path, query: { properties: 'test_date' } });
  expect(read.body.properties).toHaveProperty('test_date', null);
  const updated = await stand.request('objects/update', { path, body: { properties: { test_date: '2026-12-01' } } });
  expect(updated).toMatchObject({ status: 200, body: { properties: { test_date: '2026-12-01' } } });
});
