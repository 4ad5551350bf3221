import { expect, test } from 'vitest';
import type { ObjectType } from '../../../lib/objects/definition.ts';
import { archivedRecord, changedRecord, newRecord } from '../../../lib/objects/record.ts';

const type: ObjectType = {
  portalId: 1,
  objectTypeId: '0-1',
  name: 'contacts',
  singular: 'contact',
  custom: false,
  labels: { singular: 'contact', plural: 'contacts' },
  properties: new Map(),
  archivedProperties: new Map(),
  requiredProperties: [],
  defaultProperties: [],
  searchableProperties: [],
  createdProperty: 'createdate',
  modifiedProperty: 'lastmodifieddate',
  primaryDisplayProperty: 'email',
};
const actor = { kind: 'token', id: '7' } as const;
const born = '2026-11-22T04:00:00.000Z';
const { record } = newRecord(type, { email: 'a@example.com', city: null }, { id: '101', now: born, actor });

test('a new record has its values, its id and its dates, and every one is a change from nothing', () => {
  const { record, changes } = newRecord(type, { email: 'a@example.com', city: null }, { id: '101', now: born, actor });

  expect(record).toMatchObject({ objectType: '0-1', id: '101', version: 1, createdAt: born, updatedAt: born });
  expect(record.properties).toEqual({
    email: 'a@example.com',
    hs_object_id: '101',
    createdate: born,
    lastmodifieddate: born,
  });
  expect(changes).toMatchObject({ email: [null, 'a@example.com'], hs_object_id: [null, '101'] });
  expect(changes).not.toHaveProperty('city');
});

test('only what really differs is a change', () => {
  const decision = changedRecord(type, record, { email: 'a@example.com', city: '東京' }, '2026-11-22T05:00:00.000Z');

  expect(decision?.changes).toEqual({ city: [null, '東京'] });
  expect(decision?.record).toMatchObject({ version: 2, updatedAt: '2026-11-22T05:00:00.000Z', createdAt: born });
  expect(decision?.record.properties.lastmodifieddate).toBe('2026-11-22T05:00:00.000Z');
});

test('a change to the same values is none', () => {
  expect(changedRecord(type, record, { email: 'a@example.com', city: null }, born)).toBeUndefined();
});

test('null clears a value', () => {
  const decision = changedRecord(type, record, { email: null }, '2026-11-22T05:00:00.000Z');

  expect(decision?.changes).toEqual({ email: ['a@example.com', null] });
  expect(decision?.record.properties).not.toHaveProperty('email');
});

test('the modified date rises even when the clock goes back', () => {
  const decision = changedRecord(type, record, { city: '東京' }, '2026-11-22T03:00:00.000Z');

  expect(decision?.record.updatedAt).toBe('2026-11-22T04:00:00.001Z');
});

test('an archived record keeps its values and says since when', () => {
  const archived = archivedRecord(record, '2026-11-22T06:00:00.000Z');

  expect(archived).toMatchObject({ version: 2, archivedAt: '2026-11-22T06:00:00.000Z', properties: record.properties });
});
