import type { App } from '../../lib/core/app.ts';
import { announceJob } from '../../lib/jobs/store.ts';
import { backfillWrites, listenerWrites } from '../../lib/lists/dynamic/store.ts';
import { FilterBranch } from '../../lib/lists/filters/schema.ts';
import { membersPage } from '../../lib/lists/member-pages.ts';
import { StoredList } from '../../lib/lists/schema.ts';
import { listKey } from '../../lib/table/list-keys.ts';

/** A filter on a property, in HubSpot's words. */
export const property = (name: string, operation: Readonly<Record<string, unknown>>) => ({
  filterType: 'PROPERTY',
  property: name,
  operation: { includeObjectsWithNoValueSet: false, ...operation },
});

type Branch = Readonly<Record<string, unknown>>;

/** Filters and branches that must all be met, as the root of a list. */
export const allOf = (filters: readonly object[], filterBranches: readonly object[] = []): Branch => ({
  filterBranchType: 'OR',
  filterBranchOperator: 'OR',
  filters: [],
  filterBranches: [{ filterBranchType: 'AND', filterBranchOperator: 'AND', filters, filterBranches }],
});

/** Records of another type that are associated. */
export const associatedWith = (objectTypeId: string, associationTypeId: number, filters: readonly object[]) => ({
  filterBranchType: 'ASSOCIATION',
  filterBranchOperator: 'AND',
  objectTypeId,
  operator: 'IN_LIST',
  associationTypeId,
  associationCategory: 'HUBSPOT_DEFINED',
  filterBranches: [],
  filters,
});

/** Stores a list with these filters, with all that belongs to it, and starts its back-fill. */
export async function storeList(
  app: App,
  filterBranch: Branch,
  {
    objectTypeId = '0-1',
    processingType = 'DYNAMIC' as StoredList['processingType'],
    before = undefined as StoredList | undefined,
    quiet = false,
  } = {},
): Promise<StoredList> {
  const now = app.now();
  const list = StoredList.parse({
    listId: before?.listId ?? app.newId(),
    name: 'list',
    objectTypeId,
    processingType,
    processingStatus: 'PROCESSING',
    filterBranch: FilterBranch.parse(filterBranch),
    generation: (before?.generation ?? 0) + 1,
    listVersion: 1,
    createdAt: now,
    updatedAt: now,
    filtersUpdatedAt: now,
    ...(quiet && { quiet }),
    version: (before?.version ?? 0) + 1,
  });
  const { job, writes } = await backfillWrites(app, list);
  await app.table.commit([{ put: { ...listKey(list.listId), ...list } }, ...listenerWrites(list, before), ...writes]);
  await announceJob(job);
  return list;
}

/** Everybody in a list, by id. */
export async function membersIn(app: App, listId: string): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await membersPage(app, listId, { limit: 500, ...(after !== undefined && { after }) });
    found.push(...page.recordIds);
    after = page.after;
  } while (after !== undefined);
  return found;
}
