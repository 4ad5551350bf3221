import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError, fromZod } from '../core/errors.ts';
import { announceJob } from '../jobs/store.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { listEditKey } from '../table/list-keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { backfillWrites, listenerWrites } from './dynamic/store.ts';
import { nameTaken, wrongType } from './errors.ts';
import { checkFilterBranch } from './filters/check.ts';
import { FilterBranch } from './filters/schema.ts';
import { enterFolder } from './folder-steps.ts';
import type { ListCreate, StoredList } from './schema.ts';
import { foldName, listItem, nameKeyOf, readList } from './store.ts';

const Filters = z.object({ filterBranch: FilterBranch });

/**
 * Makes a list: empty, or filled by its filters, which a job goes through (`processingStatus` PROCESSING until then).
 * @throws CrmError 400 for filters that cannot be evaluated and for a name that is taken, 404 for an unknown folder
 */
export async function createList(app: App, input: ListCreate): Promise<StoredList> {
  const { objectTypeId } = await loadObjectType(app, input.objectTypeId);
  const list = newList(app, input, objectTypeId);
  if (list.filterBranch) await checkFilterBranch(app, objectTypeId, readFilters(list.filterBranch));
  const { filled, steps, announce } = await filling(app, list);
  await commitOrThrow(app.table, [
    { write: { put: listItem(filled), when: absent }, refused: () => new StaleRead('The id is taken') },
    takeName(filled),
    ...enterFolder(app, filled.folderId),
    ...steps,
  ]);
  await announce();
  return filled;
}

/** @throws CrmError 400 naming every field of the filters that is wrong */
function readFilters(filterBranch: Readonly<Record<string, unknown>>): FilterBranch {
  const { success, data, error } = Filters.safeParse({ filterBranch }, { reportInput: true });
  if (!success) throw fromZod(error.issues, 'body');
  return data.filterBranch;
}

function newList(app: App, input: ListCreate, objectTypeId: string): StoredList {
  const { name, processingType, filterBranch, listFolderId, customProperties, listPermissions } = input;
  if (processingType === 'DYNAMIC' && !filterBranch)
    throw invalid('filterBranch', 'A DYNAMIC list needs a filterBranch');
  if (processingType === 'MANUAL' && filterBranch) throw invalid('filterBranch', 'A MANUAL list has no filterBranch');
  const now = app.now();
  return {
    listId: app.newId(),
    name,
    objectTypeId,
    processingType,
    processingStatus: 'COMPLETE',
    generation: 1,
    listVersion: 1,
    createdAt: now,
    updatedAt: now,
    ...(app.actor.kind === 'user' && { createdById: app.actor.id, updatedById: app.actor.id }),
    ...(filterBranch && { filterBranch, filtersUpdatedAt: now }),
    ...(listFolderId && listFolderId !== '0' && { folderId: listFolderId }),
    ...(customProperties && { customProperties }),
    ...(listPermissions && { listPermissions }),
    ...(input.membershipSettings && { membershipSettings: input.membershipSettings }),
    version: 1,
  };
}

const invalid = (field: string, message: string) =>
  new CrmError('VALIDATION_ERROR', message, { errors: [{ message, code: 'INVALID_FIELD', in: field }] });

export const takeName = ({ name, listId }: StoredList): Step => ({
  write: { put: { ...nameKeyOf(name), entity: 'list-name', listId }, when: absent },
  refused: () => nameTaken(name),
});

/** The list with the job that fills it by its filters, when it has some, and the steps of both. */
export async function filling(app: App, list: StoredList, before?: StoredList) {
  const listeners = listenerWrites(list, before).map(orStale);
  if (!list.filterBranch) return { filled: list, steps: listeners, announce: async () => undefined };
  const { job, writes } = await backfillWrites(app, list);
  const filled: StoredList = { ...list, processingStatus: 'PROCESSING', backfillJobId: job.id };
  return { filled, steps: [...listeners, ...writes.map(orStale)], announce: () => announceJob(job) };
}

/** The list as somebody changes it now. */
export const touched = (app: App, list: StoredList, change: Partial<StoredList>): StoredList => ({
  ...list,
  ...change,
  updatedAt: app.now(),
  ...(app.actor.kind === 'user' && { updatedById: app.actor.id }),
  version: list.version + 1,
});

/** Stores a list that was read as it is, with what belongs to the change. @throws StaleRead */
export const saveList = (app: App, before: StoredList, after: StoredList, also: readonly Step[] = []): Promise<void> =>
  commitOrThrow(app.table, [orStale({ put: listItem(after), when: versionIs(before.version) }), ...also]);

const editStep = ({ listId, updatedAt }: StoredList): Step =>
  orStale({ put: { ...listEditKey(listId, updatedAt), entity: 'list-edit', at: updatedAt } });

/** @throws CrmError 404, 400 when the name is taken */
export const renameList = (app: App, listId: string, name: string): Promise<StoredList> =>
  contend(async () => {
    const list = await readList(app, listId);
    const renamed = touched(app, list, { name, listVersion: list.listVersion + 1 });
    const moves =
      foldName(name) === foldName(list.name) ? [] : [orStale({ remove: nameKeyOf(list.name) }), takeName(renamed)];
    await saveList(app, list, renamed, [...moves, editStep(renamed)]);
    return renamed;
  });

/**
 * Gives a DYNAMIC list other filters; a job brings its members up to them. Whom that adds does not enter flows unless that is asked for.
 * @throws CrmError 404, 400
 */
export async function updateFilters(
  app: App,
  listId: string,
  given: Readonly<Record<string, unknown>>,
  { enrollObjectsInWorkflows }: { readonly enrollObjectsInWorkflows: boolean },
): Promise<StoredList> {
  const filterBranch = readFilters(given);
  const { changed, announce } = await contend(async () => {
    const list = await readList(app, listId);
    if (list.processingType !== 'DYNAMIC')
      throw wrongType(`The filters of list ${listId} cannot be changed: it is ${list.processingType}`, listId);
    await checkFilterBranch(app, list.objectTypeId, filterBranch, listId);
    const after = touched(app, list, {
      filterBranch,
      filtersUpdatedAt: app.now(),
      generation: list.generation + 1,
      quiet: !enrollObjectsInWorkflows,
      listVersion: list.listVersion + 1,
    });
    const { filled, steps, announce } = await filling(app, after, list);
    await saveList(app, list, filled, [...steps, editStep(filled)]);
    return { changed: filled, announce };
  });
  await announce();
  return changed;
}
