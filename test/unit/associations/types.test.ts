import { describe, expect, test } from 'vitest';
import { typeIdsAfter } from '../../../lib/associations/plan.ts';
import { AssociationTypes, sorted } from '../../../lib/associations/type-store.ts';
import { hubspotDefined, hubspotDefinedById, isPrimary } from '../../../lib/associations/types.ts';

const types = new AssociationTypes(hubspotDefined);

describe("HubSpot's association types", () => {
  test('have one meaning for each id', () => {
    const ids = hubspotDefined.map(({ typeId }) => typeId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('have another side whose object types are turned round', () => {
    for (const type of hubspotDefined) {
      const inverse = hubspotDefinedById(type.inverseTypeId);
      if (inverse?.typeId === type.typeId) continue;
      expect(inverse, String(type.typeId)).toMatchObject({
        fromObjectType: type.toObjectType,
        toObjectType: type.fromObjectType,
      });
    }
  });

  test('have one unlabelled type for each pair and direction', () => {
    const defaults = hubspotDefined
      .filter(({ isDefault }) => isDefault)
      .map((type) => `${type.fromObjectType} ${type.toObjectType}`);
    expect(defaults).toEqual([...new Set(defaults)]);
  });

  test.each([
    [279, '0-1', '0-2', 280, 'contact_to_company_unlabeled'],
    [1, '0-1', '0-2', 2, 'contact_to_company'],
    [3, '0-3', '0-1', 4, 'deal_to_contact'],
    [341, '0-3', '0-2', 342, 'deal_to_company_unlabeled'],
    [339, '0-5', '0-2', 340, 'ticket_to_company_unlabeled'],
    [26, '0-5', '0-2', 25, 'ticket_to_company'],
    [202, '0-46', '0-1', 201, 'note_to_contact'],
    [228, '0-46', '0-5', 227, 'note_to_ticket'],
    [204, '0-27', '0-1', 203, 'task_to_contact'],
    [13, '0-2', '0-2', 14, 'parent_to_child_company'],
    [449, '0-1', '0-1', 449, 'contact_to_contact'],
  ])('%i goes from %s to %s', (typeId, fromObjectType, toObjectType, inverseTypeId, name) => {
    expect(hubspotDefinedById(typeId)).toMatchObject({ fromObjectType, toObjectType, inverseTypeId, name });
  });

  test('know which of them a record has once', () => {
    expect([1, 5, 26].map(isPrimary)).toEqual([true, true, true]);
    expect([2, 279, 280].map(isPrimary)).toEqual([false, false, false]);
  });
});

describe('the labels of a pair after a change', () => {
  const from = { objectType: '0-1', id: '1' };
  const to = { objectType: '0-2', id: '2' };
  const spec = (associationTypeId: number) => ({ associationCategory: 'HUBSPOT_DEFINED' as const, associationTypeId });
  const labelsAfter = (how: 'set' | 'add' | 'remove', named: number[] | 'default' | 'all', before: number[] = []) =>
    typeIdsAfter(types, { from, to, how, types: typeof named === 'string' ? named : named.map(spec) }, before);

  test('always have the unlabelled one', () => {
    expect(labelsAfter('set', [1])).toEqual([1, 279]);
    expect(labelsAfter('set', [])).toEqual([279]);
    expect(labelsAfter('add', 'default')).toEqual([279]);
  });

  test('are the named ones when set, and these and the others when added', () => {
    expect(labelsAfter('set', [931], [1, 279])).toEqual([279, 931]);
    expect(labelsAfter('add', [931], [1, 279])).toEqual([1, 279, 931]);
  });

  test('are all gone when the unlabelled one is', () => {
    expect(labelsAfter('remove', [279], [1, 279, 931])).toEqual([]);
    expect(labelsAfter('remove', 'all', [1, 279])).toEqual([]);
    expect(labelsAfter('remove', [1], [1, 279])).toEqual([279]);
    expect(labelsAfter('remove', [1])).toEqual([]);
  });
});

test('type ids are sorted as numbers, each once', () => {
  expect(sorted([279, 1, 931, 279])).toEqual([1, 279, 931]);
});
