import type { App } from '../core/app.ts';
import { jobWrites } from '../jobs/store.ts';
import { contend } from '../table/contention.ts';
import { orStale } from '../table/steps.ts';
import { filling, saveList, takeName, touched } from './change.ts';
import { dependentsOf, listenerWrites } from './dynamic/store.ts';
import { listNotFound, stillNeeded } from './errors.ts';
import { enterFolder, leaveFolder } from './folder-steps.ts';
import { findFolder } from './folder-store.ts';
import { cleanupKind } from './job-kinds.ts';
import type { StoredList } from './schema.ts';
import { findList, nameKeyOf, readList } from './store.ts';

/** HubSpot's time for a restore; the rows go a day later, when no restore can be under way. */
const restorableMs = 90 * 86_400_000;
const keptMs = restorableMs + 86_400_000;

/**
 * Deletes a list: nobody is a member of it any more, and its name is free. What it was to become is forgotten; its rows stay for 90 days, then a job takes them away.
 * @throws CrmError 404, 400 while the filters of other lists name it
 */
export const removeList = (app: App, listId: string): Promise<void> =>
  contend(async () => {
    const list = await readList(app, listId);
    const needing = await dependentsOf(app, list);
    if (needing.length > 0)
      throw stillNeeded(
        listId,
        needing.map((each) => each.listId),
      );
    const deletedAt = app.now();
    const { conversion, ...rest } = list;
    const deleted: StoredList = {
      ...touched(app, rest, { deletedAt, generation: list.generation + 1 }),
      ...(conversion?.convertedAt && { conversion }),
    };
    const { writes } = await jobWrites(app, {
      kind: cleanupKind,
      input: { listId, objectTypeId: list.objectTypeId, deletedAt },
      at: new Date(Date.parse(deletedAt) + keptMs).toISOString(),
    });
    await saveList(app, list, deleted, [
      orStale({ remove: nameKeyOf(list.name) }),
      ...leaveFolder(app, list.folderId),
      ...[...listenerWrites(deleted, list), ...writes].map(orStale),
    ]);
  });

/**
 * Brings a deleted list back with its members; one that follows filters, or was not yet filled by them, is brought up to date by a job.
 * It goes to the topmost folder when its own is gone. Safe to repeat.
 * @throws CrmError 404 after 90 days, 400 when its name was taken meanwhile
 */
export async function restoreList(app: App, listId: string): Promise<void> {
  const announce = await contend(async () => {
    const list = await findList(app, listId);
    if (!list) throw listNotFound(listId);
    if (list.deletedAt === undefined) return async () => undefined;
    if (Date.parse(app.now()) - Date.parse(list.deletedAt) > restorableMs) throw listNotFound(listId);
    const folder = list.folderId === undefined ? undefined : await findFolder(app, list.folderId);
    const { deletedAt: _, folderId: __, ...rest } = list;
    const back = { ...touched(app, rest, { generation: list.generation + 1 }), ...(folder && { folderId: folder.id }) };
    const { filled, steps, announce } = await filledAgain(app, back, list);
    await saveList(app, list, filled, [takeName(filled), ...enterFolder(app, folder?.id), ...steps]);
    return announce;
  });
  await announce();
}

/** The members of a list that was filled are those that it had; others may have come or gone while nobody looked. */
const filledAgain = (app: App, list: StoredList, before: StoredList) =>
  list.processingType === 'DYNAMIC' || list.processingStatus === 'PROCESSING'
    ? filling(app, list, before)
    : { filled: list, steps: [], announce: async () => undefined };
