import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costOf, startStand } from './stand.ts';

let stand: Awaited<ReturnType<typeof startStand>>;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.stop());

const path = { objectType: 'contacts' };
const batch = (operation: string, inputs: readonly unknown[], more: Record<string, unknown> = {}) =>
  stand.request(`objects/batch-${operation}`, { path, body: { inputs, ...more } });
const create = async (email: string, properties: Record<string, string> = {}) => {
  const { body } = await stand.request('objects/create', { path, body: { properties: { email, ...properties } } });
  return String(body.id);
};
const byEmail = (email: string) =>
  stand.request('objects/get', { path: { ...path, objectId: email }, query: { idProperty: 'email' } });

describe('batch create', () => {
  test('makes a hundred records in the order of the inputs with few transactions', async () => {
    const inputs = Array.from({ length: 100 }, (_, position) => ({
      properties: { email: `b${position}@example.com`, firstname: '太郎' },
    }));
    const answer = await batch('create', inputs);
    expect(answer.status).toBe(201);
    expect(answer.body).not.toHaveProperty('errors');
    expect(answer.body.results?.map(({ properties }) => properties?.email)).toEqual(
      inputs.map(({ properties }) => properties.email),
    );
    expect(costOf(answer).calls).toBeLessThanOrEqual(20);
  });

  test('reports every input that is wrong and writes none', async () => {
    const id = await create('taken@example.com');
    const answer = await batch('create', [
      { properties: { email: 'fine@example.com' } },
      { properties: { email: 'Taken@example.com' } },
      { properties: { email: 'pair@example.com' } },
      { properties: { email: 'PAIR@example.com' } },
    ]);
    expect(answer).toMatchObject({
      status: 409,
      body: {
        category: 'CONFLICT',
        message: `Contact already exists. Existing ID: ${id}`,
        errors: [{ in: 'inputs[1]' }, { in: 'inputs[3]' }],
      },
    });
    expect((await byEmail('fine@example.com')).status).toBe(404);
    const invalid = await batch('create', [{ properties: { nope: '1' } }, { properties: { email: 'x' } }]);
    expect(invalid.status).toBe(400);
    expect(invalid.body.errors?.map((error) => error.in)).toEqual(['inputs[0]', 'inputs[1]']);
  });

  test('writes the good inputs when every one has a trace id', async () => {
    await create('traced-taken@example.com');
    const answer = await batch('create', [
      { objectWriteTraceId: 'a', properties: { email: 'traced@example.com' } },
      { objectWriteTraceId: 'b', properties: { email: 'traced-taken@example.com' } },
      { objectWriteTraceId: 'c', properties: { no_such: '1' } },
    ]);
    expect(answer).toMatchObject({
      status: 207,
      body: {
        numErrors: 2,
        results: [{ objectWriteTraceId: 'a' }],
        errors: [
          { category: 'CONFLICT', context: { objectWriteTraceId: ['b'] } },
          { category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['c'] } },
        ],
      },
    });
  });

  test('associates its records, and refuses all when one goes to a record that is not there', async () => {
    const { body: company } = await stand.request('objects/create', {
      path: { objectType: 'companies' },
      body: { properties: { name: '束' } },
    });
    const to = (id: unknown) => [
      { to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }] },
    ];
    const good = Array.from({ length: 30 }, (_, position) => ({
      properties: { email: `linked${position}@example.com` },
      associations: to(company.id),
    }));
    expect((await batch('create', good)).status).toBe(201);
    const listed = await stand.request('associations/list', {
      path: { objectType: 'companies', objectId: String(company.id), toObjectType: 'contacts' },
    });
    expect(listed.body.results).toHaveLength(30);
    const bad = [
      { properties: { email: 'orphan1@example.com' } },
      { properties: { email: 'orphan2@example.com' }, associations: to(404) },
    ];
    expect(await batch('create', bad)).toMatchObject({
      status: 400,
      body: { message: 'One or more associations are invalid' },
    });
    expect((await byEmail('orphan1@example.com')).status).toBe(404);
  });

  test('takes at most 100 inputs', async () => {
    const inputs = Array.from({ length: 101 }, (_, position) => ({
      properties: { email: `over${position}@example.com` },
    }));
    expect(await batch('create', inputs)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
    expect((await byEmail('over0@example.com')).status).toBe(404);
  });
});

describe('batch read', () => {
  test('tells all missing ids in one error', async () => {
    const id = await create('read@example.com', { city: '東京' });
    const answer = await batch('read', [{ id }, { id: '11' }, { id: '12' }, { id }], {
      properties: ['city'],
      propertiesWithHistory: [],
    });
    expect(answer).toMatchObject({
      status: 207,
      body: {
        results: [{ id, properties: { city: '東京' } }],
        numErrors: 1,
        errors: [
          {
            category: 'OBJECT_NOT_FOUND',
            message: 'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
            context: { ids: ['11', '12'] },
          },
        ],
      },
    });
  });

  test('reads by e-mail', async () => {
    const id = await create('read-by@example.com');
    const answer = await batch('read', [{ id: 'READ-BY@example.com' }], { idProperty: 'email', properties: ['email'] });
    expect(answer).toMatchObject({ status: 200, body: { results: [{ id }] } });
  });
});

