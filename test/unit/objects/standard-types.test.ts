import { describe, expect, test } from 'vitest';
import { scopeNameOf, standardTypeOf, standardTypes } from '../../../lib/objects/object-types.ts';
import { standardPropertiesOf } from '../../../lib/objects/standard-properties/properties.ts';

test.each(['contacts', 'contact', 'Contacts', '0-1'])('%s is the type of contacts', (segment) => {
  expect(standardTypeOf(segment)?.objectTypeId).toBe('0-1');
});

test('irregular words find their type too', () => {
  expect(standardTypeOf('company')?.objectTypeId).toBe('0-2');
  expect(standardTypeOf('feedback_submission')?.objectTypeId).toBe('0-19');
  expect(standardTypeOf('2-7')).toBeUndefined();
});

test('scopes follow HubSpot: activities go with contacts, unknown types are custom', () => {
  expect(['contacts', '0-3', 'note', '2-7', 'cars'].map(scopeNameOf)).toEqual([
    'contacts',
    'deals',
    'contacts',
    'custom',
    'custom',
  ]);
});

describe.each(standardTypes.map((type) => [type.name, type] as const))('%s', (_, type) => {
  const properties = standardPropertiesOf(type);
  const names = properties.map(({ name }) => name);

  test('has each property once, with a label and what its kind needs', () => {
    expect(names.filter((name, position) => names.indexOf(name) !== position)).toEqual([]);
    for (const { name, label, type: kind, options, externalOptions } of properties) {
      expect(label, name).not.toBe('');
      if (kind === 'bool') expect(options.map(({ value }) => value)).toEqual(['true', 'false']);
      if (kind === 'enumeration') expect(options.length > 0 || externalOptions, name).toBe(true);
    }
  });

  test('has every property that it requires, shows or displays', () => {
    const needed = [
      ...type.requiredProperties.flatMap((either) => either.split('|')),
      ...type.defaultProperties,
      type.primaryDisplayProperty,
    ];
    expect(needed.filter((name) => !names.includes(name))).toEqual([]);
  });
});

test('a contact of ten usual properties carries few index rows', () => {
  const contact = standardTypeOf('contacts');
  const usual = [
    'firstname',
    'lastname',
    'email',
    'phone',
    'company',
    'jobtitle',
    'website',
    'city',
    'lifecyclestage',
    'hubspot_owner_id',
  ];
  const derived = [
    'hs_searchable_calculated_phone_number',
    'hs_email_domain',
    'createdate',
    'lastmodifieddate',
    'hs_lifecyclestage_lead_date',
    'hubspot_owner_assigneddate',
  ];
  const indexed = (contact ? standardPropertiesOf(contact) : []).filter(
    (each) => each.indexed && [...usual, ...derived].includes(each.name),
  );
  expect(indexed.length).toBeLessThanOrEqual(14);
});
