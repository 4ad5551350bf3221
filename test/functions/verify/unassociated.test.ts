import { afterAll, beforeAll, expect, test } from 'vitest';
import { putPolicies } from '../../../lib/associations/policy-change.ts';
import { associate } from '../../../lib/associations/store.ts';
import { reconsider, UnassociatedState } from '../../../lib/associations/unassociated.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { unassociatedKey, unassociatedStateKey } from '../../../lib/table/policy-keys.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { jobDesk } from '../../support/jobs.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const desk = jobDesk(() => database);
beforeAll(async () => {
  database = await startDatabase();
  const requires = [{ anyOf: ['contacts'] }];
  await putPolicies(database.app, [{ objectType: 'deals', requires, mode: 'warn', sources: ['api'] }]);
  await desk.drain();
});
afterAll(() => {
  desk.close();
  return database.close();
});

const look = () => disagreements(database, { kept: ['unassociated'] });
const problem = (what: string) => expect.objectContaining({ check: 'unassociated', what });
const deal = (properties: Record<string, string> = {}) =>
  createRecord(database.app, '0-3', { dealname: '取引', ...properties });

test('a deal without a contact is listed, one with a contact is not', async () => {
  const [alone, paired] = [await deal(), await deal()];
  await associate(database.app, paired, await createRecord(database.app, '0-1', { lastname: '田中' }), 'default');
  expect(await look()).toEqual([problem('lacks an association and does not say so')]);
  await reconsider(database.app, [alone, paired]);
  expect(await look()).toEqual([]);

  const { table } = database.app;
  const key = unassociatedStateKey(paired);
  const state = { ...key, ...(await table.get(key, UnassociatedState)) };
  await table.commit([{ put: { ...state, missing: [['0-1']] } }]);
  expect(await look()).toEqual([problem('is said to lack what it has')]);
  await table.commit([{ put: state }]);
});

test('a row of the list is missing, or is one too many', async () => {
  const record = await deal({ hubspot_owner_id: '7' });
  await reconsider(database.app, [record]);
  const { table } = database.app;
  const key = unassociatedKey('0-3', record.id, '7');
  const row = { ...key, entity: 'unassociated', recordId: record.id, missing: [['0-1']] };
  await table.commit([{ remove: key }]);
  expect(await look()).toEqual([problem('lacks an association and is not listed so')]);
  await table.commit([{ put: row }, { put: { ...row, ...unassociatedKey('0-3', record.id, '8') } }]);
  expect(await look()).toEqual([problem('its record does not know of it')]);
  const ghost = unassociatedKey('0-3', '1');
  await table.commit([
    { remove: unassociatedKey('0-3', record.id, '8') },
    { put: { ...row, ...ghost, recordId: '1' } },
  ]);
  expect(await look()).toEqual([problem('its record is gone')]);
  await table.commit([{ remove: ghost }]);
  expect(await look()).toEqual([]);
});
