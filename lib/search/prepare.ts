import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { indexValueOf, isIndexed } from '../objects/index-value.ts';
import { isRecordId } from '../objects/not-found.ts';
import type { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { countKey } from '../table/keys.ts';
import type { Condition, Search, Sort } from './compile.ts';
import { type Start, walking } from './cursor.ts';
import { Gathering, type GroupCandidates, gatherGroup, idDriverOf } from './gather.ts';
import { idPagesOf, listingPages } from './id-pages.ts';
import { idRangeOfAll, isIdRange, isWithin } from './id-range.ts';
import { type Evidence, findMatches } from './matches.ts';
import { comparePositions, type Position, positionOf } from './order.ts';
import { accessOf, type Range } from './plan.ts';
import { fallingSource, indexSource, listSource, mergedSource, rangeSource, type Source } from './sources.ts';

/** So many records are kept for the page; of more, the page reads its own once more. */
const mostKept = 300;
const atOnce = 100;
const readsAtOnce = 8;

export type Prepared = {
  readonly sources: readonly Source[];
  readonly evidence: Evidence;
  /** All that match, when they were few enough to be kept as they were read. */
  readonly records?: ReadonlyMap<string, CrmRecord>;
  /** For the pages that follow. */
  readonly way?: number;
  /** Absent: what was seen is all that is known. */
  readonly total?: { readonly count: number; readonly exact: boolean };
};

type Found = ReadonlyMap<string, string | undefined>;

/** Decides how a search is answered, reads what is needed for that, and counts when nobody has yet. */
export async function prepare(app: App, search: Search, start: Start): Promise<Prepared> {
  const { way } = start;
  if (way !== undefined) {
    const sources =
      way === walking
        ? streams(app, search, start)
        : [streamOf(app, search, start, way) ?? listing(app, search, start)];
    return { sources, way, evidence: new Map(), ...known(start.total) };
  }
  const groups = await gatherAll(app, search);
  const evidence = evidenceOf(groups);
  const found = unionOf(groups);
  const exact = groups.every((group) => group.exact);
  if (found && groups.length > 0 && (exact || found.size <= search.limits.gathered)) {
    const [first, second] = groups;
    const way = search.sort || second ? undefined : first?.way;
    const answer = await fromCandidates(app, search, start, { found, exact, evidence });
    return { evidence, ...answer, ...(way !== undefined && { way }) };
  }
  const everything = await gatherEverything(app, search, groups);
  if (everything) {
    const all = { found: everything, exact: search.groups.length === 0 && search.query === undefined, evidence };
    return { evidence, ...(await fromCandidates(app, search, start, all)) };
  }
  const total = start.total ?? (await countWithoutReading(app, search, groups));
  return { evidence, sources: streams(app, search, start), way: walking, ...known(total) };
}

const known = (total: Prepared['total']) => (total ? { total } : {});

/** A query alone is one group without filters. */
function gatherAll(app: App, search: Search): Promise<GroupCandidates[]> {
  const groups = search.groups.length === 0 && search.query !== undefined ? [[]] : search.groups;
  return inParallel(groups, groups.length, (group) => gatherGroup(app, search, group));
}

/**
 * All live records, by the index of the date of creation: when nothing drives a group of a small type, or to sort by what has no index.
 * Undefined when they are too many.
 */
async function gatherEverything(
  app: App,
  search: Search,
  groups: readonly GroupCandidates[],
): Promise<Found | undefined> {
  const { sort, limits, type } = search;
  const unindexed = sort !== undefined && !isIndexed(sort.property) && !isRecordId(sort.property.name);
  const undriven = groups.some(({ readers }) => readers.length === 0);
  if (!unindexed && !undriven) return undefined;
  const most = unindexed ? limits.gathered : limits.sorted;
  const range: Range = { point: false };
  const access = { kind: 'index', property: type.createdProperty, ranges: [range], exact: true } as const;
  const reader = new Gathering(app, search, { access, condition: undefined });
  await reader.readTo(most + 1);
  if (!reader.complete || reader.found.size > most) return undefined;
  const wanted = idRangeOfAll(search.groups);
  const found = [...reader.found].filter(([id]) => isWithin(wanted, id));
  return new Map(found.map(([id, value]) => [id, sort?.property.name === type.createdProperty ? value : undefined]));
}

function evidenceOf(groups: readonly GroupCandidates[]): Evidence {
  const told = groups
    .flatMap(({ readers }) => readers)
    .filter(({ complete, access }) => complete && access.kind === 'associated');
  return new Map(
    told.flatMap(({ condition, found }) => (condition ? [[condition, (id: string) => found.has(id)] as const] : [])),
  );
}

function unionOf(groups: readonly GroupCandidates[]): Found | undefined {
  const union = new Map<string, string | undefined>();
  for (const { found } of groups) {
    if (!found) return undefined;
    for (const [id, value] of found) union.set(id, value ?? union.get(id));
  }
  return union;
}

type Candidates = { readonly found: Found; readonly exact: boolean; readonly evidence: Evidence };

/** All candidates are at hand: only those are read whose match or whose sort value no index row tells. */
async function fromCandidates(app: App, search: Search, start: Start, { found: given, exact, evidence }: Candidates) {
  const { sort } = search;
  const found = sort && isRecordId(sort.property.name) ? valuesOfIds(sort, given) : given;
  const after = start.position;
  const descending = sort?.descending ?? false;
  const valuesKnown = !sort || [...found.values()].every((value) => value !== undefined);
  const walk = sort !== undefined && !valuesKnown && found.size > search.limits.sorted && isIndexed(sort.property);
  const mustRead = (!exact && !start.total) || (!valuesKnown && !walk);
  const read = mustRead ? await readPositions(app, search, [...found.keys()], evidence) : undefined;
  const positions = read?.positions ?? (walk ? [] : [...found].map(([id, value]) => positionAt(id, sort && value)));
  const total = start.total ?? { count: read?.positions.length ?? found.size, exact: true };
  if (!walk || read) {
    const sorted = positions.toSorted((one, other) => comparePositions(one, other, descending));
    const source = listSource(sorted, { after, descending, exact: exact || read !== undefined });
    return { total, sources: [source], ...(read?.records && { records: read.records }) };
  }
  const members = new Set(found.keys());
  const ids = [...members].map((id) => ({ id }));
  const tail = listSource(ids, { after: tailStart(after), descending, exact: false });
  const head = indexSource(app, search, sort, { after, exact, members });
  return { total, sources: [...(inTail(after) ? [] : [head]), { ...tail, lacking: true as const }] };
}

/** The id tells its own sort value. */
const valuesOfIds = ({ property }: Sort, found: Found): Found =>
  new Map([...found.keys()].map((id) => [id, indexValueOf(property, id)]));

const positionAt = (id: string, value: string | undefined): Position => ({ id, ...(value !== undefined && { value }) });
const inTail = (after: Position | undefined) => after !== undefined && after.value === undefined;
const tailStart = (after: Position | undefined): Position | undefined => (inTail(after) ? after : undefined);

async function readPositions(app: App, search: Search, ids: readonly string[], evidence: Evidence) {
  const chunks = Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, n) =>
    ids.slice(n * atOnce, (n + 1) * atOnce),
  );
  const records = new Map<string, CrmRecord>();
  const positions = await inParallel(chunks, readsAtOnce, async (chunk) => {
    const found = await findMatches(app, search, chunk, evidence);
    if (ids.length <= mostKept) for (const [id, record] of found) records.set(id, record);
    return [...found.values()].map((record) => positionOf(record, search.sort));
  });
  return { positions: positions.flat(), records: ids.length <= mostKept ? records : undefined };
}

