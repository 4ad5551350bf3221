import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { ObjectType } from '../objects/definition.ts';
import { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { type ExactHit, exactHits } from './exact.ts';
import { type Found, inOrder, rankedOf } from './found.ts';
import { typesToSearch } from './search-types.ts';
import { someCandidates } from './store.ts';

export const SearchInput = z.strictObject({
  query: z.string().check(z.trim(), z.minLength(1), z.maxLength(500)),
  limit: z._default(z.int().check(z.minimum(1), z.maximum(50)), 10),
  objectTypes: z.optional(z.array(z.string()).check(z.minLength(1), z.maxLength(10))),
});

export const SearchResults = z.object({
  results: z.array(
    z.object({
      objectType: z.string(),
      id: z.string(),
      title: z.string(),
      matched: z.object({ property: z.string(), value: z.string() }),
    }),
  ),
});

const typesAtOnce = 4;

/**
 * The search box: records of any type by what people type. First those that have the very id, unique value or telephone number (they are
 * found from the moment they are saved), then those whose text holds the query (a second later at most). It costs a query for each type,
 * up to six for a Japanese text that very many records hold, and the read of at most twice `limit` records of each type.
 */
export async function searchEverything(
  app: App,
  { query, limit, objectTypes }: z.output<typeof SearchInput>,
): Promise<Found[]> {
  const types = await typesToSearch(app, objectTypes);
  const [exact, near] = await Promise.all([exactHits(app, types, query), nearHits(app, types, query, 2 * limit)]);
  const exactProperty = new Map(exact.map((hit) => [nameOf(hit), hit.property]));
  const records = await app.table.getMany([...exact, ...near].map(recordKey), CrmRecord);
  const typeOf = new Map(types.map((type) => [type.objectTypeId, type]));
  return records
    .flatMap((record) => {
      const type = typeOf.get(record.objectType);
      return (type && rankedOf(type, record, query, exactProperty.get(nameOf(record)))) ?? [];
    })
    .toSorted(inOrder)
    .slice(0, limit)
    .map(({ found }) => found);
}

async function nearHits(app: App, types: readonly ObjectType[], query: string, most: number) {
  const found = await inParallel(types, typesAtOnce, async ({ objectTypeId: objectType }) => {
    const ids = await someCandidates(app, objectType, query, most);
    return ids.map((id) => ({ objectType, id }));
  });
  return found.flat();
}

const nameOf = ({ objectType, id }: Pick<ExactHit, 'objectType' | 'id'>) => `${objectType}\n${id}`;
