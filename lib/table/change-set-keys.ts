import type { Key } from './keys.ts';

export const changeSetPartition = (id: string) => `changeset#${id}`;
export const changeSetKey = (id: string): Key => ({ pk: changeSetPartition(id), sk: 'changeset' });
/** Lists the set among those of its kind. */
export const changeSetTwinKey = (id: string): Key => ({ pk: changeSetPartition(id), sk: 'of-kind' });
/** gsi1: all change sets by id, and those of one kind. */
export const changeSetListing = 'changesets';
export const changeSetKindListing = (kind: string) => `changesets#${kind}`;
/** Kept by the projector. */
export const changeSetCountKey = (id: string): Key => ({ pk: changeSetPartition(id), sk: 'counts' });
export const changeSetRowPrefix = 'row#';
/** The changes of a change set in the order in which they were made: event ids are ordered by time. */
export const changeSetRowKey = (id: string, eventId: string): Key => ({
  pk: changeSetPartition(id),
  sk: `${changeSetRowPrefix}${eventId}`,
});
/** What became of a row when the change set was undone: written with the undoing, once. */
export const undoneMarkKey = (id: string, eventId: string): Key => ({
  pk: changeSetPartition(id),
  sk: `undone#${eventId}`,
});
/** What an undo left alone, because it was changed since. */
export const keptPrefix = 'kept#';
export const keptKey = (id: string, eventId: string): Key => ({
  pk: changeSetPartition(id),
  sk: `${keptPrefix}${eventId}`,
});
/** Records that a bulk edit could not change, with the reason. */
export const refusedPrefix = 'refused#';
export const refusedKey = (id: string, recordId: string): Key => ({
  pk: changeSetPartition(id),
  sk: `${refusedPrefix}${recordId}`,
});
/** Left with the change of a record, so that a repeat does not change it again. */
export const bulkEditedKey = (id: string, recordId: string): Key => ({
  pk: changeSetPartition(id),
  sk: `edited#${recordId}`,
});
/** The ids that a bulk edit is for, a few hundred to an item. */
export const bulkEditIdsKey = (id: string, part: number): Key => ({
  pk: changeSetPartition(id),
  sk: `ids#${String(part).padStart(4, '0')}`,
});
