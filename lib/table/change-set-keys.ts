import type { Key } from './keys.ts';

export const changeSetPartition = (id: string) => `changeset#${id}`;
export const changeSetRowPrefix = 'row#';
/** The changes of a change set in the order in which they were made: event ids are ordered by time. */
export const changeSetRowKey = (id: string, eventId: string): Key => ({
  pk: changeSetPartition(id),
  sk: `${changeSetRowPrefix}${eventId}`,
});
