import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUndo } from '../../../lib/changesets/start-undo.ts';
import { contactsRequest, names, startImports } from './stand.ts';

let stand: Awaited<ReturnType<typeof startImports>>;
beforeAll(async () => {
  stand = await startImports();
});
afterAll(() => stand.stop());

const lines = (...rows: string[]) => `${rows.join('\r\n')}\r\n`;
/** 姓,メール / 髙橋 (an extension of IBM's) in Microsoft's Shift_JIS. */
const shiftJis = Buffer.concat([
  Buffer.from([0x90, 0xa9]),
  Buffer.from(','),
  Buffer.from([0x83, 0x81, 0x81, 0x5b, 0x83, 0x8b]),
  Buffer.from('\r\n'),
  Buffer.from([0xfb, 0xfc, 0x8b, 0xb4]),
  Buffer.from(',takahashi@example.co.jp\r\n'),
]);

test("a file of HubSpot's form creates and updates records, and says what became of each row", async () => {
  const first = await stand.send(contactsRequest(names), {
    'people.csv': lines('メール,姓', 'a@example.co.jp,佐藤', 'b@example.co.jp,鈴木', 'nonsense,田中'),
  });
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({
    state: 'STARTED',
    importName: '展示会',
    importSource: 'API',
    mappedObjectTypeIds: ['0-1'],
    optOutImport: false,
  });
  await stand.drain();
  expect(await stand.get(first.body.id)).toMatchObject({
    state: 'DONE',
    metadata: { counters: { TOTAL_ROWS: 3, CREATED_OBJECTS: 2, ERRORS: 1 } },
  });
  expect(await stand.errors(first.body.id)).toMatchObject([
    {
      errorType: 'INVALID_EMAIL',
      errorMessage: expect.stringContaining('nonsense'),
      sourceData: { lineNumber: 4, rowData: ['nonsense', '田中'] },
    },
  ]);

  const second = await stand.send(contactsRequest(names), {
    'people.csv': lines('メール,姓', 'a@example.co.jp,斎藤', 'b@example.co.jp,鈴木'),
  });
  await stand.drain();
  expect(await stand.get(second.body.id)).toMatchObject({
    state: 'DONE',
    metadata: { counters: { UPDATED_OBJECTS: 1, UNCHANGED_OBJECTS: 1 } },
  });
  expect((await stand.contact('a@example.co.jp')).properties.lastname).toBe('斎藤');

  const { body } = await stand.request('imports/result', { path: { importId: String(first.body.id) } });
  const text = await (await fetch(String(body.url))).text();
  const [header, ...rows] = text.split('\r\n');
  expect(header).toBe('メール,姓,結果 (result),レコードID (record id),内容 (message)');
  expect(rows[0]).toMatch(/^a@example.co.jp,佐藤,CREATED,\d{16},$/);
  expect(rows[2]).toMatch(/^nonsense,田中,ERROR,,.*invalid/);
});

test('Shift_JIS is found out, with the letters that Windows adds to it', async () => {
  const { body } = await stand.send(contactsRequest(names), { 'people.csv': shiftJis });
  await stand.drain();
  expect(await stand.get(body.id)).toMatchObject({ state: 'DONE' });
  expect((await stand.contact('takahashi@example.co.jp')).properties.lastname).toBe('髙橋');
});

test('a trial says per row what would happen and writes nothing', async () => {
  const { body } = await stand.send(contactsRequest(names, { dryRun: true }), {
    'people.csv': lines('メール,姓', 'trial@example.co.jp,佐藤', 'a@example.co.jp,伊藤', 'x,y'),
  });
  await stand.drain();
  expect(await stand.get(body.id)).toMatchObject({
    state: 'DONE',
    metadata: { counters: { CREATED_OBJECTS: 1, UPDATED_OBJECTS: 1, ERRORS: 1 } },
  });
  expect(await stand.contact('trial@example.co.jp')).toMatchObject({ category: 'OBJECT_NOT_FOUND' });
  expect((await stand.contact('a@example.co.jp')).properties.lastname).toBe('斎藤');
});

