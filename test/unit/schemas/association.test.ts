import { expect, test } from 'vitest';
import {
  associationsOf,
  autoAssociations,
  newAssociation,
  withoutAssociation,
} from '../../../lib/schemas/association.ts';
import type { CustomType } from '../../../lib/schemas/schema.ts';

const now = '2026-11-22T04:00:00.000Z';
const custom = (objectTypeId: string, name: string, more: Partial<CustomType> = {}): CustomType => ({
  objectTypeId,
  name,
  fullyQualifiedName: `p1_${name}`,
  labels: {},
  primaryDisplayProperty: 'hs_object_id',
  secondaryDisplayProperties: [],
  requiredProperties: [],
  searchableProperties: [],
  associations: [],
  createdAt: now,
  updatedAt: now,
  archived: false,
  ...more,
});
const ways = (list: { fromObjectTypeId: string; toObjectTypeId: string }[]) =>
  list.map((each) => `${each.fromObjectTypeId}>${each.toObjectTypeId}`);

test('a new type can be associated with people, companies, deals, tickets, activities and itself, both ways', () => {
  const list = autoAssociations('2-1', ['CONTACT', 'cars'], [custom('2-9', 'cars')], 500, now);
  for (const other of ['0-1', '0-2', '0-3', '0-5', '0-46', '0-48', '0-49', '0-27', '0-47', '2-9']) {
    expect(ways(list)).toEqual(expect.arrayContaining([`2-1>${other}`, `${other}>2-1`]));
  }
  expect(ways(list)).toContain('2-1>2-1');
  expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
  expect(new Set(ways(list)).size).toBe(list.length);
});

test('an added type goes there and back, and is removed on both sides', () => {
  const type = custom('2-1', 'program', { associations: autoAssociations('2-1', [], [], 1, now) });
  const added = newAssociation(
    type,
    { fromObjectTypeId: '2-1', toObjectTypeId: '0-3', name: 'main' },
    [type],
    900,
    now,
  );
  expect(added.map(({ id, name }) => [id, name])).toEqual([
    ['900', 'main'],
    ['901', 'main'],
  ]);
  const both = { ...type, associations: [...type.associations, ...added] };
  expect(withoutAssociation(both, '901')).toEqual(type.associations);
  expect(() => withoutAssociation(both, 'none')).toThrow(/does not exist/);
});

test('what every custom type has cannot be removed, and a foreign pair cannot be added', () => {
  const type = custom('2-1', 'program', { associations: autoAssociations('2-1', [], [], 1, now) });
  const toContact = type.associations.find(({ toObjectTypeId }) => toObjectTypeId === '0-1')?.id ?? '';
  expect(() => withoutAssociation(type, toContact)).toThrow(/cannot be removed/);
  expect(() => newAssociation(type, { fromObjectTypeId: '0-1', toObjectTypeId: '0-3' }, [type], 900, now)).toThrow(
    /must be 2-1/,
  );
});

test("a type shows the associations that another type's schema holds, by name", () => {
  const program = custom('2-1', 'program', {
    associations: newAssociation(
      custom('2-1', 'program'),
      { fromObjectTypeId: 'program', toObjectTypeId: 'cars' },
      [custom('2-1', 'program'), custom('2-2', 'cars')],
      1,
      now,
    ),
  });
  const shown = associationsOf('2-2', [program, custom('2-2', 'cars')]);
  expect(shown.map(({ name }) => name)).toEqual(['program_to_cars', 'cars_to_program']);
});
