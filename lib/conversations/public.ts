import type * as z from 'zod/mini';
import { presignMailFile } from '../aws/mails.ts';
import type { PublicChannelAccount, PublicInbox, PublicMessage, PublicThread } from './public-schema.ts';
import { emailChannel, type Inbox, type Message, type Party, type SendState, type Thread } from './schema.ts';

export const publicInbox = (inbox: Inbox): z.input<typeof PublicInbox> => ({
  ...inbox,
  type: 'SHARED_INBOX',
  archived: false,
});

/** The address of an inbox is its one account of the channel. */
export const publicChannelAccount = ({
  id,
  name,
  address,
  createdAt,
}: Inbox): z.input<typeof PublicChannelAccount> => ({
  id,
  name,
  channelId: emailChannel,
  inboxId: id,
  active: true,
  authorized: true,
  deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: address },
  createdAt,
  archived: false,
});

export const emailChannels = [{ id: emailChannel, name: 'EMAIL' }];

const tickets = '0-5';

/** HubSpot tells of the ticket only when it is asked with `association=TICKET`. */
export function publicThread(thread: Thread, { withTicket = false } = {}): z.input<typeof PublicThread> {
  const ticket = thread.associations.findLast(({ objectType }) => objectType === tickets);
  return {
    id: thread.id,
    createdAt: thread.createdAt,
    ...(thread.closedAt !== undefined && { closedAt: thread.closedAt }),
    status: thread.status,
    originalChannelId: emailChannel,
    originalChannelAccountId: thread.inboxId,
    latestMessageTimestamp: thread.latestMessageAt,
    ...(thread.latestSentAt !== undefined && { latestMessageSentTimestamp: thread.latestSentAt }),
    ...(thread.latestReceivedAt !== undefined && { latestMessageReceivedTimestamp: thread.latestReceivedAt }),
    ...(thread.assignedTo !== undefined && { assignedTo: thread.assignedTo }),
    spam: thread.spam,
    inboxId: thread.inboxId,
    ...(thread.contactId !== undefined && { associatedContactId: thread.contactId }),
    archived: thread.archivedAt !== undefined,
    ...(withTicket && { threadAssociations: ticket ? { associatedTicketId: ticket.id } : {} }),
    subject: thread.subject,
    associations: thread.associations,
  };
}

const identifier = (value: string) => ({ type: 'HS_EMAIL_ADDRESS' as const, value });
const recipient =
  (recipientField: string) =>
  ({ address, name }: Party) => ({ ...(name && { name }), recipientField, deliveryIdentifier: identifier(address) });

/** The message with addresses for its files that work for an hour. */
export async function publicMessage(message: Message, inboxId: string): Promise<z.input<typeof PublicMessage>> {
  const { id, type, threadId, createdAt, createdBy, direction } = message;
  const common = {
    id,
    type,
    conversationsThreadId: threadId,
    createdAt,
    ...(message.updatedAt !== undefined && { updatedAt: message.updatedAt }),
    createdBy,
    client: { clientType: createdBy.startsWith('I-') ? 'INTEGRATION' : 'HUBSPOT' },
    senders: [],
    recipients: [],
    archived: false,
  };
  if (type === 'THREAD_STATUS_CHANGE') return { ...common, newStatus: message.newStatus };
  if (type === 'ASSIGNMENT') return { ...common, assignedTo: message.assignedTo, assignedFrom: message.assignedFrom };
  const written = { ...common, text: message.text, richText: message.html ?? '', attachments: await filesOf(message) };
  if (type === 'COMMENT') return written;
  return {
    ...written,
    senders: sendersOf(message),
    recipients: [...message.to.map(recipient('TO')), ...message.cc.map(recipient('CC'))],
    subject: message.subject ?? '',
    truncationStatus: message.truncation,
    ...(message.inReplyToId !== undefined && { inReplyToId: message.inReplyToId }),
    ...(message.state && { status: statusOf(message, message.state) }),
    direction,
    channelId: emailChannel,
    channelAccountId: inboxId,
    ...(message.emailId !== undefined && { emailId: message.emailId }),
    ...(message.charset !== undefined && { charset: message.charset }),
    ...(message.automatic && { automatic: message.automatic }),
    ...(message.filesLeftOut > 0 && { filesLeftOut: message.filesLeftOut }),
  };
}

const sendersOf = ({ from, fromActor, createdBy }: Message) =>
  from
    ? [
        {
          actorId: fromActor ?? createdBy,
          name: from.name,
          senderField: 'FROM',
          deliveryIdentifier: identifier(from.address),
        },
      ]
    : [];

const statusTypes: Readonly<Record<SendState, string>> = {
  PENDING: 'PENDING',
  SENDING: 'PENDING',
  UNKNOWN: 'PENDING',
  SENT: 'SENT',
  FAILED: 'FAILED',
  RECEIVED: 'RECEIVED',
};

const statusOf = ({ reason, deliveredAt, bouncedAt }: Message, state: SendState) => ({
  statusType: statusTypes[state],
  ...(state === 'FAILED' && { failureDetails: { errorMessage: reason ?? 'FAILED', errorMessageTokens: {} } }),
  ...(deliveredAt !== undefined && { deliveredAt }),
  ...(bouncedAt !== undefined && { bouncedAt }),
});

const filesOf = ({ files }: Message) =>
  Promise.all(
    files.map(async ({ id, name, size, key, type, contentId }) => ({
      type: 'FILE' as const,
      fileId: id,
      fileUsageType: type.startsWith('image/') ? 'IMAGE' : 'OTHER',
      name,
      size,
      url: await presignMailFile(key, name),
      ...(contentId !== undefined && { contentId }),
    })),
  );
