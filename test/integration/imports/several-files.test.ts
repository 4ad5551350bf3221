import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactsRequest, names, startImports } from './stand.ts';

let stand: Awaited<ReturnType<typeof startImports>>;
beforeAll(async () => {
  stand = await startImports();
});
afterAll(() => stand.stop());

const lines = (...rows: string[]) => `${rows.join('\r\n')}\r\n`;
const resultOf = async (id: unknown) => {
  const { body } = await stand.request('imports/result', { path: { importId: String(id) } });
  return (await (await fetch(String(body.url))).text()).trimEnd().split('\r\n');
};
const policies = (body: unknown) => stand.request('associations/put-policies', { method: 'PUT', body });

test('each file has its own order of days, and its own header in the result', async () => {
  const file = (fileName: string, columnName: string, dateFormat: string) => ({
    fileName,
    fileFormat: 'CSV',
    dateFormat,
    fileImportPage: {
      hasHeader: true,
      columnMappings: [
        { columnObjectTypeId: '0-3', columnName: '案件', propertyName: 'dealname' },
        { columnObjectTypeId: '0-3', columnName: 'パイプライン', propertyName: 'pipeline' },
        { columnObjectTypeId: '0-3', columnName: 'ステージ', propertyName: 'dealstage' },
        { columnObjectTypeId: '0-3', columnName, propertyName: 'closedate' },
      ],
    },
  });
  const { body } = await stand.send(
    { name: '二つ', files: [file('a.csv', '日', 'DAY_MONTH_YEAR'), file('b.csv', '締日', 'MONTH_DAY_YEAR')] },
    {
      'a.csv': lines('案件,パイプライン,ステージ,日', '一,default,appointmentscheduled,03/04/2026'),
      'b.csv': lines('案件,パイプライン,ステージ,締日', '二,default,appointmentscheduled,03/04/2026'),
    },
  );
  await stand.drain();
  expect(await stand.get(body.id)).toMatchObject({ metadata: { counters: { CREATED_OBJECTS: 2, ERRORS: 0 } } });
  const result = await resultOf(body.id);
  expect(result).toHaveLength(4);
  expect(result[0]).toContain('ステージ,日,結果');
  expect(result[2]).toMatch(/^案件,パイプライン,ステージ,締日,結果/);
  const dates = await Promise.all(
    [1, 3].map(async (at) => {
      const path = { objectType: 'deals', objectId: result[at]?.split(',')[5] ?? '' };
      const deal = await stand.request('objects/get', { path, query: { properties: 'closedate' } });
      return (deal.body.properties as { closedate: string }).closedate;
    }),
  );
  expect(dates.map((date) => new Date(Date.parse(date) + 9 * 3_600_000).toISOString().slice(0, 10))).toEqual([
    '2026-04-03',
    '2026-03-04',
  ]);
});

test('a trial knows the keys that come again in another part, also when its parts are worked on twice', async () => {
  const rows = Array.from({ length: 600 }, (_, n) => `part${n % 520}@example.co.jp,佐藤`);
  const asked = (operation: string) => contactsRequest(names, { dryRun: true, importOperations: { '0-1': operation } });
  const upsert = await stand.send(asked('UPSERT'), { 'people.csv': lines('メール,姓', ...rows) });
  await stand.drain(2);
  expect(await stand.get(upsert.body.id)).toMatchObject({
    state: 'DONE',
    metadata: { counters: { CREATED_OBJECTS: 520, UPDATED_OBJECTS: 80, ERRORS: 0 } },
  });
  const create = await stand.send(asked('CREATE'), { 'people.csv': lines('メール,姓', ...rows) });
  await stand.drain();
  expect(await stand.get(create.body.id)).toMatchObject({
    metadata: { counters: { CREATED_OBJECTS: 520, ERRORS: 80 } },
  });
  expect(await stand.contact('part0@example.co.jp')).toMatchObject({ category: 'OBJECT_NOT_FOUND' });
});

test.each([false, true])('a policy that blocks holds for each row (trial: %s)', async (dryRun) => {
  const deals = [
    { columnName: '案件', propertyName: 'dealname', columnObjectTypeId: '0-3' },
    { columnName: 'パイプライン', propertyName: 'pipeline', columnObjectTypeId: '0-3' },
    { columnName: 'ステージ', propertyName: 'dealstage', columnObjectTypeId: '0-3' },
    { columnName: 'メール', propertyName: 'email', columnObjectTypeId: '0-1' },
  ];
  const put = await policies([
    { objectType: 'deals', requires: [{ anyOf: ['contacts'] }], mode: 'block', sources: ['import'] },
  ]);
  expect(put.status).toBe(200);
  const { body } = await stand.send(contactsRequest(deals, { dryRun }), {
    'people.csv': lines(
      '案件,パイプライン,ステージ,メール',
      '一緒,default,appointmentscheduled,with@example.co.jp',
      '単独,default,appointmentscheduled,',
    ),
  });
  await stand.drain();
  expect(await stand.get(body.id)).toMatchObject({ metadata: { counters: { ERRORS: 1 } } });
  expect(await stand.errors(body.id)).toMatchObject([
    { errorMessage: expect.stringContaining('association with contacts is required'), sourceData: { lineNumber: 3 } },
  ]);
  await policies([]);
});
