import type { Key } from './keys.ts';

/** What the check of a contact's name found, apart from the contact: it must outlive an erasure, to take its rows away. */
export const nameStateKey = (contactId: string): Key => ({ pk: `names#${contactId}`, sk: 'state' });
/** The findings of a type by contact. */
export const findingPartition = (type: string) => `findings#${type}`;
export const findingKey = (type: string, contactId: string): Key => ({ pk: findingPartition(type), sk: contactId });
/** gsi1: the findings of a type with the contacts of an owner; '' for contacts without one. */
export const findingOwnerListing = (type: string, ownerId: string) => `findings#${type}#${ownerId}`;
export const findingCountPartition = 'finding-counts';
export const findingCountKey = (type: string, ownerId: string): Key => ({
  pk: findingCountPartition,
  sk: `${type}#${ownerId}`,
});
/** Contacts that something says to be one person: a mobile number, an address, a name in a company. One row, so that many are read at once. */
export const samePersonKey = (sign: string): Key => ({ pk: `person#${sign}`, sk: 'contacts' });

/** Learned words, under their folded spelling; the turn rises with each change. */
export const wordPartition = 'name-words';
export const wordPrefix = 'word#';
export const wordKey = (folded: string): Key => ({ pk: wordPartition, sk: `${wordPrefix}${folded}` });
export const wordTurnKey: Key = { pk: wordPartition, sk: 'turn' };
/** Left with the fix of a name, so that a repeat of the job does not fix it again. In the change set's partition. */
export const nameFixedKey = (changeSetId: string, contactId: string): Key => ({
  pk: `changeset#${changeSetId}`,
  sk: `name-fixed#${contactId}`,
});
