import type { App } from '../core/app.ts';
import { inParallel } from '../table/in-parallel.ts';
import { indexPartition } from '../table/keys.ts';
import type { Search, Sort } from './compile.ts';
import { type IdPages, IndexRow } from './id-pages.ts';
import { endOfRange, type IdRange, isWithin, startOfRange } from './id-range.ts';
import { comparePositions, type Position } from './order.ts';
import type { Range } from './plan.ts';

/** `at`: how far was looked, whatever was found; absent at the end. */
type Chunk = { readonly candidates: readonly Position[]; readonly at?: Position; readonly looked: number };

/** Candidates in the order of the search, after the position where it was made to begin. */
export type Source = {
  /** All of them match unless they are changed meanwhile, and none of the source's part of the order is missing. */
  readonly exact: boolean;
  /** Only records without a value of the sort property count. */
  readonly lacking?: true;
  readonly next: (limit: number) => Promise<Chunk>;
};

const readsAtOnce = 8;

/** Positions that are at hand, sorted. */
export function listSource(
  positions: readonly Position[],
  { after, descending, exact }: { after: Position | undefined; descending: boolean; exact: boolean },
): Source {
  const rest = after ? positions.filter((each) => comparePositions(each, after, descending) > 0) : positions;
  let next = 0;
  return {
    exact,
    next: async (limit) => {
      const candidates = rest.slice(next, next + limit);
      next += candidates.length;
      const at = next < rest.length ? candidates.at(-1) : undefined;
      return { candidates, ...(at && { at }), looked: 0 };
    },
  };
}

/** Several readers in the order of the ids, merged, as far as a range of ids goes. */
export function rangeSource(
  readers: readonly IdPages[],
  { after = '', exact, range }: { after: string | undefined; exact: boolean; range: IdRange },
): Source {
  const start = startOfRange(range);
  const source = mergedSource(readers, { after: start > after ? start : after, exact });
  return {
    exact,
    next: async (limit) => {
      const { candidates, at, looked } = await source.next(limit);
      const over = at !== undefined && Number(at.id) >= range.to;
      return {
        candidates: candidates.filter(({ id }) => isWithin(range, id)),
        ...(at && !over && { at }),
        looked,
      };
    },
  };
}

/** The records of a listing that falls, newest first, as far as a range of ids goes; `sortValue` is the sort value of an id. */
export function fallingSource(
  pages: IdPages,
  {
    after,
    exact,
    range,
    sortValue,
  }: { after: string | undefined; exact: boolean; range: IdRange; sortValue: (id: string) => string | undefined },
): Source {
  const positionOf = (id: string): Position => {
    const value = sortValue(id);
    return { id, ...(value !== undefined && { value }) };
  };
  let reach = after ?? endOfRange(range);
  return {
    exact,
    next: async (limit) => {
      const page = await pages(reach, limit);
      reach = page.after ?? reach;
      const over = page.after === undefined || Number(reach) <= range.from;
      const candidates = page.ids.filter((id) => isWithin(range, id)).map(positionOf);
      return { candidates, ...(!over && { at: positionOf(reach) }), looked: page.looked };
    },
  };
}

type Lane = { readonly pages: IdPages; ids: readonly string[]; reach: string; done: boolean };

/** Several readers in the order of the ids, merged; an id that more than one has comes once. */
export function mergedSource(
  readers: readonly IdPages[],
  { after, exact }: { after: string | undefined; exact: boolean },
): Source {
  const lanes: Lane[] = readers.map((pages) => ({ pages, ids: [], reach: after ?? '', done: false }));
  return {
    exact,
    next: async (limit) => {
      let looked = 0;
      const empty = lanes.filter(({ ids, done }) => ids.length === 0 && !done);
      await inParallel(empty, readsAtOnce, async (lane) => {
        const page = await lane.pages(lane.reach, limit);
        const from = lane.reach;
        lane.ids = page.ids.filter((id) => id > from);
        lane.done = page.after === undefined;
        lane.reach = page.after ?? lane.reach;
        looked += page.looked;
      });
      return { ...emit(lanes, limit), looked };
    },
  };
}

/** What every reader has passed can be given out, no further. */
function emit(lanes: readonly Lane[], limit: number): Omit<Chunk, 'looked'> {
  const reaches = lanes.filter(({ done }) => !done).map(({ reach }) => reach);
  const bound = reaches.toSorted()[0];
  const ready = [...new Set(lanes.flatMap(({ ids }) => ids))]
    .filter((id) => bound === undefined || id <= bound)
    .toSorted();
  const ids = ready.slice(0, limit);
  const whole = ids.length === ready.length;
  const last = whole ? (bound ?? ids.at(-1)) : ids.at(-1);
  for (const lane of lanes) lane.ids = lane.ids.filter((id) => last !== undefined && id > last);
  const over = whole && bound === undefined && lanes.every(({ ids: left }) => left.length === 0);
  return { candidates: ids.map((id) => ({ id })), ...(!over && last !== undefined && { at: { id: last } }) };
}

/** The rows of the sort property's index, or of a range of it; with `members` those of these records only. */
export function indexSource(
  app: App,
  { type }: Search,
  { property, descending }: Sort,
  {
    after,
    exact,
    range,
    members,
  }: { after: Position | undefined; exact: boolean; range?: Range; members?: ReadonlySet<string> },
): Source {
  const pk = indexPartition(type.objectTypeId, property.name);
  let startAfter: Record<string, unknown> | undefined = after && { pk, sk: `${after.value ?? ''}#${after.id}` };
  return {
    exact,
    next: async (limit) => {
      const { items, lastKey } = await app.table.query(
        {
          pk,
          ...(range?.from !== undefined && { from: range.from }),
          ...(range?.to !== undefined && { to: range.to }),
          descending,
          limit: members ? Math.max(limit, rowsOfWalk) : limit,
          ...(startAfter && { startAfter }),
        },
        IndexRow,
      );
      startAfter = lastKey;
      const rows = items.map(({ sk, id }) => ({ id, value: sk.slice(0, sk.length - id.length - 1) }));
      const last = rows.at(-1);
      return {
        candidates: members ? rows.filter(({ id }) => members.has(id)) : rows,
        ...(lastKey && last && { at: last }),
        looked: rows.length,
      };
    },
  };
}

/** Rows are small: a query of a thousand costs as much as 50 records. */
const rowsOfWalk = 1000;
