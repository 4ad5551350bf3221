import type { App } from '../../core/app.ts';
import { CrmError, type ErrorDetail } from '../../core/errors.ts';
import type { ObjectType } from '../../objects/definition.ts';
import { withDefinitions } from '../../objects/definition-store.ts';
import { findSubscriptionType } from '../../subscriptions/type-store.ts';
import { listKey } from '../../table/list-keys.ts';
import { StoredList } from '../schema.ts';
import { associatedTypeOf } from './associated-type.ts';
import { isAnswerable } from './mail-events.ts';
import { listsIn, needsOf } from './needs.ts';
import { comparedProperties } from './operation.ts';
import { operationProblem } from './operation-problem.ts';
import { type Filter, FilterBranch, unknownHere } from './schema.ts';
import { isKnownEvent } from './unified-events.ts';
import { branchesOf } from './view.ts';

/** HubSpot's limit on a list. */
const mostFilters = 250;
/** Lists in lists in lists: no deeper. */
const deepestLists = 20;
/** A record, what it is associated with, and what that is associated with. */
const deepestAssociations = 2;

type Problem = { readonly message: string; readonly code: 'INVALID_FILTER' | 'NOT_SUPPORTED' };
const invalid = (message: string): Problem => ({ message, code: 'INVALID_FILTER' });
const unsupported = (message: string): Problem => ({ message, code: 'NOT_SUPPORTED' });

/**
 * Everything that a list's filters name must be there, and be something that can be evaluated here. `listId`: the list that is to have
 * them, so that it is not made to depend on itself. @throws CrmError 400 naming every problem
 */
export async function checkFilterBranch(
  app: App,
  objectTypeId: string,
  branch: FilterBranch,
  listId?: string,
): Promise<void> {
  const filters = branchesOf(branch).flatMap((each) => each.filters);
  if (filters.length > mostFilters) throw refusal([invalid(`A list may have ${mostFilters} filters`)]);
  await checkBranch(app, objectTypeId, branch, 0);
  await checkSubscriptions(app, filters);
  await checkLists(app, branch, objectTypeId, listId);
}

const refusal = (problems: readonly Problem[]) =>
  new CrmError('VALIDATION_ERROR', `The filters are not valid: ${problems.map(({ message }) => message).join('; ')}`, {
    subCategory: 'ILS.INVALID_FILTERS',
    errors: problems.map((problem): ErrorDetail => ({ ...problem, in: 'filterBranch' })),
  });

/** A branch whose filters are about records of one type; those about associated ones are checked by their own type. */
async function checkBranch(app: App, objectTypeId: string, branch: FilterBranch, depth: number): Promise<void> {
  if (depth > deepestAssociations) throw refusal([unsupported(`associations deeper than ${deepestAssociations}`)]);
  await withDefinitions(app, objectTypeId, (type) => {
    const problems = [...branchProblems(branch), ...branch.filters.flatMap((filter) => filterProblems(filter, type))];
    const held = branch.filterBranches.flatMap((each) => referenceProblems(each, type));
    if (problems.length + held.length > 0) throw refusal([...problems, ...held]);
  });
  for (const each of branch.filterBranches) {
    if (each.filterBranchType === 'UNIFIED_EVENTS') checkEvents(each);
    else if (each.filterBranchType === 'ASSOCIATION' || each.filterBranchType === 'PROPERTY_ASSOCIATION')
      await checkBranch(app, each.objectTypeId ?? '', each, depth + 1);
    else await checkBranch(app, objectTypeId, each, depth);
  }
}

function branchProblems({ filterBranchType, filters, objectTypeId, operator }: FilterBranch): Problem[] {
  if (filterBranchType === 'RESTRICTED') return [unsupported('branches of type RESTRICTED are not evaluated')];
  if (!filterBranchType.endsWith('ASSOCIATION')) return [];
  return [
    ...(objectTypeId ? [] : [invalid(`a branch of type ${filterBranchType} needs objectTypeId`)]),
    ...(/^(NOT_)?IN_LIST$/.test(operator ?? 'IN_LIST')
      ? []
      : [invalid(`${operator} is no operator of ${filterBranchType}`)]),
    ...(filters.some(({ filterType }) => filterType === 'NUM_ASSOCIATIONS')
      ? [unsupported('NUM_ASSOCIATIONS within associations is not evaluated')]
      : []),
  ];
}

/** The record that a property names is found from the other side by the property's index. */
function referenceProblems({ filterBranchType, propertyWithObjectId, objectTypeId }: FilterBranch, type: ObjectType) {
  if (filterBranchType === 'ASSOCIATION' && !objectTypeId)
    return [invalid('a branch of type ASSOCIATION needs objectTypeId')];
  if (filterBranchType !== 'PROPERTY_ASSOCIATION') return [];
  if (!objectTypeId || !propertyWithObjectId)
    return [invalid('a branch of type PROPERTY_ASSOCIATION needs objectTypeId and propertyWithObjectId')];
  const property = type.properties.get(propertyWithObjectId);
  if (!property) return [noProperty(propertyWithObjectId, type)];
  return property.indexed ? [] : [unsupported(`the property ${propertyWithObjectId} has no index`)];
}

