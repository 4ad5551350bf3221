import { describe, expect, test } from 'vitest';
import type { PropertyCreate } from '../../../lib/properties/input.ts';
import { changesOf, createProperty, patchProperty, restoreProperty } from '../../../lib/properties/property.ts';
import { objectType, property } from '../objects/object-type.ts';

const at = { now: '2026-11-22T04:00:00.000Z', actor: { kind: 'user', id: '7' } as const };
const contacts = objectType('contacts');
const given = (more: Partial<PropertyCreate> = {}): PropertyCreate => ({
  name: 'karte',
  label: 'カルテ',
  type: 'string',
  fieldType: 'text',
  groupName: 'contactinformation',
  ...more,
});
const option = (value: string) => ({ label: value, value, hidden: false });

describe('a new property', () => {
  test("is archivable, not HubSpot's, and signed", () => {
    expect(createProperty(contacts, given(), at)).toMatchObject({
      hubspotDefined: false,
      displayOrder: -1,
      indexed: true,
      createdUserId: '7',
      modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: false },
    });
  });

  test.each([
    ['a bad name', { name: 'Karte' }, /must begin with a letter/],
    ['a kind that does not go with the type', { type: 'number', fieldType: 'select' }, /does not go with type/],
    ['an enumeration without options', { type: 'enumeration', fieldType: 'select' }, /at least one option/],
    ['one option twice', { type: 'enumeration', fieldType: 'select', options: [option('a'), option('a')] }, /twice/],
    ['a bool without its two options', { type: 'bool', fieldType: 'booleancheckbox' }, /exactly the options/],
    ['unique dates', { type: 'date', fieldType: 'date', hasUniqueValue: true }, /unique/],
  ] as const)('is refused for %s', (_, more, message) => {
    expect(() => createProperty(contacts, given(more as Partial<PropertyCreate>), at)).toThrow(message);
  });

  test('with a name that is taken is a conflict', () => {
    expect(() => createProperty(contacts, given({ name: 'email' }), at)).toThrow(
      expect.objectContaining({
        status: 409,
        category: 'OBJECT_ALREADY_EXISTS',
        options: expect.objectContaining({ subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS' }),
      }),
    );
  });

  test('gets index rows only up to a number for each type; unique ones always, sets of options never', () => {
    const many = Array.from({ length: 30 }, (_, position) => property({ name: `p${position}`, type: 'string' }));
    const full = objectType('contacts', many);
    expect(createProperty(full, given(), at).indexed).toBe(false);
    expect(createProperty(full, given({ hasUniqueValue: true }), at).indexed).toBe(true);
    expect(
      createProperty(contacts, given({ type: 'enumeration', fieldType: 'checkbox', options: [option('a')] }), at)
        .indexed,
    ).toBe(false);
  });
});

describe('a change', () => {
  const choice = property({
    name: 'choice',
    type: 'enumeration',
    fieldType: 'select',
    options: ['a', 'b'].map(option),
  });

  test('replaces the options as a whole and leaves what is not sent', () => {
    const patched = patchProperty(choice, { options: [option('c')] }, at);
    expect(patched.options).toEqual([{ label: 'c', value: 'c', displayOrder: 0, hidden: false }]);
    expect(patched.label).toBe(choice.label);
  });

  test('cannot touch the type, nor switch unique values on', () => {
    expect(() => patchProperty(choice, { type: 'string' }, at)).toThrow(/cannot be changed/);
    expect(() => patchProperty(property(), { hasUniqueValue: true }, at)).toThrow(/cannot be changed/);
  });

  test('of a property of the system is refused, of another standard one stored as the difference', () => {
    const id = contacts.properties.get('hs_object_id') ?? property();
    expect(() => patchProperty(id, { label: 'x' }, at)).toThrow(/read only/);
    const stage = contacts.properties.get('lifecyclestage') ?? property();
    expect(changesOf(stage, { label: '段階' }, at)).toEqual({ label: '段階', updatedAt: at.now, updatedUserId: '7' });
  });
});

test('an archived property comes back with its type, uniqueness and index', () => {
  const archived = { ...property({ name: 'karte', type: 'string', indexed: false }), archived: true };
  expect(restoreProperty(archived, given(), at)).toMatchObject({ archived: false, indexed: false, label: 'カルテ' });
  expect(() => restoreProperty(archived, given({ type: 'number', fieldType: 'number' }), at)).toThrow(
    /cannot be changed/,
  );
});
