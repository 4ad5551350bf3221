import type { Key, RecordRef } from './keys.ts';

/** How often a record was looked at for a list that follows its filters, and when that must be done again: with the record. */
export const listStateKey = ({ objectType, id }: RecordRef, listId: string): Key => ({
  pk: `${objectType}#${id}`,
  sk: `list-state#${listId}`,
});
/** Pairs of archived records with records of one type. */
export const detachedPrefix = (toObjectType: string) => `detached#${toObjectType}#`;
