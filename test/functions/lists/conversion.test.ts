import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { handler as cancel } from '../../../functions/lists/cancel-conversion.ts';
import { handler as getConversion } from '../../../functions/lists/get-conversion.ts';
import { handler as history } from '../../../functions/lists/history.ts';
import { handler as remove } from '../../../functions/lists/remove.ts';
import { handler as rename } from '../../../functions/lists/rename.ts';
import { handler as schedule } from '../../../functions/lists/schedule-conversion.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { workOn } from '../../../lib/jobs/work.ts';
import { readList } from '../../../lib/lists/store.ts';
import { listKey, listSizeDayKey, listSizeKey } from '../../../lib/table/list-keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { listsOf } from '../../support/lists.ts';

let database: Database;
const { contact, newList, add, restore } = listsOf(() => database);
const headers = bearer();
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  restore();
  await database.close();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A list as if filters had made it: only such a one becomes static. */
async function dynamicList(): Promise<string> {
  const listId = await newList();
  await database.app.table.commit([{ update: listKey(listId), set: { processingType: 'DYNAMIC' } }]);
  return listId;
}
const scheduled = (listId: string, body: unknown) => call(schedule, { headers, path: { listId }, body });
const conversion = async (listId: string) => (await call(getConversion, { headers, path: { listId } })).body;
const onDay = (year: number, month: number, day: number) => ({ conversionType: 'CONVERSION_DATE', year, month, day });
const inactive = (offset: number, timeUnit: string) => ({ conversionType: 'INACTIVITY', offset, timeUnit });

/** The list's job has its turn at a time. */
async function lookAt(listId: string, time: string): Promise<string> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(time) });
  const { conversion } = await readList(database.app, listId);
  await workOn(database.app, { jobId: conversion?.jobId ?? '', turn: 1 }, jobKinds);
  return (await readList(database.app, listId)).processingType;
}

test('a list becomes static on its day, in Tokyo, and keeps its members', async () => {
  const listId = await newList();
  const id = await contact();
  await add(listId, [id]);
  await database.app.table.commit([{ update: listKey(listId), set: { processingType: 'DYNAMIC' } }]);
  const requestedConversionTime = onDay(2040, 4, 1);
  expect((await scheduled(listId, requestedConversionTime)).body).toEqual({ listId, requestedConversionTime });
  expect(await conversion(listId)).toEqual({ listId, requestedConversionTime });
  expect(await lookAt(listId, '2040-03-31T14:59:00.000Z')).toBe('DYNAMIC');
  expect(await lookAt(listId, '2040-03-31T15:00:00.000Z')).toBe('SNAPSHOT');
  expect(await conversion(listId)).toMatchObject({ requestedConversionTime, convertedAt: '2040-03-31T15:00:00.000Z' });
  expect((await add(listId, [id])).body).toMatchObject({ recordsIdsAdded: [], recordIdsMissing: [] });
  expect((await call(cancel, { headers, path: { listId } })).status).toBe(400);
});

test('a list becomes static when nobody came or went for so long', async () => {
  const listId = await dynamicList();
  await scheduled(listId, inactive(2, 'WEEK'));
  const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await database.app.table.commit([{ put: { ...listSizeDayKey(listId, day), by: 1 } }]);
  const later = (days: number) => new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString();
  expect(await lookAt(listId, later(10))).toBe('DYNAMIC');
  expect(await lookAt(listId, later(15))).toBe('SNAPSHOT');
});

test('a list that is being filled becomes static when it is filled', async () => {
  const listId = await dynamicList();
  await scheduled(listId, onDay(2040, 4, 1));
  await database.app.table.commit([{ update: listKey(listId), set: { processingStatus: 'PROCESSING' } }]);
  expect(await lookAt(listId, '2040-04-02T00:00:00.000Z')).toBe('DYNAMIC');
  await database.app.table.commit([{ update: listKey(listId), set: { processingStatus: 'COMPLETE' } }]);
  expect(await lookAt(listId, '2040-04-02T00:02:00.000Z')).toBe('SNAPSHOT');
});

test('what was said last counts; what was taken back, or said of a deleted list, does not', async () => {
  const listId = await dynamicList();
  await scheduled(listId, onDay(2040, 4, 1));
  const { conversion: first } = await readList(database.app, listId);
  await scheduled(listId, inactive(1, 'MONTH'));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2040-04-02T00:00:00.000Z') });
  await workOn(database.app, { jobId: first?.jobId ?? '', turn: 1 }, jobKinds);
  expect((await readList(database.app, listId)).processingType).toBe('DYNAMIC');
  vi.useRealTimers();
  expect((await call(cancel, { headers, path: { listId } })).status).toBe(204);
  expect((await call(cancel, { headers, path: { listId } })).status).toBe(204);
  expect(await conversion(listId)).toEqual({ listId });
  await call(remove, { headers, path: { listId } });
  expect((await scheduled(listId, onDay(2040, 4, 1))).status).toBe(404);
});

test.each([
  ['a day that is over', onDay(2020, 1, 1)],
  ['a day that no calendar has', onDay(2040, 2, 30)],
  ['no such month', onDay(2040, 13, 1)],
  ['no length of time', inactive(0, 'DAY')],
  ['an unknown unit', inactive(1, 'CENTURY')],
  ['an unknown way', { conversionType: 'NEVER' }],
  ['nothing', {}],
])('%s is refused', async (_, body) => {
  expect(await scheduled(await dynamicList(), body)).toMatchObject({
    status: 400,
    body: { category: 'VALIDATION_ERROR' },
  });
});

test('a list that is static is not converted', async () => {
  expect(await scheduled(await newList(), onDay(2040, 1, 1))).toMatchObject({
    status: 400,
    body: { subCategory: 'ILS.INVALID_LIST_PROCESSING_TYPE' },
  });
});

test('the size of each day and the times of edits are told between two times', async () => {
  const listId = await newList();
  await database.app.table.commit([
    { put: { ...listSizeKey(listId), size: 10 } },
    { put: { ...listSizeDayKey(listId, '2026-01-01'), by: 4 } },
    { put: { ...listSizeDayKey(listId, '2026-01-03'), by: 7 } },
    { put: { ...listSizeDayKey(listId, '2026-02-01'), by: -1 } },
  ]);
  await call(rename, { headers, path: { listId }, query: { listName: '歴史' } });
  const between = (query: Record<string, string>) => call(history, { headers, path: { listId }, query });
  expect((await between({ startDate: '2026-01-02T00:00:00Z', endDate: '2026-01-31T00:00:00Z' })).body).toEqual({
    editHistory: [],
    sizeHistory: [{ size: 11, timestamp: '2026-01-03T23:59:59.999Z' }],
  });
  expect((await between({ startDate: '2026-01-01', endDate: '2026-12-31' })).body).toMatchObject({
    editHistory: [expect.stringMatching(/Z$/)],
    sizeHistory: [{ size: 4 }, { size: 11 }, { size: 10 }],
  });
  const wrong: Record<string, string>[] = [
    {},
    { startDate: '2026-01-01' },
    { startDate: 'x', endDate: '2026-01-01' },
    { startDate: '2026-02-01', endDate: '2026-01-01' },
  ];
  for (const query of wrong) expect((await between(query)).status).toBe(400);
});