/** Nothing is narrow enough: candidates come page by page, in the order of the search. */
function streams(app: App, search: Search, start: Start): Source[] {
  const { sort, groups, query } = search;
  if (!sort) return [streamOf(app, search, start) ?? listing(app, search, start)];
  if (isRecordId(sort.property.name)) return [newestFirst(app, search, start, sort)];
  if (!isIndexed(sort.property)) throw tooManyToSort(sort, search.limits.gathered);
  const after = start.position;
  const only = groups.length === 1 ? (groups[0] ?? []) : [];
  const range = rangeOn(sort, only);
  const exact = query === undefined && (groups.length === 0 || (only.length === 1 && range?.exact === true));
  const head = indexSource(app, search, sort, { after, exact, ...(range && { range: range.range }) });
  const { createdProperty, modifiedProperty } = search.type;
  const always = [createdProperty, modifiedProperty].includes(sort.property.name);
  if (range || always) return [head];
  const tail = mergedSource([listingPages(app, search.type, { lacking: sort.property.name })], {
    after: tailStart(after)?.id,
    exact: false,
  });
  return [...(inTail(after) ? [] : [head]), { ...tail, lacking: true }];
}

function rangeOn({ property }: Sort, group: readonly Condition[]): { range: Range; exact: boolean } | undefined {
  for (const condition of group) {
    const access = accessOf(condition);
    const [range, second] = access?.kind === 'index' && access.property === property.name ? access.ranges : [];
    if (access && range && !second) return { range, exact: access.exact };
  }
  return undefined;
}

