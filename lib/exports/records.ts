import type { App } from '../core/app.ts';
import { membersOf } from '../lists/member-pages.ts';
import type { ObjectType } from '../objects/definition.ts';
import { type FilterGroups, passesFilters } from '../objects/filter.ts';
import { CrmRecord } from '../objects/record.ts';
import { type ListedAfter, livePage } from '../objects/record-pages.ts';
import { searchIds } from '../search/search.ts';
import { recordKey } from '../table/keys.ts';
import type { ExportRequest } from './schema.ts';

export type RecordPage = { readonly records: CrmRecord[]; readonly seen: number; readonly after?: ListedAfter };

/** A page of the records that an export is about, as they are now: of a type in the order of creation, of a list or a search by their ids. */
export async function exportPage(
  app: App,
  type: ObjectType,
  request: ExportRequest,
  at: { after?: ListedAfter | undefined; limit: number },
): Promise<RecordPage> {
  const { ids, after } = await idsPage(app, type, request, at);
  const found = await app.table.getMany(
    ids.map((id) => recordKey({ objectType: type.objectTypeId, id })),
    CrmRecord,
  );
  const byId = new Map(found.map((record) => [record.id, record]));
  const groups = groupsOf(request);
  const records = ids.flatMap((id) => {
    const record = byId.get(id);
    const wanted =
      record && !record.archivedAt && passesFilters(groups, (name) => type.properties.get(name), record.properties);
    return wanted ? [record] : [];
  });
  return { records, seen: ids.length, ...(after && { after }) };
}

type IdPage = { readonly ids: string[]; readonly after?: ListedAfter };
type Asked = { readonly after?: ListedAfter | undefined; readonly limit: number };

/** A view without a condition has all records, also those that no search has seen yet. */
function idsPage(app: App, type: ObjectType, request: ExportRequest, at: Asked): Promise<IdPage> {
  if (request.exportType === 'LIST') return listPage(app, request.listId, at);
  const filterGroups = groupsOf(request);
  const query = request.publicCrmSearchRequest?.query?.trim();
  if (filterGroups.length === 0 && !query) return typePage(app, type, at);
  return searchPage(app, type, { filterGroups, ...(query && { query }) }, at);
}

async function searchPage(
  app: App,
  { objectTypeId }: ObjectType,
  asked: Parameters<typeof searchIds>[2],
  { after, limit }: Asked,
): Promise<IdPage> {
  const page = await searchIds(app, objectTypeId, asked, { limit, ...(after?.search && { after: after.search }) });
  return { ids: page.ids, ...(page.after !== undefined && { after: { search: page.after } }) };
}

async function typePage(app: App, type: ObjectType, { after, limit }: Asked): Promise<IdPage> {
  const page = await livePage(
    app,
    { objectType: type.objectTypeId, createdProperty: type.createdProperty },
    { limit, ...(after && { after }) },
  );
  return { ids: page.refs.map(({ id }) => id), ...(page.after && { after: page.after }) };
}

async function listPage(app: App, listId: string, { after, limit }: Asked): Promise<IdPage> {
  const { members, more } = await membersOf(app, listId, { limit, ...(after && { after: after.recordId ?? '' }) });
  const last = members.at(-1);
  return { ids: members.map(({ recordId }) => recordId), ...(more && last && { after: { recordId: last.recordId } }) };
}

/** The groups of a view's request: `filters` alone are one group. */
export function groupsOf(request: ExportRequest): FilterGroups {
  if (request.exportType === 'LIST') return [];
  const { filters = [], filterGroups = [] } = request.publicCrmSearchRequest ?? {};
  return filters.length > 0 ? [...filterGroups, { filters: [...filters] }] : filterGroups;
}
