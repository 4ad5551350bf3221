import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRecord } from '../../../lib/objects/store.ts';
import { contactsRequest, startImports } from './stand.ts';

let stand: Awaited<ReturnType<typeof startImports>>;
let firm = '';
beforeAll(async () => {
  stand = await startImports();
  firm = (await createRecord(stand.app, '0-2', { name: '高橋商店' })).id;
  for (const [name, label, inverseLabel] of [
    ['decides', '決裁者', '決裁者がいる会社'],
    ['pays', '経理', undefined],
  ]) {
    const answer = await stand.request('associations/create-label', {
      path: { fromObjectType: 'contacts', toObjectType: 'companies' },
      body: { name, label, ...(inverseLabel && { inverseLabel }) },
    });
    expect(answer.status).toBe(200);
  }
});
afterAll(() => stand.stop());

const columns = (labels: object) => [
  { columnName: 'メール', propertyName: 'email', columnType: 'HUBSPOT_ALTERNATE_ID' },
  { columnName: '会社', columnObjectTypeId: '0-2', columnType: 'HUBSPOT_OBJECT_ID' },
  { columnName: '関係', columnType: 'FLEXIBLE_ASSOCIATION_LABEL', ...labels },
];
const ahead = { columnObjectTypeId: '0-1', toColumnObjectTypeId: '0-2' };
const back = { columnObjectTypeId: '0-2', toColumnObjectTypeId: '0-1' };

async function imported(rows: readonly string[], labels: object = ahead) {
  const request = contactsRequest(columns(labels), { importOperations: { '0-1': 'UPSERT', '0-2': 'UPDATE' } });
  const { body, status } = await stand.send(request, { 'people.csv': `メール,会社,関係\r\n${rows.join('\r\n')}\r\n` });
  expect(status).toBe(200);
  await stand.drain();
  const { state, metadata } = (await stand.get(body.id)) as {
    state: string;
    metadata: { counters: Record<string, number> };
  };
  const errors = await stand.errors(body.id);
  return { state, counters: metadata.counters, errors };
}

/** The labels of each company of the person, as the API names them; '' is the association without one. */
async function labelsOf(email: string): Promise<string[][]> {
  const { id } = await stand.contact(email);
  const path = { objectType: 'contacts', objectId: id, toObjectType: 'companies' };
  const { results } = (await stand.request('associations/list', { path })).body as {
    results: { associationTypes: { label: string | null }[] }[];
  };
  return results.map(({ associationTypes }) => associationTypes.map(({ label }) => label ?? '').toSorted());
}

test('a cell may have several labels', async () => {
  const { errors } = await imported([`a@example.co.jp,${firm},決裁者; 経理`]);
  expect(errors).toEqual([]);
  expect(await labelsOf('a@example.co.jp')).toEqual([['', '決裁者', '経理']]);
});

test('an unknown label is told by its row and value, and the others of the cell hold', async () => {
  const { state, errors } = await imported([`b@example.co.jp,${firm},恩師;経理`, `c@example.co.jp,${firm},恩師`]);
  expect(state).toBe('DONE');
  expect(errors).toMatchObject(
    [2, 3].map((line) => ({
      errorType: 'ASSOCIATION_LABEL_NOT_FOUND',
      invalidValue: '恩師',
      sourceData: { lineNumber: line },
    })),
  );
  expect(await labelsOf('b@example.co.jp')).toEqual([['', '経理']]);
  expect(await labelsOf('c@example.co.jp')).toEqual([['']]);
});

test('a pair that there is keeps its labels, and gets the one more', async () => {
  await imported([`d@example.co.jp,${firm},経理`]);
  const { errors, counters } = await imported([`d@example.co.jp,${firm},決裁者`]);
  expect({ errors, created: counters.CREATED_OBJECTS ?? 0 }).toEqual({ errors: [], created: 0 });
  expect(await labelsOf('d@example.co.jp')).toEqual([['', '決裁者', '経理']]);
  await imported([`d@example.co.jp,${firm},`]);
  expect(await labelsOf('d@example.co.jp')).toEqual([['', '決裁者', '経理']]);
});

test('seen from the company, a label has its own name', async () => {
  const { errors } = await imported([`e@example.co.jp,${firm},決裁者がいる会社`], back);
  expect(errors).toEqual([]);
  expect(await labelsOf('e@example.co.jp')).toEqual([['', '決裁者']]);
});
