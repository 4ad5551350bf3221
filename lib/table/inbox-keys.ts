import { createHash } from 'node:crypto';
import type { Key } from './keys.ts';

export const inboxPartition = 'inbox';
export const inboxPrefix = 'inbox#';
export const inboxKey = (id: string): Key => ({ pk: inboxPartition, sk: `${inboxPrefix}${id}` });
/** Which inbox an address leads to: one address, one inbox. */
export const inboxAddressKey = (address: string): Key => ({ pk: `inbox-address#${address}`, sk: 'address' });

export const threadPartition = (id: string) => `thread#${id}`;
/** gsi1: threads of a status by id; the row beside it, by the time of their last message. Archived ones apart. */
export const threadKey = (id: string): Key => ({ pk: threadPartition(id), sk: 'thread' });
export const threadLatestKey = (id: string): Key => ({ pk: threadPartition(id), sk: 'latest' });
export const threadListing = (by: 'id' | 'latest', status: string, archived: boolean) =>
  `threads#${by}#${status}${archived ? '#archived' : ''}`;

export const threadMessagePrefix = 'message#';
/** Message ids rise with time: a thread's messages are in order. */
export const threadMessageKey = (threadId: string, messageId: string): Key => ({
  pk: threadPartition(threadId),
  sk: `${threadMessagePrefix}${messageId}`,
});
/** What SES told about a message of a thread, once each. */
export const threadToldKey = (threadId: string, messageId: string, sesEventId: string): Key => ({
  pk: threadPartition(threadId),
  sk: `told#${messageId}#${sesEventId}`,
});

export const contactThreadPrefix = 'thread#';
/** The threads of a contact lie with it. */
export const contactThreadKey = (contactId: string, threadId: string): Key => ({
  pk: `0-1#${contactId}`,
  sk: `${contactThreadPrefix}${threadId}`,
});

/** Which message of ours has this Message-ID. Ids come from outside and may be long, so that their hash stands for them. */
export const mailIdKey = (messageId: string): Key => ({
  pk: `mail-id#${createHash('sha256').update(messageId).digest('hex')}`,
  sk: 'message',
});
/** A mail that was taken in, by the hash of what its sender wrote. */
export const takenMailKey = (fingerprint: string): Key => ({ pk: `taken-mail#${fingerprint}`, sk: 'mark' });
