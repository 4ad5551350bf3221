import * as z from 'zod/mini';
import { Actor } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { defineJob } from '../jobs/kind.ts';
import { startJob } from '../jobs/store.ts';
import { copyKind, emptyKind } from './job-kinds.ts';
import { membersPage } from './member-pages.ts';
import { changeMembers, refuseDynamic } from './members.ts';
import type { StoredList } from './schema.ts';
import { readList, sizeOf } from './store.ts';

/** So many members are changed within the request; a job does it for more. */
const mostAtOnce = 500;
const perSlice = 200;

/** Takes everybody out of a list, each with its event: at once up to 500 members, by a job beyond. @throws CrmError 400 for a DYNAMIC one */
export async function emptyList(app: App, list: StoredList): Promise<void> {
  refuseDynamic(list);
  const { listId } = list;
  const { recordIds, after } = await membersPage(app, listId, { limit: mostAtOnce });
  if (after === undefined) {
    await changeMembers(app, list, { add: [], remove: recordIds });
    return;
  }
  const input = { listId, actor: app.actor };
  await startJob(app, { kind: emptyKind, input, total: await sizeOf(app, listId) });
}

/**
 * Puts the members of one list into another, each with its event: at once up to 500 members, by a job beyond.
 * @throws CrmError 400 when the list follows filters or holds records of another type
 */
export async function copyMembers(app: App, list: StoredList, source: StoredList): Promise<void> {
  refuseDynamic(list);
  if (list.objectTypeId !== source.objectTypeId) throw otherType(list, source);
  const { recordIds, after } = await membersPage(app, source.listId, { limit: mostAtOnce });
  if (after === undefined) {
    await changeMembers(app, list, { add: recordIds, remove: [] });
    return;
  }
  const input = { listId: list.listId, sourceListId: source.listId, actor: app.actor };
  await startJob(app, { kind: copyKind, input, total: await sizeOf(app, source.listId) });
}

const otherType = (list: StoredList, source: StoredList) =>
  new CrmError(
    'VALIDATION_ERROR',
    `List ${source.listId} holds records of type ${source.objectTypeId}, list ${list.listId} those of ${list.objectTypeId}`,
    {
      subCategory: 'ILS.INVALID_OBJECT_TYPE',
      context: { objectTypeId: [source.objectTypeId], listId: [source.listId] },
    },
  );

const Cursor = z.object({ after: z.string() });

/** Goes through the members by id once: who comes while it is at work stays, if his id was passed already. */
export const listEmptying = defineJob({
  kind: emptyKind,
  input: z.object({ listId: z.string(), actor: Actor }),
  cursor: Cursor,
  slice: async (app, { input: { listId, actor }, cursor }) => {
    const list = await readList(app, listId);
    const { recordIds, after } = await membersPage(app, listId, { ...cursor, limit: perSlice });
    const { recordIdsRemoved } = await changeMembers({ ...app, actor }, list, { add: [], remove: recordIds });
    return progress(recordIds, after, { removed: recordIdsRemoved.length });
  },
});

export const listCopying = defineJob({
  kind: copyKind,
  input: z.object({ listId: z.string(), sourceListId: z.string(), actor: Actor }),
  cursor: Cursor,
  slice: async (app, { input: { listId, sourceListId, actor }, cursor }) => {
    const list = await readList(app, listId);
    const { recordIds, after } = await membersPage(app, sourceListId, { ...cursor, limit: perSlice });
    const update = await changeMembers({ ...app, actor }, list, { add: recordIds, remove: [] });
    const counts = { added: update.recordsIdsAdded.length, missing: update.recordIdsMissing.length };
    return progress(recordIds, after, counts);
  },
});

const progress = (ids: readonly string[], after: string | undefined, counts: Readonly<Record<string, number>>) => ({
  done: after === undefined,
  processed: ids.length,
  counts,
  ...(after !== undefined && { cursor: { after } }),
});
