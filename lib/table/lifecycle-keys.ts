import type { Key, RecordRef } from './keys.ts';

/** gsi1: the records of a type that are one with another since a merge. */
export const mergedListing = (objectType: string) => `type#${objectType}#merged`;
/** Pairs of archived records, under the record whose side it is. */
export const everyDetached = 'detached#';
/** Stands where a record was that was erased for good. */
export const erasedKey = ({ objectType, id }: RecordRef): Key => ({ pk: `${objectType}#${id}`, sk: 'erased' });
/** An address that must not come back, by its hash. */
export const blockedAddressKey = (hash: string): Key => ({ pk: `blocked-address#${hash}`, sk: 'blocked' });
