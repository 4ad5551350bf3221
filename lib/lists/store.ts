import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import type { RecordRef } from '../table/keys.ts';
import { listKey, listListing, listNameKey, listSizeKey, memberKey, memberPrefix } from '../table/list-keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { cleanupKind } from './job-kinds.ts';
import { type ListCreate, refuseUnserved, StoredList } from './schema.ts';

const Size = z.object({ pk: z.string(), size: z.number() });
const Member = z.object({ recordId: z.string(), addedAt: z.string() });
export type Member = z.output<typeof Member>;

const nameOf = (name: string) => listNameKey(name.normalize('NFKC').trim().toLowerCase());

const listItem = (list: StoredList) => ({
  ...listKey(list.listId),
  gsi1pk: listListing,
  gsi1sk: list.listId,
  entity: 'list',
  ...list,
});

/** Makes an empty list. @throws CrmError 400 for what lists do not do, 409 when the name is taken */
export async function createList(app: App, input: ListCreate): Promise<StoredList> {
  refuseUnserved(input);
  const { objectTypeId } = await loadObjectType(app, input.objectTypeId);
  const now = app.now();
  const list: StoredList = {
    listId: app.newId(),
    name: input.name,
    objectTypeId,
    processingType: input.processingType === 'SNAPSHOT' ? 'SNAPSHOT' : 'MANUAL',
    processingStatus: 'COMPLETE',
    generation: 1,
    listVersion: 1,
    createdAt: now,
    updatedAt: now,
    ...(app.actor.kind === 'user' && { createdById: app.actor.id }),
    version: 1,
  };
  await commitOrThrow(app.table, [
    { write: { put: listItem(list), when: absent }, refused: () => new StaleRead('The id is taken') },
    {
      write: { put: { ...nameOf(list.name), entity: 'list-name', listId: list.listId }, when: absent },
      refused: () => new CrmError('VALIDATION_ERROR', `A list with the name '${list.name}' exists already`, nameTaken),
    },
  ]);
  return list;
}

const nameTaken = { subCategory: 'ILS.DUPLICATE_LIST_NAMES', context: { fields: ['name'] } };

/** @throws CrmError 404 */
export async function readList(app: App, listId: string): Promise<StoredList> {
  const list = await app.table.get(listKey(listId), StoredList);
  if (!list || list.deletedAt) throw listNotFound(listId);
  return list;
}

const listNotFound = (listId: string) =>
  new CrmError('OBJECT_NOT_FOUND', `List does not exist with ID ${listId}.`, {
    subCategory: 'ILS.LIST_NOT_FOUND',
    context: { listId: [listId] },
  });

/** The lists of these ids, in no order; ids without a list are left out. */
export async function readLists(app: App, listIds: readonly string[]): Promise<StoredList[]> {
  const found = await app.table.getMany(listIds.map(listKey), StoredList);
  return found.filter(({ deletedAt }) => deletedAt === undefined);
}

/** How many members each list has: kept by the projector, right within a second. */
export async function sizesOf(app: App, listIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await app.table.getMany(listIds.map(listSizeKey), Size);
  return new Map(rows.map(({ pk, size }) => [pk.slice('list#'.length), size]));
}

/** Deletes a list: nobody is a member of it any more, and its name is free. The members' rows go by a job. @throws CrmError 404 */
export async function removeList(app: App, listId: string): Promise<void> {
  const list = await readList(app, listId);
  const input = { listId, objectTypeId: list.objectTypeId };
  const { job, writes } = await jobWrites(app, { kind: cleanupKind, input });
  await commitOrThrow(app.table, [
    orStale({ remove: listKey(listId), when: versionIs(list.version) }),
    orStale({ remove: nameOf(list.name) }),
    orStale({ remove: listSizeKey(listId) }),
    ...writes.map(orStale),
  ]);
  await announceJob(job);
}

/** A page of a list's members by record id, as they are now. */
export async function membersOf(
  app: App,
  listId: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<{ readonly members: Member[]; readonly after?: string }> {
  const startAfter = after === undefined ? undefined : { startAfter: memberKey(listId, after) };
  const { pk } = memberKey(listId, '');
  const { items, lastKey } = await app.table.query(
    { pk, prefix: memberPrefix, limit: limit + 1, ...startAfter },
    Member,
  );
  const members = items.slice(0, limit);
  const last = members.at(-1);
  return { members, ...((items.length > limit || lastKey) && last && { after: last.recordId }) };
}

/** The ids of a page of members. */
export async function membersPage(
  app: App,
  listId: string,
  page: { readonly after?: string; readonly limit: number },
): Promise<{ readonly recordIds: string[]; readonly after?: string }> {
  const { members, ...rest } = await membersOf(app, listId, page);
  return { recordIds: members.map(({ recordId }) => recordId), ...rest };
}

/** Whether the record is in the list at this moment. A list that was deleted has no members. */
export async function isMember(app: App, listId: string, { id }: RecordRef): Promise<boolean> {
  const [list, member] = await Promise.all([
    app.table.get(listKey(listId), StoredList),
    app.table.get(memberKey(listId, id), Member),
  ]);
  return list !== undefined && list.deletedAt === undefined && member !== undefined;
}
