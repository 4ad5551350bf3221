import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as batchCreate } from '../../../functions/associations/batch-create.ts';
import { handler as createLimits } from '../../../functions/associations/create-limits.ts';
import { handler as listAllLimits } from '../../../functions/associations/list-all-limits.ts';
import { handler as listLimits } from '../../../functions/associations/list-limits.ts';
import { handler as purgeLimits } from '../../../functions/associations/purge-limits.ts';
import { handler as set } from '../../../functions/associations/set.ts';
import { handler as updateLimits } from '../../../functions/associations/update-limits.ts';
import { handler as near } from '../../../functions/limits/association-records.ts';
import { handler as nearFrom } from '../../../functions/limits/associations-from.ts';
import { handler as create } from '../../../functions/objects/create.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const path = { fromObjectType: 'deals', toObjectType: 'contacts' };
const limit = (typeId: number, maxToObjectIds: number) => ({
  inputs: [{ category: 'HUBSPOT_DEFINED', typeId, maxToObjectIds }],
});
const ask = (handler: unknown, body?: unknown, more: object = {}) =>
  call(handler, { path, headers: bearer(), ...(body !== undefined && { body }), ...more });

async function record(objectType: string, properties: Record<string, string>, associations?: unknown) {
  const answer = await call(create, {
    path: { objectType },
    headers: bearer(),
    body: { properties, ...(associations !== undefined && { associations }) },
  });
  return { ...answer, id: (answer.body as { id: string }).id };
}
const deal = () => record('deals', { dealname: '電通' });
const contact = (name: string) => record('contacts', { lastname: name });
const associate = (dealId: string, contactId: string) =>
  call(set, {
    path: { objectType: 'deals', objectId: dealId, toObjectType: 'contacts', toObjectId: contactId },
    headers: bearer(),
    body: [],
  });

test('a limit holds for a single association, a batch and a new record, and is told row by row', async () => {
  expect((await ask(createLimits, limit(3, 2))).status).toBe(201);
  const [one, two, three] = await Promise.all([contact('一'), contact('二'), contact('三')]);
  const { id } = await deal();
  expect((await associate(id, one.id)).status).toBe(201);

  const batch = await ask(batchCreate, {
    inputs: [two, three].map((to) => ({ from: { id }, to: { id: to.id }, types: [] })),
  });
  expect(batch).toMatchObject({
    status: 207,
    body: {
      numErrors: 1,
      errors: [{ category: 'VALIDATION_ERROR', subCategory: 'crm.associations.ASSOCIATION_LIMIT_EXCEEDED' }],
    },
  });
  expect((batch.body as { results: unknown[] }).results).toHaveLength(1);

  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }];
  const inline = [one, two, three].map((to) => ({ to: { id: to.id }, types }));
  expect(await record('deals', { dealname: '博報堂' }, inline)).toMatchObject({
    status: 400,
    body: { subCategory: 'crm.associations.ASSOCIATION_LIMIT_EXCEEDED' },
  });
  expect((await record('deals', { dealname: '博報堂' }, inline.slice(1))).status).toBe(201);
});

test('two at once cannot both take the last place', async () => {
  const { id } = await deal();
  const contacts = await Promise.all(['四', '五', '六', '七'].map(contact));
  const answers = await Promise.all(contacts.map((to) => associate(id, to.id)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 400, 400]);
});

test('records near a limit are named', async () => {
  expect((await call(nearFrom, { headers: bearer() })).body).toMatchObject({
    results: [{ objectTypeId: '0-3', hasRecordsAtLimit: true }],
  });
  const answer = await call(near, { headers: bearer(), path: { fromObjectTypeId: '0-3', toObjectTypeId: '0-1' } });
  expect(answer.body).toMatchObject({ limit: 2, totalRecordsAtLimit: 3, totalRecordsNearLimit: 0 });
});

test('limits are listed, changed and taken away', async () => {
  expect((await ask(createLimits, limit(3, 5))).body).toMatchObject({ errors: [{ category: 'CONFLICT' }] });
  expect((await ask(updateLimits, limit(3, 3))).body).toMatchObject({
    results: [{ typeId: 3, userEnforcedMaxToObjectIds: 3 }],
  });
  expect((await ask(listLimits)).body).toEqual({
    results: [{ category: 'HUBSPOT_DEFINED', typeId: 3, label: null, userEnforcedMaxToObjectIds: 3 }],
  });
  expect((await ask(createLimits, limit(4, 3))).body).toMatchObject({ numErrors: 1 });
  expect((await ask(purgeLimits, { inputs: [{ category: 'HUBSPOT_DEFINED', typeId: 3 }] })).status).toBe(204);
  expect((await ask(listAllLimits)).body).toEqual({ results: [] });
  expect((await ask(updateLimits, limit(3, 3))).body).toMatchObject({ errors: [{ category: 'OBJECT_NOT_FOUND' }] });
});
