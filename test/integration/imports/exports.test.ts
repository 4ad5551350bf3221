import { afterAll, beforeAll, expect, test } from 'vitest';
import { xlsxRows } from '../../../lib/imports/read/xlsx.ts';
import { createList } from '../../../lib/lists/change.ts';
import { changeMembers } from '../../../lib/lists/members.ts';
import { contactsRequest, names, startImports } from './stand.ts';

let stand: Awaited<ReturnType<typeof startImports>>;
const total = 1203;
beforeAll(async () => {
  stand = await startImports();
  const rows = Array.from({ length: total - 3 }, (_, n) => `e${n}@example.co.jp,佐藤${n}`);
  const special = ['f1@example.co.jp,"=SUM(A1)"', 'f2@example.co.jp,髙橋〜', 'f3@example.co.jp,"改行\nと""引用"""'];
  await stand.send(contactsRequest(names), { 'people.csv': ['メール,姓', ...rows, ...special].join('\n') });
  await stand.drain();
});
afterAll(() => stand.stop());

const view = {
  exportType: 'VIEW',
  exportName: '顧客一覧',
  objectType: 'contacts',
  objectProperties: ['email', 'lastname', 'phone'],
  format: 'CSV',
  language: 'JA',
  exportInternalValuesOptions: [],
  overrideAssociatedObjectsPerDefinitionPerRowLimit: false,
};

async function exported(body: object): Promise<Buffer> {
  const started = await stand.request('exports/start', { body });
  expect(started).toMatchObject({
    status: 202,
    body: { id: expect.any(String), links: { status: expect.stringContaining('/status') } },
  });
  expect((await stand.request('exports/status', { path: { taskId: String(started.body.id) } })).body).toMatchObject({
    status: 'PENDING',
  });
  await stand.drain(2);
  const { body: status } = await stand.request('exports/status', { path: { taskId: String(started.body.id) } });
  expect(status).toMatchObject({ status: 'COMPLETE' });
  const file = await fetch(String(status.result));
  expect(file.headers.get('content-disposition')).toContain(encodeURIComponent('顧客一覧'));
  return Buffer.from(await file.arrayBuffer());
}

test('a view comes as CSV with headers in Japanese, and no cell is a formula', async () => {
  const text = (await exported({ ...view, encoding: 'UTF-8-BOM' })).toString('utf8');
  expect(text.startsWith('\ufeffレコードID,メール,姓,電話\r\n')).toBe(true);
  expect(text.trimEnd().split('\r\n')).toHaveLength(total + 1);
  expect(text).toContain(`,f1@example.co.jp,'=SUM(A1),`);
  expect(text).toContain('"改行\nと""引用"""');
});

test('a view with filters has what a search finds', async () => {
  const publicCrmSearchRequest = {
    filterGroups: [
      { filters: [{ propertyName: 'email', operator: 'IN', values: ['e1@example.co.jp', 'f1@example.co.jp'] }] },
    ],
  };
  const text = (await exported({ ...view, publicCrmSearchRequest })).toString('utf8');
  expect(text.trimEnd().split('\r\n')).toHaveLength(3);
});

test('a list comes with its members only', async () => {
  const list = await createList(stand.app, { name: '輸出する', objectTypeId: '0-1', processingType: 'MANUAL' });
  const members = await Promise.all(['e5@example.co.jp', 'e6@example.co.jp'].map((email) => stand.contact(email)));
  await changeMembers(stand.app, list, { add: members.map(({ id }) => id), remove: [] });
  const text = (await exported({ ...view, exportType: 'LIST', listId: list.listId })).toString('utf8');
  expect(
    text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((row) => row.split(',')[1]),
  ).toEqual(['e5@example.co.jp', 'e6@example.co.jp']);
});

test('Shift_JIS has the letters that Windows has', async () => {
  const bytes = await exported({
    ...view,
    encoding: 'SHIFT_JIS',
    publicCrmSearchRequest: {
      query: '',
      filters: [{ propertyName: 'email', operator: 'EQ', value: 'f2@example.co.jp' }],
      sorts: [],
    },
  });
  expect(new TextDecoder('shift_jis', { fatal: true }).decode(bytes)).toMatch(/,f2@example.co.jp,髙橋～,/);
});

test('a workbook that grew in pieces is whole, and reads as it was written', async () => {
  const bytes = await exported({ ...view, format: 'XLSX', exportInternalValuesOptions: ['NAMES', 'VALUES'] });
  const rows = [...xlsxRows(bytes)];
  expect(rows).toHaveLength(total + 1);
  expect(rows[0]?.cells).toEqual(['hs_object_id', 'email', 'lastname', 'phone']);
  expect(rows.some(({ cells }) => cells[2] === '=SUM(A1)')).toBe(true);
});

test('an export says what it was asked for and how many records it has', async () => {
  const { body } = await stand.request('exports/start', { body: { ...view, exportInternalValuesOptions: ['NAMES'] } });
  await stand.drain();
  expect((await stand.request('exports/get', { path: { exportId: String(body.id) } })).body).toMatchObject({
    exportState: 'DONE',
    exportType: 'VIEW',
    exportName: '顧客一覧',
    recordCount: total,
    objectType: '0-1',
  });
});

test.each([
  ['an unknown property', { objectProperties: ['shoesize'] }, 'shoesize'],
  ['an unknown type', { objectType: 'dragons' }, 'dragons'],
  [
    'a filter on a missing property',
    { publicCrmSearchRequest: { filters: [{ propertyName: 'shoesize', operator: 'EQ', value: '1' }] } },
    '',
  ],
  ['an unknown field', { colour: 'red' }, 'colour'],
  ['a sort', { publicCrmSearchRequest: { sorts: ['email'] } }, 'order of creation'],
])('%s is refused', async (_, change, words) => {
  expect(await stand.request('exports/start', { body: { ...view, ...change } })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining(words) },
  });
});

test('what was exported can be imported again, and changes nothing', async () => {
  const csv = await exported({ ...view, exportInternalValuesOptions: ['NAMES', 'VALUES'] });
  const columns = [
    { columnName: 'hs_object_id', columnType: 'HUBSPOT_OBJECT_ID' },
    { columnName: 'email', propertyName: 'email' },
    { columnName: 'lastname', propertyName: 'lastname' },
  ];
  const { body } = await stand.send(contactsRequest(columns), { 'people.csv': csv });
  await stand.drain();
  expect(await stand.get(body.id)).toMatchObject({
    state: 'DONE',
    metadata: { counters: { UNCHANGED_OBJECTS: total } },
  });
});
