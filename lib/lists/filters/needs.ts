import { associatedTypeOf } from './associated-type.ts';
import { asksHistory, comparedProperties } from './operation.ts';
import type { Filter, FilterBranch } from './schema.ts';
import { type Needs, noNeeds } from './view.ts';

/** What must be read of a record of this type so that the branch can be evaluated. */
export function needsOf(branch: FilterBranch, objectType: string, needs = noNeeds()): Needs {
  for (const filter of branch.filters) addFilter(filter, objectType, needs);
  for (const each of branch.filterBranches) addBranch(each, objectType, needs);
  return needs;
}

function addBranch(branch: FilterBranch, objectType: string, needs: Needs): void {
  const { objectTypeId, propertyWithObjectId } = branch;
  switch (branch.filterBranchType) {
    case 'UNIFIED_EVENTS':
      needs.happenings = true;
      needs.changes = true;
      return;
    case 'ASSOCIATION':
      if (objectTypeId) needsOf(branch, objectTypeId, associated(needs, objectTypeId));
      return;
    case 'PROPERTY_ASSOCIATION': {
      if (!objectTypeId || !propertyWithObjectId) return;
      needs.properties.add(propertyWithObjectId);
      const other = needs.referenced.get(propertyWithObjectId) ?? { objectType: objectTypeId, needs: noNeeds() };
      needs.referenced.set(propertyWithObjectId, other);
      needsOf(branch, objectTypeId, other.needs);
      return;
    }
    default:
      needsOf(branch, objectType, needs);
  }
}

function associated(needs: Needs, objectType: string): Needs {
  const known = needs.associated.get(objectType) ?? noNeeds();
  needs.associated.set(objectType, known);
  return known;
}

function addFilter(filter: Filter, objectType: string, needs: Needs): void {
  switch (filter.filterType) {
    case 'PROPERTY':
      for (const name of [filter.property, ...comparedProperties(filter.operation)]) needs.properties.add(name);
      needs.history ||= asksHistory(filter.operation);
      return;
    case 'IN_LIST':
      needs.lists.add(filter.listId);
      return;
    case 'FORM_SUBMISSION':
    case 'SURVEY_MONKEY':
    case 'EMAIL_EVENT':
      needs.happenings = true;
      return;
    case 'EMAIL_SUBSCRIPTION':
    case 'COMMUNICATION_SUBSCRIPTION':
      needs.subscription = true;
      needs.properties.add('email');
      return;
    case 'NUM_ASSOCIATIONS':
    case 'ASSOCIATION': {
      const other = associated(needs, associatedTypeOf(filter, objectType) ?? '');
      if (filter.filterType === 'ASSOCIATION') other.lists.add(filter.listId);
      return;
    }
    default:
  }
}

/** Every list that the needs name, at whatever record. */
export const listsIn = (needs: Needs): string[] => [
  ...needs.lists,
  ...[...needs.associated.values()].flatMap(listsIn),
  ...[...needs.referenced.values()].flatMap(({ needs: other }) => listsIn(other)),
];
