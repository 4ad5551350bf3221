import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStand } from './stand.ts';

let stand: Awaited<ReturnType<typeof startStand>>;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.stop());

const contacts = { objectType: 'contacts' };
const create = (properties: Record<string, string>) =>
  stand.request('objects/create', { path: contacts, body: { properties } });
const update = (objectId: string, properties: Record<string, string>) =>
  stand.request('objects/update', { path: { ...contacts, objectId }, body: { properties } });
const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).toSorted();

test('twenty writers of one record all succeed and no field is lost', async () => {
  const names = ['firstname', 'lastname', 'phone', 'company', 'city', 'jobtitle', 'website', 'zip', 'state', 'country'];
  const { body } = await create({ email: 'many-writers@example.com' });
  const id = String(body.id);

  const answers = await Promise.all(
    [...names, ...names].map((name, position) =>
      update(id, { [name]: name === 'website' ? `https://w${position}.example` : `value ${position}` }),
    ),
  );

  expect(statuses(answers)).toEqual(new Array(20).fill(200));
  const { body: read } = await stand.request('objects/get', {
    path: { ...contacts, objectId: id },
    query: { properties: names.join(','), propertiesWithHistory: names.join(',') },
  });
  for (const name of names) {
    expect(read.properties?.[name], name).toBeTruthy();
    expect(read.propertiesWithHistory?.[name]?.length, name).toBe(2);
    expect(read.propertiesWithHistory?.[name]?.[0]?.value).toBe(read.properties?.[name]);
  }
});

test('of twenty creators of one e-mail one gets 201 and nineteen get 409 with the id of the owner', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, position) =>
      create({ email: position % 2 ? 'Race@Example.com' : 'race@example.com' }),
    ),
  );

  expect(statuses(answers)).toEqual([201, ...new Array(19).fill(409)]);
  const id = answers.find(({ status }) => status === 201)?.body.id;
  for (const { body } of answers.filter(({ status }) => status === 409)) {
    expect(body).toMatchObject({
      category: 'CONFLICT',
      message: `Contact already exists. Existing ID: ${id}`,
      context: { existingObjectId: [id] },
    });
  }
});

test('twenty upserts of one e-mail make one contact', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, position) =>
      stand.request('objects/batch-upsert', {
        path: contacts,
        body: {
          inputs: [{ id: 'upsert-race@example.com', idProperty: 'email', properties: { city: `city ${position}` } }],
        },
      }),
    ),
  );

  expect(statuses(answers)).toEqual(new Array(20).fill(200));
  const results = answers.map(({ body }) => body.results?.[0]);
  expect(new Set(results.map((result) => result?.id)).size).toBe(1);
  expect(results.filter((result) => String(result?.new) === 'true')).toHaveLength(1);
});

test('modified dates of one record rise strictly', async () => {
  const { body } = await create({ email: 'rising@example.com' });
  const dates = [String(body.updatedAt)];
  for (let turn = 0; turn < 5; turn += 1) {
    dates.push(String((await update(String(body.id), { city: `city ${turn}` })).body.updatedAt));
  }
  expect(dates).toEqual([...new Set(dates)].toSorted());
});

test('of two companies that become the primary one at once one is it in the end', async () => {
  const contact = String((await create({ email: 'two-primaries@example.com' })).body.id);
  const companies = await Promise.all(
    Array.from({ length: 6 }, (_, position) =>
      stand.request('objects/create', {
        path: { objectType: 'companies' },
        body: { properties: { name: `会社${position}` } },
      }),
    ),
  );
  const path = { objectType: 'contacts', objectId: contact, toObjectType: 'companies' };

  const answers = await Promise.all(
    companies.map(({ body }) =>
      stand.request('associations/set', {
        path: { ...path, toObjectId: String(body.id) },
        body: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }],
      }),
    ),
  );

  expect(statuses(answers)).toEqual(new Array(6).fill(201));
  const { body } = await stand.request('associations/list', { path });
  const primaries = body.results
    ?.map(({ associationTypes }) => JSON.stringify(associationTypes))
    .filter((text) => text.includes('Primary'));
  expect(body.results).toHaveLength(6);
  expect(primaries).toHaveLength(1);
});
