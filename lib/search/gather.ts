import type { App } from '../core/app.ts';
import { inParallel } from '../table/in-parallel.ts';
import { indexPartition } from '../table/keys.ts';
import type { Condition, Search } from './compile.ts';
import { IndexRow, idPagesOf } from './id-pages.ts';
import { idRangeOf, isIdRange, isWithin } from './id-range.ts';
import { type Access, accessOf, isIdOrdered, type Range, rankOf } from './plan.ts';

/** Where several filters could drive, each is asked for so many rows, until one has no more. */
const rounds = [300, 1500];
const mostReaders = 4;
const readsAtOnce = 8;

type Pull = (limit: number) => Promise<{ rows: readonly Row[]; done: boolean }>;
type Row = { readonly id: string; readonly value?: string };

/** The candidates of one access, read as far as somebody asked. */
export class Gathering {
  readonly access: Access;
  readonly condition: Condition | undefined;
  /** Ids, with the value's text of an index row. */
  readonly found = new Map<string, string | undefined>();
  private open: readonly Pull[];

  constructor(app: App, search: Search, { access, condition }: Driver) {
    this.access = access;
    this.condition = condition;
    this.open = pullsOf(app, search, access);
  }

  get complete(): boolean {
    return this.open.length === 0;
  }

  /** Reads on until there are so many, or no more. */
  async readTo(count: number): Promise<void> {
    while (this.found.size < count && this.open.length > 0) {
      const wave = this.open.slice(0, readsAtOnce);
      const left = count - this.found.size;
      const answers = await inParallel(wave, readsAtOnce, (pull) => pull(left));
      for (const { id, value } of answers.flatMap(({ rows }) => rows)) this.found.set(id, value);
      this.open = [...wave.filter((_, at) => !answers[at]?.done), ...this.open.slice(wave.length)];
    }
  }
}

function pullsOf(app: App, search: Search, access: Access): Pull[] {
  if (access.kind === 'index') {
    const pk = indexPartition(search.type.objectTypeId, access.property);
    return access.ranges.map((range) => rangePull(app, pk, range));
  }
  return idPagesOf(app, search.type, access).map((pages) => {
    let after = '';
    return async (limit) => {
      const page = await pages(after, limit);
      after = page.after ?? after;
      return { rows: page.ids.map((id) => ({ id })), done: page.after === undefined };
    };
  });
}

function rangePull(app: App, pk: string, { from, to }: Range): Pull {
  let startAfter: Record<string, unknown> | undefined;
  return async (limit) => {
    const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const page = await app.table.query({ pk, ...bounds, limit, ...(startAfter && { startAfter }) }, IndexRow);
    startAfter = page.lastKey;
    const rows = page.items.map(({ sk, id }) => ({ id, value: sk.slice(0, sk.length - id.length - 1) }));
    return { rows, done: page.lastKey === undefined };
  };
}

export type Driver = { readonly access: Access; readonly condition: Condition | undefined };

/** What can drive a group, the likeliest to be selective first; the query drives every group. */
function driversOf({ query }: Search, group: readonly Condition[]): Driver[] {
  const drivers = group.flatMap((condition) => {
    const access = accessOf(condition);
    return access ? [{ access, condition }] : [];
  });
  const text: Driver[] =
    query === undefined ? [] : [{ access: { kind: 'text', query, exact: false }, condition: undefined }];
  return [...drivers, ...text].toSorted((one, other) => rankOf(one.access) - rankOf(other.access));
}

/** The candidates of one group, or what drives it when they are too many. */
export type GroupCandidates = {
  /** With the text of the sort value where index rows told it. */
  readonly found?: ReadonlyMap<string, string | undefined>;
  /** No other records are among them. */
  readonly exact: boolean;
  readonly readers: readonly Gathering[];
  /** The number of the narrowest driver, when its candidates come in the order of the ids. */
  readonly way?: number;
};

export async function gatherGroup(app: App, search: Search, group: readonly Condition[]): Promise<GroupCandidates> {
  const all = driversOf(search, group);
  const drivers = worthReading(all);
  const readers = drivers.map((driver) => new Gathering(app, search, driver));
  const most = search.limits.gathered;
  const counts = readers.length > 1 ? rounds.filter((count) => count < most) : [];
  for (const count of [...counts, most + 1]) {
    await inParallel(readers, mostReaders, (reader) => reader.readTo(count));
    if (readers.some(({ complete }) => complete)) break;
  }
  const complete = readers.filter((reader) => reader.complete && reader.found.size <= most);
  const [base] = complete.toSorted((one, other) => one.found.size - other.found.size);
  if (!base) return { exact: false, readers };
  const others = complete.filter((reader) => reader !== base);
  const sorted = complete.find(
    ({ access }) => access.kind === 'index' && access.property === search.sort?.property.name,
  );
  const range = idRangeOf(group);
  const ids = [...base.found.keys()].filter((id) => isWithin(range, id) && others.every(({ found }) => found.has(id)));
  const proved = new Set(complete.filter(({ access }) => access.exact).map(({ condition }) => condition));
  return {
    found: new Map(ids.map((id) => [id, sorted?.found.get(id)])),
    exact: search.query === undefined && group.every((condition) => proved.has(condition) || isIdRange(condition)),
    readers,
    ...(isIdOrdered(base.access) && { way: all.findIndex(({ condition }) => condition === base.condition) }),
  };
}

/** One that names records makes others needless; rows of all that have some value help when there is nothing else. */
function worthReading(drivers: readonly Driver[]): readonly Driver[] {
  const named = drivers.filter(({ access }) => rankOf(access) === 0);
  if (named.length > 0) return named.slice(0, 1);
  const bounded = drivers.filter(({ access }) => rankOf(access) < 5);
  return (bounded.length > 0 ? bounded : drivers).slice(0, mostReaders);
}

/** The driver with this number, or the likeliest one whose candidates come in the order of their ids. */
export function idDriverOf(search: Search, group: readonly Condition[], way?: number): Driver | undefined {
  const drivers = driversOf(search, group).filter(({ access }, at) => isIdOrdered(access) && (way ?? at) === at);
  return drivers[0];
}
