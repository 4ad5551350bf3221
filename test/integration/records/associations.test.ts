import { afterAll, describe, expect, test } from 'vitest';
import { pairsOf } from './pairs.ts';
import { startStand } from './stand.ts';

const stand = await startStand();
afterAll(() => stand.stop());
const { contact, company, spec, pair, set, setDefault, list, typesOf, pairs } = pairsOf(stand);

describe('two records', () => {
  test('are associated in both directions', async () => {
    const [from, to] = [await contact(), await company()];
    const answer = await setDefault(from, to);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'COMPLETE',
        results: [
          { from: { id: from }, to: { id: to }, associationSpec: spec(279) },
          { from: { id: to }, to: { id: from }, associationSpec: spec(280) },
        ],
      },
    });
    expect(await typesOf(from, to)).toEqual([279]);
    expect(await typesOf(to, from, ['companies', 'contacts'])).toEqual([280]);
  });

  test('keep their labels when associated without one, and lose them when labelled anew', async () => {
    const [from, to] = [await contact(), await company()];
    expect(await set(from, to, 931)).toMatchObject({
      status: 201,
      body: { fromObjectTypeId: '0-1', toObjectId: to, labels: ['Billing Contact'] },
    });
    await setDefault(from, to);
    expect(await typesOf(from, to)).toEqual([279, 931]);
    await set(from, to, 1);
    expect(await typesOf(from, to)).toEqual([1, 279]);
  });

  test('have one primary company between them: a second one takes the flag', async () => {
    const [from, first, second] = [await contact(), await company(), await company()];
    await set(from, first, 1);
    await set(from, second, 1);
    expect(await typesOf(from, first)).toEqual([279]);
    expect(await typesOf(first, from, ['companies', 'contacts'])).toEqual([280]);
    expect(await typesOf(from, second)).toEqual([1, 279]);
    await stand.request('associations/set', {
      path: { objectType: 'companies', objectId: first, toObjectType: 'contacts', toObjectId: from },
      body: [spec(2)],
    });
    expect(await typesOf(from, first)).toEqual([1, 279]);
    expect(await typesOf(from, second)).toEqual([279]);
  });

  test('are no longer associated when the unlabelled type is taken off', async () => {
    const [from, to] = [await contact(), await company()];
    await set(from, to, 1, 931);
    await pairs('batch-archive-labels', [{ from: { id: from }, to: { id: to }, types: [spec(931)] }]);
    expect(await typesOf(from, to)).toEqual([1, 279]);
    expect(
      (await pairs('batch-archive-labels', [{ from: { id: from }, to: { id: to }, types: [spec(279)] }])).status,
    ).toBe(204);
    expect(await typesOf(from, to)).toBeUndefined();
    expect(await typesOf(to, from, ['companies', 'contacts'])).toBeUndefined();
  });

  test('can be parted twice', async () => {
    const [from, to] = [await contact(), await company()];
    await setDefault(from, to);
    const path = pair(from, to);
    expect((await stand.request('associations/remove', { path })).status).toBe(204);
    expect((await stand.request('associations/remove', { path })).status).toBe(204);
    expect((await list('contacts', from, 'companies')).body).toEqual({ results: [] });
  });
});

describe('what cannot be associated', () => {
  test('is a record that is missing or archived: nothing is written', async () => {
    const [from, to] = [await contact(), await company()];
    expect(await setDefault(from, '404')).toMatchObject({
      status: 404,
      body: {
        category: 'OBJECT_NOT_FOUND',
        subCategory: 'crm.associations.TO_OBJECT_NOT_FOUND',
        message: 'No company with ID 404 exists',
      },
    });
    await stand.request('objects/archive', { path: { objectType: 'contacts', objectId: from } });
    expect(await setDefault(from, to)).toMatchObject({
      status: 404,
      body: { message: `No contact with ID ${from} exists` },
    });
    expect((await list('companies', to, 'contacts')).body).toEqual({ results: [] });
    expect((await list('companies', '404', 'contacts')).status).toBe(404);
  });

  test('is a pair by a type of another direction, by an unknown type, or one of types that do not go together', async () => {
    const [from, to] = [await contact(), await company()];
    expect(await set(from, to, 280)).toMatchObject({
      status: 400,
      body: { message: 'invalid from object type 0-1 for associations to be created. expected: 0-2' },
    });
    expect((await set(from, to, 15)).status).toBe(400);
    expect((await set(from, to, 777777)).status).toBe(400);
    const path = { objectType: 'notes', objectId: from, toObjectType: 'notes', toObjectId: to };
    expect((await stand.request('associations/set-default', { path })).status).toBe(400);
    expect(await typesOf(from, to)).toBeUndefined();
  });

  test('is a record with itself', async () => {
    const from = await contact();
    const path = { objectType: 'contacts', objectId: from, toObjectType: 'contacts', toObjectId: from };
    expect((await stand.request('associations/set-default', { path })).status).toBe(400);
  });
});

