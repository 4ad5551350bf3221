import * as z from 'zod/mini';
import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import { passesFilters } from '../objects/filter.ts';
import { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationKey, recordKey } from '../table/keys.ts';
import { matchesQuery } from '../text/match.ts';
import type { AssociationCondition, Condition, Search } from './compile.ts';

const readsAtOnce = 8;

/** What index rows have told of a condition already, so that it is not asked again. */
export type Evidence = ReadonlyMap<Condition, (id: string) => boolean>;

/** The live records with these ids that the search finds, as they are now. */
export async function findMatches(
  app: App,
  search: Search,
  ids: readonly string[],
  evidence: Evidence,
): Promise<Map<string, CrmRecord>> {
  const { objectTypeId: objectType } = search.type;
  const records = await app.table.getMany(
    ids.map((id) => recordKey({ objectType, id })),
    CrmRecord,
  );
  const { query } = search;
  const live = records.filter(
    (record) =>
      record.archivedAt === undefined && (query === undefined || matchesQuery(search.type, record.properties, query)),
  );
  if (search.groups.length === 0) return byId(live);
  const found = new Map<string, CrmRecord>();
  for (const group of search.groups) {
    const left = live.filter(({ id }) => !found.has(id));
    for (const record of await passing(app, search, group, left, evidence)) found.set(record.id, record);
  }
  return found;
}

const byId = (records: readonly CrmRecord[]) => new Map(records.map((record) => [record.id, record]));

async function passing(
  app: App,
  { type }: Search,
  group: readonly Condition[],
  records: readonly CrmRecord[],
  evidence: Evidence,
): Promise<readonly CrmRecord[]> {
  const filters = group.flatMap((condition) => ('property' in condition ? [condition.filter] : []));
  const typeOf = (name: string) => type.properties.get(name);
  let left = records.filter(
    ({ properties }) => filters.length === 0 || passesFilters([{ filters }], typeOf, properties),
  );
  for (const condition of group) {
    if ('property' in condition || left.length === 0) continue;
    const known = evidence.get(condition);
    const meeting = known ? undefined : await meetingAssociation(app, left, condition);
    left = left.filter(({ id }) => (known ? known(id) : meeting?.has(id)));
  }
  return left;
}

const Pair = z.object({ id: z.string() });

/** The ids of those that meet the condition: a key for each pair that it names, or a query for each record when it names none. */
async function meetingAssociation(
  app: App,
  records: readonly CrmRecord[],
  { filter, associated, ids }: AssociationCondition,
): Promise<Set<string>> {
  const { operator } = filter;
  const having = new Set<string>();
  if (operator.endsWith('HAS_PROPERTY')) {
    await inParallel(records, readsAtOnce, async (record) => {
      const { items } = await listAssociated(app, record, associated, { limit: 1 });
      if (items.length > 0) having.add(record.id);
    });
  } else {
    const keys = records.flatMap((record) => ids.map((id) => associationKey(record, { objectType: associated, id })));
    for (const { id } of await app.table.getMany(keys, Pair)) having.add(id);
  }
  return operator.startsWith('N') ? new Set(records.map(({ id }) => id).filter((id) => !having.has(id))) : having;
}
