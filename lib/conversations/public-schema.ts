import * as z from 'zod/mini';
import { ThreadStatus } from './schema.ts';

export const PublicInbox = z.object({
  id: z.string(),
  name: z.string(),
  type: z.literal('SHARED_INBOX'),
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean(),
  /** Ours. */
  address: z.string(),
  createContacts: z.boolean(),
});
export const PublicChannel = z.object({ id: z.string(), name: z.string() });
export const PublicChannelAccount = z.object({
  id: z.string(),
  name: z.string(),
  channelId: z.string(),
  inboxId: z.string(),
  active: z.boolean(),
  authorized: z.boolean(),
  deliveryIdentifier: z.object({ type: z.literal('HS_EMAIL_ADDRESS'), value: z.string() }),
  createdAt: z.string(),
  archived: z.boolean(),
});

export const PublicThread = z.object({
  id: z.string(),
  createdAt: z.string(),
  closedAt: z.optional(z.string()),
  status: ThreadStatus,
  originalChannelId: z.string(),
  originalChannelAccountId: z.string(),
  latestMessageTimestamp: z.string(),
  latestMessageSentTimestamp: z.optional(z.string()),
  latestMessageReceivedTimestamp: z.optional(z.string()),
  assignedTo: z.optional(z.string()),
  spam: z.boolean(),
  inboxId: z.string(),
  associatedContactId: z.optional(z.string()),
  archived: z.boolean(),
  threadAssociations: z.optional(z.object({ associatedTicketId: z.optional(z.string()) })),
  /** Ours. */
  subject: z.string(),
  associations: z.array(z.object({ objectType: z.string(), id: z.string() })),
});

const Identifier = z.object({ type: z.literal('HS_EMAIL_ADDRESS'), value: z.string() });
const PublicParty = z.object({
  actorId: z.optional(z.string()),
  name: z.optional(z.string()),
  senderField: z.optional(z.string()),
  recipientField: z.optional(z.string()),
  deliveryIdentifier: Identifier,
});

export const PublicMessage = z.object({
  id: z.string(),
  type: z.string(),
  conversationsThreadId: z.string(),
  createdAt: z.string(),
  updatedAt: z.optional(z.string()),
  createdBy: z.string(),
  client: z.object({ clientType: z.string() }),
  senders: z.array(PublicParty),
  recipients: z.array(PublicParty),
  archived: z.boolean(),
  text: z.optional(z.string()),
  richText: z.optional(z.string()),
  attachments: z.optional(
    z.array(
      z.object({
        type: z.literal('FILE'),
        fileId: z.string(),
        fileUsageType: z.string(),
        name: z.string(),
        url: z.string(),
        size: z.number(),
        contentId: z.optional(z.string()),
      }),
    ),
  ),
  subject: z.optional(z.string()),
  truncationStatus: z.optional(z.string()),
  inReplyToId: z.optional(z.string()),
  status: z.optional(
    z.object({
      statusType: z.string(),
      failureDetails: z.optional(z.object({ errorMessage: z.string(), errorMessageTokens: z.object({}) })),
      /** Ours: when the receiving server took it, or sent it back. */
      deliveredAt: z.optional(z.string()),
      bouncedAt: z.optional(z.string()),
    }),
  ),
  direction: z.optional(z.string()),
  channelId: z.optional(z.string()),
  channelAccountId: z.optional(z.string()),
  newStatus: z.optional(z.string()),
  assignedTo: z.optional(z.string()),
  assignedFrom: z.optional(z.string()),
  /** Ours: the record of the mail (0-49), the charset that it was read by, and whether a program wrote it. */
  emailId: z.optional(z.string()),
  charset: z.optional(z.string()),
  automatic: z.optional(z.string()),
  filesLeftOut: z.optional(z.number()),
});

export const OriginalContent = z.object({
  text: z.string(),
  richText: z.string(),
  /** Ours. */
  subject: z.string(),
  charset: z.string(),
  rawUrl: z.optional(z.string()),
});

export const PublicActor = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  email: z.optional(z.string()),
  avatar: z.optional(z.string()),
});
