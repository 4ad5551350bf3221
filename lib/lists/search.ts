import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
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
  const order = orderOf(search.sort);
  const known = order.field === 'size' ? await sizesOf(app, idsOf(found)) : undefined;
  const page = found.toSorted(inOrder(order, known)).slice(offset, offset + count);
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

/** What lists can be sorted by; a minus before it turns the order round. */
const sorts = ['listId', 'name', 'createdAt', 'updatedAt', 'size'] as const;
type Order = { readonly field: (typeof sorts)[number]; readonly way: 1 | -1 };

function orderOf(sort = 'listId'): Order {
  const field = sorts.find((each) => each === sort.replace(/^-/, ''));
  if (field) return { field, way: sort.startsWith('-') ? -1 : 1 };
  const message = `sort must be one of [${sorts.join(', ')}], with a minus before it for the other way round`;
  throw new CrmError('VALIDATION_ERROR', message, { errors: [{ message, code: 'INVALID_SORT', in: 'sort' }] });
}

/** One order, the ids where two are equal in it. */
const inOrder =
  ({ field, way }: Order, sizes: ReadonlyMap<string, number> | undefined) =>
  (one: StoredList, other: StoredList): number => {
    const difference =
      field === 'size'
        ? (sizes?.get(one.listId) ?? 0) - (sizes?.get(other.listId) ?? 0)
        : compare(textOf(one, field), textOf(other, field));
    return difference * way || compare(one.listId, other.listId);
  };

const textOf = (list: StoredList, field: Exclude<Order['field'], 'size'>) =>
  field === 'name' ? foldName(list.name) : list[field];

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
