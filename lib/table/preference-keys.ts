import type { Key } from './keys.ts';

/** The kinds of mail that people define, all in one small partition. */
export const subscriptionTypePartition = 'subscription-types';
const subscriptionTypePrefix = 'type#';
export const subscriptionTypeKey = (id: string): Key => ({
  pk: subscriptionTypePartition,
  sk: `${subscriptionTypePrefix}${id}`,
});
/** Stands there from the first time on that something refers to a kind. */
export const subscriptionTypeUseKey = (id: string): Key => ({ pk: subscriptionTypePartition, sk: `used#${id}` });

/** What an address agreed to, refused and took back: by the normalised address, whoever has it; entry ids are ordered by time. */
export const consentPartition = (email: string) => `consent#${email}`;
export const consentPrefix = 'entry#';
export const consentKey = (email: string, entryId: string): Key => ({
  pk: consentPartition(email),
  sk: `${consentPrefix}${entryId}`,
});
/** A text that was shown, once for all entries that it belongs to. */
export const consentTextKey = (sha256: string): Key => ({ pk: `consent-text#${sha256}`, sk: 'text' });
/** What stays of an entry for a while after its address was erased. */
export const consentProofKey = (addressHash: string, entryId: string): Key => ({
  pk: `consent-proof#${addressHash}`,
  sk: `${consentPrefix}${entryId}`,
});
