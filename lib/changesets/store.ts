import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { changeSetKey, changeSetKindListing, changeSetListing, changeSetTwinKey } from '../table/change-set-keys.ts';
import { absent, attributes } from '../table/conditions.ts';
import type { Write } from '../table/write.ts';
import { ChangeSet } from './schema.ts';

export type ChangeSetInput = Pick<ChangeSet, 'kind' | 'title' | 'jobId' | 'undoes'> & {
  /** Default: a new one. An id that is taken is refused. */
  readonly id?: string;
  /** `COMPLETE` when the same transaction makes all of its changes; default `OPEN`, until `completeChangeSetWrites`. */
  readonly status?: 'OPEN' | 'COMPLETE';
};

/** The set under its key, listed with all others and, by a twin, with those of its kind. */
export const changeSetItem = (changeSet: ChangeSet) => ({
  ...changeSetKey(changeSet.id),
  gsi1pk: changeSetListing,
  gsi1sk: changeSet.id,
  entity: 'change-set',
  ...changeSet,
});

/**
 * A change set and the writes that make it: they belong into the transaction of what it is for. What is written by
 * `{ ...app, changeSetId: changeSet.id }` belongs to it from then on.
 */
export function changeSetWrites(
  app: App,
  { id = app.newId(), kind, title, jobId, undoes, status = 'OPEN' }: ChangeSetInput,
): { readonly changeSet: ChangeSet; readonly writes: Write[] } {
  const changeSet: ChangeSet = {
    id,
    kind,
    title,
    author: app.actor,
    createdAt: app.now(),
    status,
    ...(jobId !== undefined && { jobId }),
    ...(undoes !== undefined && { undoes }),
    version: 1,
  };
  const ofKind = {
    ...changeSetTwinKey(id),
    gsi1pk: changeSetKindListing(kind),
    gsi1sk: id,
    entity: 'change-set-of-kind',
    id,
  };
  return { changeSet, writes: [{ put: changeSetItem(changeSet), when: absent }, { put: ofKind }] };
}

/** The write that says that all of its changes are made. None when that was said before. */
export async function completeChangeSetWrites(app: App, id: string): Promise<Write[]> {
  const changeSet = await readChangeSet(app, id);
  if (changeSet.status !== 'OPEN') return [];
  return [
    {
      update: changeSetKey(id),
      set: { status: 'COMPLETE' },
      add: { version: 1 },
      when: attributes({ version: changeSet.version }),
    },
  ];
}

/**
 * The set to which the work of a job adds its changes. Asked before each slice: a job that is resumed after somebody took back what it
 * had done adds nothing more, which nobody could take back any more. @throws CrmError 409
 */
export async function openChangeSet(app: App, id: string): Promise<ChangeSet> {
  const changeSet = await readChangeSet(app, id);
  if (changeSet.status === 'OPEN') return changeSet;
  throw new CrmError('CONFLICT', `The change set ${id} is ${changeSet.status}: nothing can be added to it`);
}

/** @throws CrmError 404 */
export async function readChangeSet(app: App, id: string): Promise<ChangeSet> {
  const changeSet = await app.table.get(changeSetKey(id), ChangeSet);
  if (changeSet) return changeSet;
  throw new CrmError('OBJECT_NOT_FOUND', `No change set with ID ${id} exists`, { context: { changeSetId: [id] } });
}
