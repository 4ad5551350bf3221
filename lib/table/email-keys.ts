import type { Key } from './keys.ts';

/** The short rows of all marketing e-mails, to be listed, filtered and counted with one query. */
export const emailPartition = 'email';
export const emailListingKey = (id: string): Key => ({ pk: emailPartition, sk: `email#${id}` });
/** The e-mail as it is now; beside it what is being prepared, and each version that ever was. */
export const emailKey = (id: string): Key => ({ pk: `email#${id}`, sk: 'email' });
export const emailDraftKey = (id: string): Key => ({ pk: `email#${id}`, sk: 'draft' });
export const emailRevisionPrefix = 'revision#';
export const emailRevisionKey = (id: string, revision: number): Key => ({
  pk: `email#${id}`,
  sk: `${emailRevisionPrefix}${String(revision).padStart(8, '0')}`,
});
/** Who the account's mail comes from, for the footer of e-mails. */
export const mailSenderKey: Key = { pk: 'mail-sender', sk: 'details' };
/** The sends of an e-mail. */
export const emailSendPrefix = 'send#';
export const emailSendKey = (id: string, sendId: string): Key => ({
  pk: `email#${id}`,
  sk: `${emailSendPrefix}${sendId}`,
});
/** gsi1: the sends of all e-mails by the time at which they begin. */
export const emailSendListing = 'email-sends';