test('people and their companies of one row are associated, and rows of another file with them', async () => {
  const columns = [
    {
      columnName: 'メール',
      propertyName: 'email',
      columnType: 'HUBSPOT_ALTERNATE_ID',
      associationIdentifierColumn: true,
    },
    { columnName: '会社', propertyName: 'name', columnObjectTypeId: '0-2' },
  ];
  const request = contactsRequest(columns);
  const deals = {
    fileName: 'deals.csv',
    fileFormat: 'CSV',
    fileImportPage: {
      hasHeader: true,
      columnMappings: [
        { columnObjectTypeId: '0-3', columnName: '案件', propertyName: 'dealname' },
        { columnObjectTypeId: '0-3', columnName: 'パイプライン', propertyName: 'pipeline' },
        { columnObjectTypeId: '0-3', columnName: 'ステージ', propertyName: 'dealstage' },
        {
          columnObjectTypeId: '0-3',
          toColumnObjectTypeId: '0-1',
          columnName: '担当の方',
          columnType: 'ASSOCIATION_KEYS',
        },
      ],
    },
  };
  const { body } = await stand.send(
    { ...request, files: [deals, ...(request.files as object[])] },
    {
      'people.csv': lines('メール,会社', 'c@example.co.jp,高橋商店'),
      'deals.csv': lines(
        '案件,パイプライン,ステージ,担当の方',
        '契約,default,appointmentscheduled,c@example.co.jp',
        '無縁,default,appointmentscheduled,nobody@example.co.jp',
      ),
    },
  );
  await stand.drain();
  expect(await stand.get(body.id)).toMatchObject({
    state: 'DONE',
    metadata: { counters: { CREATED_OBJECTS: 4, ERRORS: 1 } },
  });
  expect(await stand.errors(body.id)).toMatchObject([{ errorType: 'ASSOCIATION_RECORD_NOT_FOUND' }]);
  const { id } = await stand.contact('c@example.co.jp');
  for (const to of ['companies', 'deals']) {
    const linked = await stand.request('associations/list', {
      path: { objectType: 'contacts', objectId: id, toObjectType: to },
    });
    expect(linked.body.results).toHaveLength(1);
  }
});

test('each file has its own order of day and month, and names of others as an export wrote them', async () => {
  const file = (fileName: string, dateFormat: string, columns: object[]) => ({
    fileName,
    fileFormat: 'CSV',
    dateFormat,
    fileImportPage: { hasHeader: true, columnMappings: columns },
  });
  const deal = { columnObjectTypeId: '0-3' };
  const first = file('firms.csv', 'MONTH_DAY_YEAR', [
    { columnObjectTypeId: '0-2', columnName: '会社', propertyName: 'name' },
    { columnObjectTypeId: '0-2', columnName: '番号', propertyName: 'phone', associationIdentifierColumn: true },
  ]);
  const second = file('deals.csv', 'DAY_MONTH_YEAR', [
    { ...deal, columnName: '案件', propertyName: 'dealname' },
    { ...deal, columnName: 'パイプライン', propertyName: 'pipeline' },
    { ...deal, columnName: 'ステージ', propertyName: 'dealstage' },
    { ...deal, columnName: '完了', propertyName: 'closedate' },
    { ...deal, toColumnObjectTypeId: '0-2', columnName: '番号', idColumnType: 'ASSOCIATION_KEYS' },
  ]);
  const { body } = await stand.send(
    { name: '二つ', files: [second, first] },
    {
      'firms.csv': lines('会社,番号', "順番商店,'+81-3-1234-5678"),
      'deals.csv': lines(
        '案件,パイプライン,ステージ,完了,番号',
        "順番,default,appointmentscheduled,05/12/2026,'+81-3-1234-5678",
      ),
    },
  );
  await stand.drain();
  expect(await stand.errors(body.id)).toEqual([]);
  const found = await stand.request('objects/search', {
    path: { objectType: 'deals' },
    body: {
      filterGroups: [{ filters: [{ propertyName: 'dealname', operator: 'EQ', value: '順番' }] }],
      properties: ['closedate'],
    },
  });
  const [made] = found.body.results as { id: string; properties: Record<string, string> }[];
  expect(made?.properties.closedate).toMatch(/^2026-12-0[45]T/);
  const linked = await stand.request('associations/list', {
    path: { objectType: 'deals', objectId: made?.id ?? '', toObjectType: 'companies' },
  });
  expect(linked.body.results).toHaveLength(1);
});

