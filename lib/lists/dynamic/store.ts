import type { App } from '../../core/app.ts';
import type { Job } from '../../jobs/job.ts';
import { jobWrites } from '../../jobs/store.ts';
import { listListenerKey, listListenerPartition } from '../../table/list-keys.ts';
import type { Write } from '../../table/write.ts';
import { backfillKind } from '../job-kinds.ts';
import type { StoredList } from '../schema.ts';
import { compile, Listener, listenedTypes } from './listener.ts';

/**
 * The rows by which the projector finds a list that follows its filters: one under each object type that the filters look at. They belong
 * into the transaction that makes, changes or removes the list.
 */
export function listenerWrites(list: StoredList, before?: StoredList): Write[] {
  const now = listenerOf(list);
  const then = before && listenerOf(before);
  const types = now ? listenedTypes(now) : [];
  const gone = (then ? listenedTypes(then) : []).filter((type) => !types.includes(type));
  return [
    ...types.map((type) => ({ put: { ...listListenerKey(type, list.listId), entity: 'list-listener', ...now } })),
    ...gone.map((type) => ({ remove: listListenerKey(type, list.listId) })),
  ];
}

/** The list as it is evaluated; undefined for one that does not follow its filters. */
export const listenerOf = ({ deletedAt, processingType, ...list }: StoredList): Listener | undefined =>
  processingType === 'DYNAMIC' && deletedAt === undefined && list.filterBranch ? Listener.parse(list) : undefined;

/** The lists that events of an object type may concern, as they are now. */
export const listenersOf = (app: App, objectType: string): Promise<Listener[]> =>
  app.table.all({ pk: listListenerPartition(objectType) }, Listener);

/** The dynamic lists whose filters name this list: while there are any, it must not be deleted. */
export async function dependentsOf(app: App, { listId, objectTypeId }: StoredList): Promise<Listener[]> {
  const listeners = await listenersOf(app, objectTypeId);
  return listeners.filter((listener) =>
    compile(listener).places.some(({ objectType, needs }) => objectType === objectTypeId && needs.lists.has(listId)),
  );
}

/** The job that goes through all candidates of a list: its writes go into the transaction that sets the list's filters. */
export const backfillWrites = (
  app: App,
  { listId, generation }: StoredList,
): Promise<{ readonly job: Job; readonly writes: Write[] }> =>
  jobWrites(app, { kind: backfillKind, input: { listId, generation } });
