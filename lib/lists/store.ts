import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { RecordRef } from '../table/keys.ts';
import { listKey, listListing, listNameKey, listSizeKey, memberKey } from '../table/list-keys.ts';
import { listNotFound } from './errors.ts';
import { StoredList } from './schema.ts';

const Size = z.object({ pk: z.string(), size: z.number() });
const NameRow = z.object({ listId: z.string() });
const Present = z.object({ pk: z.string() });

/** Names are one when a person takes them for the same: width, case and spaces around do not count. */
export const foldName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
export const nameKeyOf = (name: string) => listNameKey(foldName(name));

/** A list as it is written; a deleted one is not listed. */
export const listItem = (list: StoredList) => ({
  ...listKey(list.listId),
  ...(list.deletedAt === undefined && { gsi1pk: listListing, gsi1sk: list.listId }),
  entity: 'list',
  ...list,
});

/** A list, deleted or not. */
export const findList = (app: App, listId: string): Promise<StoredList | undefined> =>
  app.table.get(listKey(listId), StoredList);

/** @throws CrmError 404 */
export async function readList(app: App, listId: string): Promise<StoredList> {
  const list = await findList(app, listId);
  if (!list || list.deletedAt) throw listNotFound(listId);
  return list;
}

/** The list of this name, however it is spelt; undefined without one. */
export async function findListByName(app: App, name: string): Promise<StoredList | undefined> {
  const row = await app.table.get(nameKeyOf(name), NameRow);
  const list = row && (await findList(app, row.listId));
  return list?.deletedAt === undefined ? list : undefined;
}

/** The lists of these ids, in no order; ids without a list are left out. */
export async function readLists(app: App, listIds: readonly string[]): Promise<StoredList[]> {
  const found = await app.table.getMany(listIds.map(listKey), StoredList);
  return found.filter(({ deletedAt }) => deletedAt === undefined);
}

/** Every list by id, with a lag of the index: people define them, so they are thousands at most. */
export const allLists = (app: App): Promise<StoredList[]> =>
  app.table.all({ pk: listListing, index: 'gsi1' }, StoredList);

/** How many members each list has: kept by the projector, right within a second. */
export async function sizesOf(app: App, listIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await app.table.getMany(listIds.map(listSizeKey), Size);
  return new Map(rows.map(({ pk, size }) => [pk.slice('list#'.length), size]));
}

export const sizeOf = async (app: App, listId: string): Promise<number> =>
  (await sizesOf(app, [listId])).get(listId) ?? 0;

/** Whether the record is in the list at this moment. A list that was deleted has no members. */
export async function isMember(app: App, listId: string, { id }: RecordRef): Promise<boolean> {
  const [list, member] = await Promise.all([findList(app, listId), app.table.get(memberKey(listId, id), Present)]);
  return list !== undefined && list.deletedAt === undefined && member !== undefined;
}
