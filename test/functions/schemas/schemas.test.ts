import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handler as createPipeline } from '../../../functions/pipelines/create.ts';
import { handler as archiveProperty } from '../../../functions/properties/archive.ts';
import { handler as createProperty } from '../../../functions/properties/create.ts';
import { handler as archive } from '../../../functions/schemas/archive.ts';
import { handler as archiveAssociation } from '../../../functions/schemas/archive-association.ts';
import { handler as batchRead } from '../../../functions/schemas/batch-read.ts';
import { handler as create } from '../../../functions/schemas/create.ts';
import { handler as createAssociation } from '../../../functions/schemas/create-association.ts';
import { handler as get } from '../../../functions/schemas/get.ts';
import { handler as list } from '../../../functions/schemas/list.ts';
import { handler as update } from '../../../functions/schemas/update.ts';
import { forgetDefinitions } from '../../../lib/objects/definition-cache.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
beforeEach(() => forgetDefinitions());

type Schema = {
  objectTypeId: string;
  name: string;
  properties: { name: string }[];
  associations: { id: string; fromObjectTypeId: string; toObjectTypeId: string; name: string }[];
};
const run = (handler: unknown, path: Record<string, string>, body?: unknown, query: Record<string, string> = {}) =>
  call(handler, { headers: bearer(), path, query, ...(body !== undefined && { body }) });
const input = (name: string, more: object = {}) => ({
  name,
  labels: { singular: 'プログラム情報', plural: 'プログラム情報' },
  primaryDisplayProperty: 'program_name',
  requiredProperties: ['program_id'],
  searchableProperties: ['program_name'],
  properties: [
    { name: 'program_id', label: 'プログラムID', type: 'string', fieldType: 'text', hasUniqueValue: true },
    { name: 'program_name', label: 'プログラム名', type: 'string', fieldType: 'text' },
  ],
  associatedObjects: ['CONTACT'],
  ...more,
});
const made = async (name: string) => (await run(create, {}, input(name))).body as Schema;

test('a custom type is made with its properties and associations, and found under all of its names', async () => {
  const created = await run(create, {}, input('program'));
  expect(created.status).toBe(201);
  const schema = created.body as Schema;
  expect(schema).toMatchObject({
    objectTypeId: expect.stringMatching(/^2-\d+$/),
    fullyQualifiedName: 'p24601001_program',
    primaryDisplayProperty: 'program_name',
  });
  expect(schema.properties.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['hs_object_id', 'hs_createdate', 'program_id', 'program_name']),
  );
  expect(schema.associations.map(({ fromObjectTypeId, toObjectTypeId }) => [fromObjectTypeId, toObjectTypeId])).toEqual(
    expect.arrayContaining([
      [schema.objectTypeId, '0-1'],
      ['0-46', schema.objectTypeId],
    ]),
  );
  for (const objectType of [schema.objectTypeId, 'program', 'p_program', 'p24601001_program']) {
    expect((await run(get, { objectType })).body).toEqual(schema);
  }
});

test('its records follow its rules', async () => {
  const { objectTypeId } = await made('karte');
  const record = await createRecord(database.app, 'p_karte', { program_id: ' ｓ1 ', program_name: 'A8' });
  expect(record).toMatchObject({ objectType: objectTypeId, properties: { program_id: 's1' } });
  await expect(createRecord(database.app, objectTypeId, { program_name: 'B' })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('required properties'),
  });
  await expect(createRecord(database.app, objectTypeId, { program_id: 'S1' })).rejects.toMatchObject({ status: 409 });
});

test('a property added a moment ago by another function is known at once', async () => {
  const { objectTypeId } = await made('moment');
  await createRecord(database.app, objectTypeId, { program_id: '1' });
  const added = await run(
    createProperty,
    { objectType: objectTypeId },
    { name: 'later', label: 'later', type: 'string', fieldType: 'text', groupName: 'moment_information' },
  );
  expect(added.status).toBe(201);
  const record = await createRecord(database.app, objectTypeId, { program_id: '2', later: 'yes' });
  expect(record.properties.later).toBe('yes');
});

