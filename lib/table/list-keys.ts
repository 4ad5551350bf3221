import type { Key, RecordRef } from './keys.ts';

export const listKey = (id: string): Key => ({ pk: `list#${id}`, sk: 'definition' });
/** gsi1: all lists by id, without the deleted ones. */
export const listListing = 'lists';
/** Taken by the list of this name. */
export const listNameKey = (name: string): Key => ({ pk: `list-name#${name}`, sk: 'unique' });
export const listSizeKey = (id: string): Key => ({ pk: `list#${id}`, sk: 'size' });
/** By how much the list grew on a day (UTC). */
export const listSizeDayPrefix = 'size-day#';
export const listSizeDayKey = (id: string, day: string): Key => ({
  pk: `list#${id}`,
  sk: `${listSizeDayPrefix}${day}`,
});
/** When the list's name or filters were changed. */
export const listEditPrefix = 'edit#';
export const listEditKey = (id: string, at: string): Key => ({ pk: `list#${id}`, sk: `${listEditPrefix}${at}` });

/** All rows of a list: its definition, size, edits and members. */
export const listPartition = (listId: string) => `list#${listId}`;
export const memberPrefix = 'member#';
export const memberKey = (listId: string, recordId: string): Key => ({
  pk: listPartition(listId),
  sk: `${memberPrefix}${recordId}`,
});
/** gsi1: the members of a list in the order in which they came into it. */
export const memberListing = (listId: string) => `members#${listId}`;
/** The twin of a membership in the record's partition: the lists that a record is in. */
export const membershipPrefix = 'list#';
export const membershipKey = ({ objectType, id }: RecordRef, listId: string): Key => ({
  pk: `${objectType}#${id}`,
  sk: `${membershipPrefix}${listId}`,
});

/** The lists that follow their filters, under each object type whose changes they depend on. */
export const listListenerPartition = (objectType: string) => `list-listeners#${objectType}`;
export const listListenerKey = (objectType: string, listId: string): Key => ({
  pk: listListenerPartition(objectType),
  sk: `list#${listId}`,
});

export const listFolderPartition = 'list-folder';
export const listFolderPrefix = 'folder#';
export const listFolderKey = (id: string): Key => ({ pk: listFolderPartition, sk: `${listFolderPrefix}${id}` });
/** The last folder number that was given out, and whose turn it is to change the tree. */
export const listFolderTreeKey: Key = { pk: listFolderPartition, sk: 'tree' };