describe('batches', () => {
  test('associate many pairs, and tell of a missing record for its pair alone', async () => {
    const to = await company();
    const from = await Promise.all(Array.from({ length: 30 }, contact));
    const inputs = [...from, '404'].map((id) => ({ from: { id }, to: { id: to }, types: [spec(279)] }));
    const answer = await pairs('batch-create', inputs);
    expect(answer).toMatchObject({
      status: 207,
      body: { numErrors: 1, errors: [{ subCategory: 'crm.associations.FROM_OBJECT_NOT_FOUND' }] },
    });
    expect(answer.body.results).toHaveLength(30);
    expect((await list('companies', to, 'contacts')).body.results).toHaveLength(30);
    const again = await pairs(
      'batch-associate-default',
      from.map((id) => ({ from: { id }, to: { id: to } })),
    );
    expect(again.status).toBe(200);
    expect(again.body.results).toHaveLength(60);
  });

  test('read many records, and tell which have none', async () => {
    const [from, alone, to] = [await contact(), await contact(), await company()];
    await set(from, to, 1);
    const answer = await pairs('batch-read', [{ id: from }, { id: alone }]);
    expect(answer).toMatchObject({
      status: 207,
      body: {
        results: [
          {
            from: { id: from },
            to: [
              {
                toObjectId: to,
                associationTypes: [
                  { typeId: 1, label: 'Primary' },
                  { typeId: 279, label: null },
                ],
              },
            ],
          },
        ],
        errors: [{ subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND', context: { fromObjectId: [alone] } }],
      },
    });
  });

  test('are wrong as a whole when one type does not fit', async () => {
    const [from, to] = [await contact(), await company()];
    const inputs = [279, 15].map((typeId) => ({ from: { id: from }, to: { id: to }, types: [spec(typeId)] }));
    expect((await pairs('batch-create', inputs)).status).toBe(400);
    expect(await typesOf(from, to)).toBeUndefined();
  });

  test('part many pairs', async () => {
    const [from, one, two] = [await contact(), await company(), await company()];
    await setDefault(from, one);
    await setDefault(from, two);
    expect(
      (await pairs('batch-archive', [{ from: { id: from }, to: [{ id: one }, { id: two }, { id: '404' }] }])).status,
    ).toBe(204);
    expect((await list('contacts', from, 'companies')).body).toEqual({ results: [] });
  });
});

test('a list of associations says what comes next with everything that was asked for', async () => {
  const from = await contact();
  for (const to of [await company(), await company(), await company()]) await setDefault(from, to);
  const path = { objectType: 'contacts', objectId: from, toObjectType: 'companies' };
  for (const operation of ['list', 'list-named']) {
    const { body } = await stand.request(`associations/${operation}`, { url: '/where', path, query: { limit: '2' } });
    const link = new URL(String(body.paging?.next?.link));
    expect(link.origin).toBe('https://api.test');
    expect(Object.fromEntries(link.searchParams)).toEqual({ limit: '2', after: body.paging?.next?.after });
  }
});

test('a cursor or an id that cannot be is told as such', async () => {
  const [from, endless] = [await contact(), '9'.repeat(3000)];
  expect((await list('contacts', from, 'companies', { after: 'abc' })).status).toBe(400);
  expect((await list('contacts', from, 'companies', { after: endless })).status).toBe(400);
  expect((await list('contacts', endless, 'companies')).status).toBe(404);
  expect((await setDefault(endless, await company())).status).toBe(400);
});

test('a list of associations is paged', async () => {
  const to = await company();
  const from = await Promise.all(Array.from({ length: 5 }, contact));
  await pairs(
    'batch-associate-default',
    from.map((id) => ({ from: { id }, to: { id: to } })),
  );
  const first = await list('companies', to, 'contacts', { limit: '3' });
  expect(first.body.results).toHaveLength(3);
  const rest = await list('companies', to, 'contacts', { limit: '3', after: String(first.body.paging?.next?.after) });
  expect(rest.body.results).toHaveLength(2);
  expect(rest.body).not.toHaveProperty('paging');
});

describe('the v3 forms', () => {
  test('show a record once for each type, by name', async () => {
    const [from, to] = [await contact(), await company()];
    const path = { ...pair(from, to), associationType: 'contact_to_company' };
    const answer = await stand.request('associations/set-named', { path });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: from,
        associations: {
          companies: {
            results: [
              { id: to, type: 'contact_to_company' },
              { id: to, type: 'contact_to_company_unlabeled' },
            ],
          },
        },
      },
    });
    const read = await stand.request('objects/get', {
      path: { objectType: 'contacts', objectId: from },
      query: { associations: 'companies,deals' },
    });
    expect(Object.keys(read.body.associations ?? {})).toEqual(['companies']);
    expect((await stand.request('associations/remove-named', { path: { ...path, associationType: '1' } })).status).toBe(
      204,
    );
    expect(await typesOf(from, to)).toEqual([279]);
  });

  test('create, read and archive in batches', async () => {
    const [from, to] = [await contact(), await company()];
    const input = { from: { id: from }, to: { id: to }, type: 'contact_to_company_unlabeled' };
    const answer = await pairs('batch-create-named', [input, { ...input, from: { id: '9993051' } }]);
    expect(answer).toMatchObject({
      status: 207,
      body: {
        results: [input],
        errors: [
          {
            category: 'OBJECT_NOT_FOUND',
            subCategory: 'crm.associations.FROM_OBJECT_NOT_FOUND',
            message: 'No contact with ID 9993051 exists',
            context: { objectType: ['contact'], id: ['9993051'] },
          },
        ],
      },
    });
    const read = await pairs('batch-read-named', [{ id: from }]);
    expect(read).toMatchObject({
      status: 200,
      body: { results: [{ from: { id: from }, to: [{ id: to, type: 'contact_to_company_unlabeled' }] }] },
    });
    expect((await pairs('batch-archive-named', [input])).status).toBe(204);
    expect(await typesOf(from, to)).toBeUndefined();
  });
});
