import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as create } from '../../../functions/objects/create.ts';
import { handler as getProperty } from '../../../functions/properties/get.ts';
import { handler as get } from '../../../functions/validations/get.ts';
import { handler as list } from '../../../functions/validations/list.ts';
import { handler as listOfProperty } from '../../../functions/validations/list-of-property.ts';
import { handler as set } from '../../../functions/validations/set.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const rule = (propertyName: string, ruleType: string, ruleArguments: string[]) =>
  call(set, {
    path: { objectTypeId: '0-1', propertyName, ruleType },
    headers: bearer(),
    body: { ruleArguments },
  });
const contact = (properties: object) =>
  call(create, { path: { objectType: 'contacts' }, headers: bearer(), body: { properties } });
const read = (handler: unknown, path: object) =>
  call(handler, { headers: bearer(), path: { objectTypeId: '0-1', ...path } });

test('a rule holds for every value that is written from then on, and is no part of the property', async () => {
  expect((await rule('jobtitle', 'MAX_LENGTH', ['5'])).status).toBe(204);
  expect((await rule('jobtitle', 'WHITESPACE', [])).status).toBe(204);
  expect((await contact({ jobtitle: '営業部長' })).status).toBe(201);
  expect(await contact({ jobtitle: '営業 部長' })).toMatchObject({
    status: 400,
    body: {
      category: 'VALIDATION_ERROR',
      errors: [{ code: 'VALIDATION_RULE_BROKEN', context: { propertyName: ['jobtitle'] } }],
    },
  });
  const property = await call(getProperty, {
    path: { objectType: 'contacts', propertyName: 'jobtitle' },
    headers: bearer(),
  });
  expect(property.body).not.toHaveProperty('validationRules');
});

test('rules are listed and taken away', async () => {
  expect((await read(list, {})).body).toMatchObject({
    results: [{ propertyName: 'jobtitle', propertyValidationRules: [{ ruleType: 'MAX_LENGTH' }, {}] }],
  });
  expect((await rule('jobtitle', 'WHITESPACE', ['false'])).status).toBe(204);
  expect((await rule('jobtitle', 'MAX_LENGTH', [])).status).toBe(204);
  expect((await read(listOfProperty, { propertyName: 'jobtitle' })).body).toEqual({ results: [] });
  expect((await read(get, { propertyName: 'jobtitle', ruleType: 'MAX_LENGTH' })).status).toBe(404);
});

test.each([
  ['an unknown property', 'nothing', 'MAX_LENGTH', ['5'], 404],
  ['a rule of another type', 'jobtitle', 'MAX_NUMBER', ['5'], 400],
  ['arguments that mean nothing', 'jobtitle', 'MAX_LENGTH', ['many'], 400],
  ['a pattern that may run for ever', 'jobtitle', 'REGEX', ['(a+)+b'], 400],
  ['a rule that there is not', 'jobtitle', 'PRETTY', ['5'], 400],
])('%s is refused', async (_, property, type, given, status) => {
  expect((await rule(property, type, given)).status).toBe(status);
});
