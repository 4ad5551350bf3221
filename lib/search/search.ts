import type { App } from '../core/app.ts';
import { withDefinitions } from '../objects/definition-store.ts';
import type { CrmRecord } from '../objects/record.ts';
import { collect } from './collect.ts';
import { compileSearch, type Limits, type Search } from './compile.ts';
import { cursorOf, startOf } from './cursor.ts';
import { prepare } from './prepare.ts';
import type { SearchRequest } from './schema.ts';

const usualLimit = 10;

export type Found = {
  readonly records: CrmRecord[];
  readonly total: { readonly count: number; readonly exact: boolean };
  /** Where the next page begins; absent on the last one. */
  readonly after?: string;
};

/**
 * A page of the live records that a request finds. Filters see every write that was answered before; `query` sees it within a second.
 *
 * `total` is exact when the narrowest filters leave at most 10,000 candidates in every group (or 10,000 in all, where records must be
 * read to decide), when one filter alone can be counted on index rows (up to 50,000), and without any filter (as of the projector,
 * within a second), and for whatever filters in a type of up to 1,000 records. Otherwise it is a lower bound, which grows from page to page and is exact on the last.
 *
 * A request looks at 2,000 records or 20,000 index rows at most, besides those that it counts or that an offset leaves out: then the page
 * is shorter than asked for, or empty, and `after` goes on. The cursor holds the place of the last record: no record comes twice because
 * others came or went. By `hs_object_id` any number can be sorted, and a page after an id begins right there; by another property
 * without an index at most 10,000 candidates: more are a 400.
 * @throws CrmError 400
 */
export async function searchRecords(
  app: App,
  objectType: string,
  request: SearchRequest,
  limits?: Limits,
): Promise<Found> {
  const search = await withDefinitions(app, objectType, (type) => compileSearch(app, type, request, limits));
  return findPage(app, search, { after: request.after, limit: request.limit ?? usualLimit });
}

async function findPage(
  app: App,
  search: Search,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Found> {
  const start = startOf(search.hash, after);
  const { total: counted, way, sources, evidence, records: read } = await prepare(app, search, start);
  if (limit === 0 && counted) return { records: [], total: counted };
  const page = await collect(app, { search, start, limit, evidence, records: read }, sources);
  const atLeast = page.seen + (page.more ? 1 : 0);
  const total = counted?.exact
    ? { count: Math.max(counted.count, atLeast), exact: true }
    : { count: Math.max(counted?.count ?? 0, atLeast), exact: !page.more && page.skip === 0 };
  const { records, position, skip, seen } = page;
  if (!page.more || limit === 0) return { records, total };
  const next = { skip, seen, total, ...(position && { position }), ...(way !== undefined && { way }) };
  return { records, total, after: cursorOf(search.hash, next) };
}

/**
 * A page of the ids that a request finds, in the order of the ids whatever it sorts by, for jobs that go through all of them. A page may be
 * short or empty and have an `after`; there is none on the last.
 */
export async function searchIds(
  app: App,
  objectType: string,
  request: Pick<SearchRequest, 'filterGroups' | 'filters' | 'query'>,
  { after, limit }: { after?: string; limit: number },
): Promise<{ ids: string[]; after?: string }> {
  const { filterGroups, filters, query } = request;
  const unsorted = { ...(filterGroups && { filterGroups }), ...(filters && { filters }), ...(query && { query }) };
  const found = await searchRecords(app, objectType, { ...unsorted, limit, ...(after && { after }) });
  return { ids: found.records.map(({ id }) => id), ...(found.after !== undefined && { after: found.after }) };
}