test('a policy that asks for associations holds for imports: from the same row they come with the record', async () => {
  const policy = (mode: string) => [
    { objectType: 'deals', requires: [{ anyOf: ['companies'] }], mode, sources: ['import'] },
  ];
  const put = (body: unknown) => stand.request('associations/put-policies', { method: 'PUT', body });
  expect((await put(policy('block'))).status).toBe(200);
  const deal = { columnObjectTypeId: '0-3' };
  const columns = [
    { ...deal, columnName: '案件', propertyName: 'dealname' },
    { ...deal, columnName: 'パイプライン', propertyName: 'pipeline' },
    { ...deal, columnName: 'ステージ', propertyName: 'dealstage' },
    { columnObjectTypeId: '0-2', columnName: '会社', propertyName: 'name' },
  ];
  const { body } = await stand.send(contactsRequest(columns), {
    'people.csv': lines(
      '案件,パイプライン,ステージ,会社',
      '連れ,default,appointmentscheduled,方針商店',
      '独り,default,appointmentscheduled,',
    ),
  });
  await stand.drain();
  await put(policy('off'));
  expect(await stand.get(body.id)).toMatchObject({
    state: 'DONE',
    metadata: { counters: { CREATED_OBJECTS: 2, ERRORS: 1 } },
  });
  expect(await stand.errors(body.id)).toMatchObject([
    { errorMessage: expect.stringContaining('association'), sourceData: { lineNumber: 3 } },
  ]);
});

test('a slice that is repeated, or worked on by several at once, creates nothing twice', async () => {
  const rows = Array.from({ length: 700 }, (_, n) => `r${n}@example.co.jp,佐藤${n}`);
  const { body } = await stand.send(contactsRequest(names, { importOperations: { '0-1': 'CREATE' } }), {
    'people.csv': lines('メール,姓', ...rows),
  });
  await stand.drain(3);
  expect(await stand.get(body.id)).toMatchObject({
    state: 'DONE',
    metadata: { counters: { TOTAL_ROWS: 700, CREATED_OBJECTS: 700 } },
  });
  expect(await stand.errors(body.id)).toEqual([]);
});

test('the rows of one address follow each other', async () => {
  const { body } = await stand.send(contactsRequest(names), {
    'people.csv': lines('メール,姓', 'same@example.co.jp,一', 'SAME@example.co.jp,二'),
  });
  await stand.drain();
  expect(await stand.get(body.id)).toMatchObject({
    metadata: { counters: { CREATED_OBJECTS: 1, UPDATED_OBJECTS: 1 } },
  });
  expect((await stand.contact('same@example.co.jp')).properties.lastname).toBe('二');
});

test('an import that is undone takes back what it made, and is REVERTED', async () => {
  const { body } = await stand.send(contactsRequest(names), {
    'people.csv': lines('メール,姓', 'undo@example.co.jp,佐藤'),
  });
  await stand.drain();
  const { changeSetId } = await stand.get(body.id);
  await startUndo(stand.app, String(changeSetId));
  await stand.drain();
  expect(await stand.get(body.id)).toMatchObject({ state: 'REVERTED' });
  expect(await stand.contact('undo@example.co.jp')).toMatchObject({ category: 'OBJECT_NOT_FOUND' });
});