const noProperty = (name: string, { objectTypeId }: ObjectType) =>
  invalid(`Property ${name} does not exist for object type ${objectTypeId}`);

function filterProblems(filter: Filter, type: ObjectType): Problem[] {
  switch (filter.filterType) {
    case 'PROPERTY': {
      const missing = [filter.property, ...comparedProperties(filter.operation)].filter(
        (name) => !type.properties.has(name),
      );
      const property = type.properties.get(filter.property);
      const problem = property && operationProblem(filter.operation, property);
      return [...missing.map((name) => noProperty(name, type)), ...(problem ? [invalid(problem)] : [])];
    }
    case 'IN_LIST': {
      const { inListType } = filter.metadata ?? {};
      return inListType === undefined || /LIST/i.test(inListType)
        ? []
        : [unsupported(`members of ${inListType} are not known`)];
    }
    case 'EMAIL_EVENT':
      return isAnswerable(filter)
        ? []
        : [unsupported(`EMAIL_EVENT ${filter.operator} is not evaluated: replies are not known`)];
    case 'COMMUNICATION_SUBSCRIPTION':
      return filter.channel.toUpperCase() === 'EMAIL'
        ? []
        : [unsupported(`COMMUNICATION_SUBSCRIPTION of the channel ${filter.channel} is not evaluated`)];
    case 'NUM_ASSOCIATIONS':
    case 'ASSOCIATION':
      return associatedTypeOf(filter, type.objectTypeId) === undefined
        ? [invalid(`there is no association type ${filter.associationTypeId} from ${type.objectTypeId}`)]
        : [];
    default:
      return (unknownHere as readonly string[]).includes(filter.filterType)
        ? [unsupported(`filters of type ${filter.filterType} are not evaluated`)]
        : [];
  }
}

const subscriptionIdsIn = (filter: Filter): readonly string[] =>
  filter.filterType === 'EMAIL_SUBSCRIPTION' || filter.filterType === 'COMMUNICATION_SUBSCRIPTION'
    ? filter.subscriptionIds
    : [];

/** The kinds of mail that filters name. */
async function checkSubscriptions(app: App, filters: readonly Filter[]): Promise<void> {
  const ids = new Set(filters.flatMap(subscriptionIdsIn));
  for (const id of ids) {
    if (!(await findSubscriptionType(app, id))) throw refusal([invalid(`there is no subscription type ${id}`)]);
  }
}

function checkEvents({ eventTypeId, filters, filterBranches }: FilterBranch): void {
  const other = filters.find(({ filterType }) => filterType !== 'PROPERTY');
  const problems = [
    ...(isKnownEvent(eventTypeId ?? '') ? [] : [unsupported(`events of type ${eventTypeId} are not evaluated`)]),
    ...(other
      ? [invalid(`a branch of type UNIFIED_EVENTS has filters of type PROPERTY only, not ${other.filterType}`)]
      : []),
    ...(filterBranches.length > 0 ? [invalid('a branch of type UNIFIED_EVENTS has no branches')] : []),
  ];
  if (problems.length > 0) throw refusal(problems);
}

/** Goes through the lists that the filters name, and those that their filters name. */
async function checkLists(app: App, branch: FilterBranch, objectTypeId: string, listId: string | undefined) {
  let named = new Set(listsIn(needsOf(branch, objectTypeId)));
  const seen = new Set<string>();
  for (let depth = 0; named.size > 0; depth += 1) {
    if (listId !== undefined && named.has(listId))
      throw refusal([invalid(`the list ${listId} would depend on itself`)]);
    if (depth > deepestLists) throw refusal([unsupported(`lists within lists deeper than ${deepestLists}`)]);
    const wanted = [...named].filter((id) => !seen.has(id));
    const found = await app.table.getMany(wanted.map(listKey), StoredList);
    const there = found.filter(({ deletedAt }) => deletedAt === undefined);
    const missing = wanted.filter((id) => !there.some((list) => list.listId === id));
    if (missing.length > 0) throw refusal(missing.map((id) => invalid(`List does not exist with ID ${id}`)));
    for (const id of wanted) seen.add(id);
    named = new Set(there.flatMap(namedBy));
  }
}

function namedBy({ filterBranch, processingType, objectTypeId }: StoredList): string[] {
  if (filterBranch === undefined || processingType !== 'DYNAMIC') return [];
  return listsIn(needsOf(FilterBranch.parse(filterBranch), objectTypeId));
}
