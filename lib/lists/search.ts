import type { App } from '../core/app.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import type { ListSearch, StoredList } from './schema.ts';
import { allLists, foldName, readLists, sizesOf } from './store.ts';

type Found = {
  readonly lists: { readonly list: StoredList; readonly size: number }[];
  readonly total: number;
  readonly offset: number;
  readonly hasMore: boolean;
};

/** The lists that are asked for, by name (in any width and case), type and id; those of other ids with a lag of the index. */
export async function searchLists(app: App, search: ListSearch): Promise<Found> {
  const { listIds, objectTypeId, count, offset } = search;
  const type = objectTypeId === undefined ? undefined : (await loadObjectType(app, objectTypeId)).objectTypeId;
  const candidates = listIds?.length ? await readLists(app, listIds) : await allLists(app);
  const found = candidates.filter(
    (list) => (type === undefined || list.objectTypeId === type) && matches(list, search),
  );
  const bySize = /size$/.test(search.sort ?? '');
  const known = bySize ? await sizesOf(app, idsOf(found)) : undefined;
  const page = found.toSorted(orderOf(search.sort, known)).slice(offset, offset + count);
  const sizes = known ?? (await sizesOf(app, idsOf(page)));
  return {
    lists: page.map((list) => ({ list, size: sizes.get(list.listId) ?? 0 })),
    total: found.length,
    offset: offset + page.length,
    hasMore: offset + page.length < found.length,
  };
}

const idsOf = (lists: readonly StoredList[]) => lists.map(({ listId }) => listId);

function matches({ name, processingType }: StoredList, { query, processingTypes }: ListSearch): boolean {
  const typed = !processingTypes?.length || processingTypes.includes(processingType);
  return typed && (query === undefined || foldName(name).includes(foldName(query)));
}

/** One order, the ids where two are equal in it. */
function orderOf(sort: ListSearch['sort'] = 'listId', sizes: ReadonlyMap<string, number> | undefined) {
  const way = sort.startsWith('-') ? -1 : 1;
  const field = sort.replace('-', '') as 'listId' | 'name' | 'createdAt' | 'updatedAt' | 'size';
  return (one: StoredList, other: StoredList): number => {
    const difference =
      field === 'size'
        ? (sizes?.get(one.listId) ?? 0) - (sizes?.get(other.listId) ?? 0)
        : compare(textOf(one, field), textOf(other, field));
    return difference * way || compare(one.listId, other.listId);
  };
}

const textOf = (list: StoredList, field: 'listId' | 'name' | 'createdAt' | 'updatedAt') =>
  field === 'name' ? foldName(list.name) : list[field];

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