test('ten people making one type make it once; different types get different ids', async () => {
  const same = await Promise.all(Array.from({ length: 10 }, () => run(create, {}, input('one'))));
  expect(same.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(9).fill(409)]);
  const others = await Promise.all(['x1', 'x2', 'x3'].map(made));
  expect(new Set(others.map(({ objectTypeId }) => objectTypeId)).size).toBe(3);
  const ids = others.flatMap(({ associations }) => associations.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

test('a schema that names properties that it does not have, or a bad name, is refused', async () => {
  expect(await run(create, {}, input('bad', { requiredProperties: ['nowhere'] }))).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('nowhere') },
  });
  expect((await run(create, {}, input('1bad'))).status).toBe(400);
  expect((await run(create, {}, input('contacts'))).status).toBe(409);
  expect((await run(create, {}, { name: 'x' })).status).toBe(400);
});

test('a schema is changed, and a property that it needs cannot be archived', async () => {
  const { objectTypeId } = await made('changing');
  const path = { objectType: objectTypeId };
  expect(await run(update, path, { labels: { plural: 'PP' }, searchableProperties: [] })).toMatchObject({
    status: 200,
    body: { labels: { singular: 'プログラム情報', plural: 'PP' }, searchableProperties: [], portalId: 24601001 },
  });
  expect(await run(archiveProperty, { ...path, propertyName: 'program_id' })).toMatchObject({
    status: 400,
    body: { subCategory: 'PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE' },
  });
  expect((await run(update, { objectType: 'contacts' }, { labels: { plural: 'x' } })).status).toBe(400);
});

test('association types are added there and back, and removed', async () => {
  const [a, b] = [await made('side_a'), await made('side_b')];
  const path = { objectType: a.objectTypeId };
  const added = await run(createAssociation, path, {
    fromObjectTypeId: a.objectTypeId,
    toObjectTypeId: b.objectTypeId,
    name: 'a_to_b',
  });
  expect(added).toMatchObject({ status: 201, body: { name: 'a_to_b', fromObjectTypeId: a.objectTypeId } });
  const seen = (await run(get, { objectType: b.objectTypeId })).body as Schema;
  expect(
    seen.associations.filter(
      ({ fromObjectTypeId, toObjectTypeId }) =>
        fromObjectTypeId === b.objectTypeId && toObjectTypeId === a.objectTypeId,
    ),
  ).toHaveLength(1);
  const { id } = added.body as { id: string };
  expect((await run(archiveAssociation, { ...path, associationIdentifier: id })).status).toBe(204);
  expect((await run(archiveAssociation, { ...path, associationIdentifier: id })).status).toBe(404);
});

test('a type with records stays; without them it is archived, then deleted for good with its name freed', async () => {
  const { objectTypeId } = await made('passing');
  const path = { objectType: objectTypeId };
  const record = await createRecord(database.app, objectTypeId, { program_id: '1' });
  expect((await run(archive, path)).status).toBe(400);
  await archiveRecord(database.app, objectTypeId, record.id);
  expect((await run(archive, path)).status).toBe(204);
  expect((await run(get, path)).status).toBe(400);
  expect(
    ((await run(list, {}, undefined, { archived: 'true' })).body as { results: Schema[] }).results.map(
      ({ name }) => name,
    ),
  ).toContain('passing');
  expect((await run(create, {}, input('passing'))).status).toBe(409);
  expect((await run(archive, path, undefined, { archived: 'true' })).status).toBe(204);
  const again = (await run(create, {}, input('passing'))).body as Schema;
  expect(again.objectTypeId).not.toBe(objectTypeId);
});

test("schemas are read in a batch, with the parts that were asked for; HubSpot's own types have one too", async () => {
  const { objectTypeId } = await made('batched');
  const read = await run(
    batchRead,
    {},
    {
      inputs: [objectTypeId, 'contacts'],
      includePropertyDefinitions: true,
      includeAssociationDefinitions: false,
      includeAuditMetadata: false,
    },
  );
  expect(read).toMatchObject({
    status: 200,
    body: {
      results: [
        { name: 'batched', associations: [] },
        { name: 'CONTACT', objectTypeId: '0-1' },
      ],
    },
  });
});

test('a custom type can have pipelines, by which its records are then placed', async () => {
  const { objectTypeId } = await made('staged');
  await createRecord(database.app, objectTypeId, { program_id: '1' });
  const created = await run(
    createPipeline,
    { objectType: 'staged' },
    { label: 'P', displayOrder: 0, stages: [{ label: 'first', displayOrder: 0 }] },
  );
  const { id, stages } = created.body as { id: string; stages: { id: string }[] };
  const record = await createRecord(database.app, objectTypeId, { program_id: '2', hs_pipeline: id });
  expect(record.properties.hs_pipeline_stage).toBe(stages[0]?.id);
});