test('the mapping of the last file with these columns is suggested, and else what names say', async () => {
  const headers = 'メール,姓,名,携帯電話番号,備考欄';
  const guessed = await stand.request('imports/suggest-mapping', { query: { objectType: 'contacts', headers } });
  expect((guessed.body.results as { propertyName: string }[]).map(({ propertyName }) => propertyName)).toEqual([
    'email',
    'lastname',
    'firstname',
    'mobilephone',
    null,
  ]);
  const known = await stand.request('imports/suggest-mapping', {
    query: { objectType: 'contacts', headers: '姓,メール' },
  });
  expect(known.body.results).toMatchObject([
    { source: 'REMEMBERED', propertyName: 'lastname' },
    { source: 'REMEMBERED', propertyName: 'email' },
  ]);
});

describe('what cannot be imported is said in words', () => {
  test.each([
    ['an empty file', '', 'is empty'],
    ['a header alone', 'メール,姓\r\n', 'a header and no rows'],
    ['a column twice', 'メール,メール,姓\r\na@b.co,x,y\r\n', 'more than once: メール'],
    ['a column that is not there', 'メール\r\na@b.co\r\n', 'lacks mapped columns: 姓'],
    ['a quote that is left open', 'メール,姓\r\nq@example.co.jp,"佐藤\r\nr@example.co.jp,鈴木\r\n', 'not closed'],
    ['a quote within a value', 'メール,姓\r\nq@example.co.jp,佐"藤\r\n', 'in the middle of a value'],
    [
      'bytes of no encoding',
      Buffer.concat([Buffer.from('メール,姓\r\na@b.co,'), Buffer.from([0xff, 0xfe, 0x80])]),
      'neither UTF-8 nor Shift_JIS',
    ],
    ['UTF-16', Buffer.from([0xff, 0xfe, 0x41, 0]), 'UTF-16'],
    ['two million columns', `${','.repeat(2_000_000)}\r\n`, 'more than 1000 columns'],
    ['more columns than are taken', `${','.repeat(1200)}\r\n`, 'the most is 1000'],
  ])('%s', async (_, content, words) => {
    const { body, status } = await stand.send(contactsRequest(names), { 'people.csv': content });
    expect(status).toBe(200);
    await stand.drain();
    expect(await stand.get(body.id)).toMatchObject({ state: 'FAILED', message: expect.stringContaining(words) });
    expect(await stand.errors(body.id)).toMatchObject([{ errorMessage: expect.stringContaining(words) }]);
  });

  test('a row with too few or too many columns is told and left out, the others go in', async () => {
    const { body } = await stand.send(contactsRequest(names), {
      'people.csv': lines(
        'メール,姓',
        'ragged1@example.co.jp',
        'ragged2@example.co.jp,佐藤,x',
        'fine@example.co.jp,佐藤',
      ),
    });
    await stand.drain();
    expect(await stand.get(body.id)).toMatchObject({ metadata: { counters: { CREATED_OBJECTS: 1, ERRORS: 2 } } });
    expect(await stand.errors(body.id)).toMatchObject([
      { errorType: 'INCORRECT_NUMBER_OF_COLUMNS' },
      { errorType: 'INCORRECT_NUMBER_OF_COLUMNS' },
    ]);
  });

  test.each([
    ['a property that does not exist', { columnName: '姓', propertyName: 'shoesize' }, 'does not exist'],
    [
      'a key that is not unique',
      { columnName: '姓', propertyName: 'lastname', columnType: 'HUBSPOT_ALTERNATE_ID' },
      'not unique',
    ],
    ['a property that is read only', { columnName: '姓', propertyName: 'hs_object_id' }, 'read only'],
  ])('%s is refused at once', async (_, column, words) => {
    const answer = await stand.send(contactsRequest([column]), { 'people.csv': 'x' });
    expect(answer).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR', message: expect.stringContaining(words) },
    });
  });

  test('a request without its file, and a body that is no form', async () => {
    expect(await stand.send(contactsRequest(names), {})).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('people.csv') },
    });
    expect(
      await stand.request('imports/create', { body: 'x', headers: { 'content-type': 'multipart/form-data' } }),
    ).toMatchObject({ status: 400 });
    expect(await stand.request('imports/create', { body: {} })).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR' },
    });
  });
});
