import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { absent, versionIs } from '../table/conditions.ts';
import {
  contactThreadKey,
  mailIdKey,
  threadKey,
  threadLatestKey,
  threadListing,
  threadMessageKey,
} from '../table/inbox-keys.ts';
import type { Write } from '../table/write.ts';
import { Message, Thread } from './schema.ts';

export const findThread = (app: App, id: string): Promise<Thread | undefined> => app.table.get(threadKey(id), Thread);

/** @throws CrmError 404; an archived one too, unless it is asked for */
export async function readThread(app: App, id: string, { archived }: { archived?: boolean } = {}): Promise<Thread> {
  const thread = await findThread(app, id);
  if (thread && (archived === undefined || archived === (thread.archivedAt !== undefined))) return thread;
  throw new CrmError('OBJECT_NOT_FOUND', `No thread with ID ${id} exists`, { context: { threadId: [id] } });
}

/** @throws CrmError 404 */
export async function readMessage(app: App, threadId: string, id: string): Promise<Message> {
  const message = await findMessage(app, threadId, id);
  if (message) return message;
  throw new CrmError('OBJECT_NOT_FOUND', `No message with ID ${id} exists`, { context: { messageId: [id] } });
}

export const findMessage = (app: App, threadId: string, id: string): Promise<Message | undefined> =>
  app.table.get(threadMessageKey(threadId, id), Message);

/** The writes of a thread as it is now: itself, its row in the order of last messages, and its twin with a contact who is new to it. */
export function threadWrites(before: Thread | undefined, after: Thread): Write[] {
  const { id, contactId } = after;
  const listed = (by: 'id' | 'latest') => threadListing(by, after.status, after.archivedAt !== undefined);
  const thread = { ...threadKey(id), gsi1pk: listed('id'), gsi1sk: id, entity: 'thread', ...after };
  const position = { gsi1pk: listed('latest'), gsi1sk: `${after.latestMessageAt}#${id}` };
  return [
    { put: thread, when: before ? versionIs(before.version) : absent },
    { put: { ...threadLatestKey(id), ...position, entity: 'thread-latest', id } },
    ...(contactId !== undefined && contactId !== before?.contactId ? [contactThreadWrite(contactId, id)] : []),
  ];
}

const contactThreadWrite = (contactId: string, threadId: string): Write => ({
  put: { ...contactThreadKey(contactId, threadId), entity: 'contact-thread', threadId },
});

export const messageWrite = (message: Message): Write => ({
  put: { ...threadMessageKey(message.threadId, message.id), entity: 'thread-message', ...message },
  when: absent,
});

/** Leads from a Message-ID to the message. Of two mails with one id the first keeps it. */
export const mailIdWrite = (mailId: string, { threadId, id, direction }: Message): Write => ({
  put: { ...mailIdKey(comparable(mailId)), entity: 'mail-id', threadId, messageId: id, direction },
});

/** SES gives every mail an id of its own, whose domain depends on the region. */
export const comparable = (mailId: string): string =>
  mailId.replace(/@(?:email|[a-z]{2}-[a-z]+-\d)\.amazonses\.com$/i, '');

/** The thread with one more message. */
export function withMessage(thread: Thread, message: Message, change: Partial<Thread> = {}): Thread {
  const { createdAt, direction, type } = message;
  const latest = type === 'MESSAGE' ? { latestMessageAt: createdAt } : {};
  const side = direction === 'INCOMING' ? { latestReceivedAt: createdAt } : { latestSentAt: createdAt };
  return {
    ...thread,
    ...latest,
    ...(type === 'MESSAGE' && side),
    ...change,
    updatedAt: createdAt,
    version: thread.version + 1,
  };
}