/** The groups' narrowest drivers in the order of the ids, when each has one. */
function streamOf(app: App, search: Search, start: Start, way?: number): Source | undefined {
  const groups = search.groups.length > 0 || search.query === undefined ? search.groups : [[]];
  const drivers = groups.map((group) => idDriverOf(search, group, way));
  const accesses = drivers.flatMap((driver) => driver?.access ?? []);
  if (accesses.length === 0 || accesses.length < groups.length) return undefined;
  const exact =
    search.query === undefined &&
    groups.every(({ length }) => length === 1) &&
    accesses.every((access) => access.exact);
  return rangeSource(
    accesses.flatMap((access) => idPagesOf(app, search.type, access)),
    { after: start.position?.id, exact, range: idRangeOfAll(search.groups) },
  );
}

/** Whether nothing but a range of ids is asked. */
const isOfIdAlone = ({ groups, query }: Search) =>
  query === undefined && groups.length <= 1 && groups.flat().every(isIdRange);

const listing = (app: App, search: Search, start: Start): Source =>
  rangeSource([listingPages(app, search.type)], {
    after: start.position?.id,
    exact: isOfIdAlone(search),
    range: idRangeOfAll(search.groups),
  });

/** By their ids downwards; upwards is the order of a search without a sort. */
const newestFirst = (app: App, search: Search, start: Start, { property }: Sort): Source =>
  fallingSource(listingPages(app, search.type, { descending: true }), {
    after: start.position?.id,
    exact: isOfIdAlone(search),
    range: idRangeOfAll(search.groups),
    sortValue: (id) => indexValueOf(property, id),
  });

const Count = z.object({ records: z._default(z.number(), 0) });

async function countWithoutReading(
  app: App,
  { type, groups, query, limits }: Search,
  gathered: readonly GroupCandidates[],
): Promise<Prepared['total']> {
  if (query !== undefined || groups.length > 1) return undefined;
  const [group] = groups;
  if (!group) {
    const count = await app.table.get(countKey(type.objectTypeId), Count);
    return { count: count?.records ?? 0, exact: true };
  }
  const [reader] = gathered[0]?.readers ?? [];
  if (group.length > 1 || !reader?.access.exact) return undefined;
  return countRows(reader, limits.counted);
}

async function countRows(reader: Gathering, most: number) {
  await reader.readTo(most + 1);
  return { count: reader.found.size, exact: reader.complete };
}

const tooManyToSort = ({ property: { name } }: Sort, most: number) =>
  new CrmError(
    'VALIDATION_ERROR',
    `There was a problem with the request. ${name} has no index: to sort by it, narrow the search down to ${most} records`,
    { context: { propertyName: [name] } },
  );