describe('batch update', () => {
  test('changes the records that are there and reports the others', async () => {
    const ids = [await create('u1@example.com'), await create('u2@example.com')];
    const answer = await batch(
      'update',
      [...ids, '99'].map((id) => ({ id, properties: { city: '京都' } })),
    );
    expect(answer).toMatchObject({ status: 207, body: { numErrors: 1, errors: [{ context: { ids: ['99'] } }] } });
    expect(answer.body.results?.map(({ id }) => id)).toEqual(ids);
  });

  test('writes nothing when an input is wrong, or names a record twice, or goes by a property that is not unique', async () => {
    const id = await create('u3@example.com', { city: '東京' });
    const other = await create('u4@example.com', { city: '東京' });
    const wrong = await batch('update', [
      { id, properties: { city: '奈良' } },
      { id: other, properties: { nope: '1' } },
    ]);
    expect(wrong.status).toBe(400);
    expect(
      (
        await batch(
          'update',
          [id, id].map((each) => ({ id: each, properties: { city: '奈良' } })),
        )
      ).status,
    ).toBe(400);
    const byCity = await batch('update', [{ id: '東京', idProperty: 'city', properties: { zip: '1' } }]);
    expect(byCity).toMatchObject({
      status: 400,
      body: { message: 'Unable to perform update/upsert by non-unique 0-1 property' },
    });
    expect((await byEmail('u3@example.com')).body.updatedAt).toBe((await byEmail('u3@example.com')).body.createdAt);
  });

  test('tells of a taken e-mail for its input alone', async () => {
    const [one, two, three] = [
      await create('u5@example.com'),
      await create('u6@example.com'),
      await create('u7@example.com'),
    ];
    const answer = await batch('update', [
      { id: one, properties: { email: 'u7@example.com' } },
      { id: two, properties: { city: '神戸' } },
    ]);
    expect(answer).toMatchObject({
      status: 207,
      body: { results: [{ id: two }], errors: [{ category: 'CONFLICT', context: { existingObjectId: [three] } }] },
    });
  });

  test('of two batches at once loses no change', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, (_, position) => create(`both${position}@example.com`)));
    const answers = await Promise.all(
      [{ city: '札幌' }, { zip: '060-0001' }].map((properties) =>
        batch(
          'update',
          ids.map((id) => ({ id, properties })),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { body } = await batch(
      'read',
      ids.map((id) => ({ id })),
      { properties: ['city', 'zip'] },
    );
    for (const { properties } of Array.from(body.results as unknown as { properties: Record<string, string> }[])) {
      expect(properties).toMatchObject({ city: '札幌', zip: '060-0001' });
    }
  });
});

describe('batch upsert', () => {
  test('creates and changes by e-mail and says which', async () => {
    const id = await create('up1@example.com');
    const answer = await batch(
      'upsert',
      ['UP1@example.com', 'up2@example.com'].map((email) => ({
        id: email,
        idProperty: 'email',
        properties: { city: '横浜' },
      })),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.results).toMatchObject([
      { id, new: false, properties: { city: '横浜', email: 'up1@example.com' } },
      { new: true, properties: { email: 'up2@example.com' } },
    ]);
  });

  test('refuses a batch that names one e-mail twice', async () => {
    const inputs = ['d@example.com', 'D@example.com'].map((id) => ({ id, idProperty: 'email', properties: {} }));
    expect(await batch('upsert', inputs)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
    expect((await byEmail('d@example.com')).status).toBe(404);
  });
});

test('batch upsert gives a new record the value that it was looked for by, unless another one is said', async () => {
  const upsert = (id: string, email: string | null) =>
    stand.request('objects/batch-upsert', {
      path: { objectType: 'contacts' },
      body: { inputs: [{ id, idProperty: 'email', properties: { email } }] },
    });
  for (const [id, email] of [
    ['empty@example.com', ''],
    ['null@example.com', null],
  ] as const) {
    expect((await upsert(id, email)).body.results).toMatchObject([{ new: true, properties: { email: id } }]);
  }
  expect((await upsert('looked-for@example.com', 'said@example.com')).body.results).toMatchObject([
    { new: true, properties: { email: 'said@example.com' } },
  ]);
});

test('batch archive takes known and unknown ids and frees the e-mails', async () => {
  const ids = [await create('ar1@example.com'), await create('ar2@example.com')];
  expect(
    (
      await batch(
        'archive',
        [...ids, '77'].map((id) => ({ id })),
      )
    ).status,
  ).toBe(204);
  expect((await byEmail('ar1@example.com')).status).toBe(404);
  expect(
    (await stand.request('objects/create', { path, body: { properties: { email: 'ar2@example.com' } } })).status,
  ).toBe(201);
});
