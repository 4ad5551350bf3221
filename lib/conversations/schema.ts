import * as z from 'zod/mini';

/** HubSpot's id of the channel for e-mail, which is the only one here. */
export const emailChannel = '1002';
/** The inbox that is there from the beginning. */
export const defaultInbox = '1';

export const Inbox = z.object({
  id: z.string(),
  name: z.string(),
  /** Where its mail comes in, and what its mail is from. */
  address: z.string(),
  /** Whether a sender whom nobody knows becomes a contact; otherwise the mail waits until somebody associates it. */
  createContacts: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Inbox = z.output<typeof Inbox>;

export const ThreadStatus = z.enum(['OPEN', 'CLOSED']);
export type ThreadStatus = z.output<typeof ThreadStatus>;

const Ref = z.object({ objectType: z.string(), id: z.string() });

export const Thread = z.object({
  id: z.string(),
  inboxId: z.string(),
  status: ThreadStatus,
  subject: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.optional(z.string()),
  latestMessageAt: z.string(),
  latestSentAt: z.optional(z.string()),
  latestReceivedAt: z.optional(z.string()),
  /** An agent, `A-<user id>`. */
  assignedTo: z.optional(z.string()),
  spam: z.boolean(),
  contactId: z.optional(z.string()),
  /** What every further mail of it is associated with, besides the contacts who take part. */
  associations: z.array(Ref),
  archivedAt: z.optional(z.string()),
  version: z.number(),
});
export type Thread = z.output<typeof Thread>;

export const Party = z.object({ address: z.string(), name: z.string() });
export type Party = z.output<typeof Party>;

const StoredFile = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number(),
  key: z.string(),
  contentId: z.optional(z.string()),
});
export type StoredMailFile = z.output<typeof StoredFile>;

/**
 * `PENDING`: it will be sent. `SENDING`: a worker has it. `UNKNOWN`: it went out and no answer came; SES's events settle it, and it is not
 * sent again by itself.
 */
const SendState = z.enum(['PENDING', 'SENDING', 'SENT', 'UNKNOWN', 'FAILED', 'RECEIVED']);
export type SendState = z.output<typeof SendState>;

export const Message = z.object({
  id: z.string(),
  threadId: z.string(),
  type: z.enum(['MESSAGE', 'COMMENT', 'THREAD_STATUS_CHANGE', 'ASSIGNMENT']),
  direction: z.enum(['INCOMING', 'OUTGOING']),
  createdAt: z.string(),
  updatedAt: z.optional(z.string()),
  createdBy: z.string(),
  from: z.optional(Party),
  /** Where its sender wants answers. */
  replyTo: z.optional(Party),
  fromActor: z.optional(z.string()),
  to: z.array(Party),
  cc: z.array(Party),
  subject: z.optional(z.string()),
  text: z.string(),
  html: z.optional(z.string()),
  truncation: z._default(z.enum(['NOT_TRUNCATED', 'TRUNCATED_TO_MOST_RECENT_REPLY', 'TRUNCATED']), 'NOT_TRUNCATED'),
  files: z._default(z.array(StoredFile), []),
  filesLeftOut: z._default(z.number(), 0),
  state: z.optional(SendState),
  /** When a worker took it to send it, in milliseconds. */
  claimedAt: z.optional(z.number()),
  sentAt: z.optional(z.string()),
  deliveredAt: z.optional(z.string()),
  bouncedAt: z.optional(z.string()),
  reason: z.optional(z.string()),
  inReplyToId: z.optional(z.string()),
  /** The record of the mail (0-49). */
  emailId: z.optional(z.string()),
  /** Message-ID, and those of the messages that it answers, oldest first. */
  mailId: z.optional(z.string()),
  references: z._default(z.array(z.string()), []),
  /** Where the mail lies as it came. */
  rawKey: z.optional(z.string()),
  charset: z.optional(z.string()),
  automatic: z.optional(z.enum(['BOUNCE', 'AUTO_REPLY', 'BULK'])),
  newStatus: z.optional(ThreadStatus),
  assignedTo: z.optional(z.string()),
  assignedFrom: z.optional(z.string()),
});
export type Message = z.output<typeof Message>;

const addressList = z.array(z.string().check(z.minLength(3), z.maxLength(254))).check(z.maxLength(50));
const body = z.string().check(z.maxLength(100_000));

/** A mail from the inbox or a record. */
export const ComposeInput = z.strictObject({
  inboxId: z._default(z.string(), defaultInbox),
  to: addressList.check(z.minLength(1)),
  cc: z._default(addressList, []),
  subject: z.string().check(z.minLength(1), z.maxLength(500)),
  text: z.optional(body),
  html: z.optional(body),
  associations: z._default(
    z.array(z.strictObject({ objectType: z.string(), id: z.string() })).check(z.maxLength(10)),
    [],
  ),
  assignedTo: z.optional(z.string()),
});
export type ComposeInput = z.output<typeof ComposeInput>;

const DeliveryIdentifier = z.object({ type: z.literal('HS_EMAIL_ADDRESS'), value: z.string() });
const RecipientInput = z.object({
  actorId: z.optional(z.string()),
  name: z.optional(z.string()),
  recipientField: z._default(z.enum(['TO', 'CC']), 'TO'),
  deliveryIdentifier: z.optional(DeliveryIdentifier),
  deliveryIdentifiers: z.optional(z.array(DeliveryIdentifier)),
});

/** HubSpot's body of a reply or a comment. */
export const SendInput = z.object({
  type: z.enum(['MESSAGE', 'COMMENT']),
  text: body.check(z.minLength(1)),
  richText: z.optional(body),
  subject: z.optional(z.string().check(z.maxLength(500))),
  senderActorId: z.optional(z.string()),
  channelId: z.optional(z.string()),
  channelAccountId: z.optional(z.string()),
  recipients: z._default(z.array(RecipientInput).check(z.maxLength(50)), []),
  attachments: z._default(
    z.array(z.unknown()).check(z.maxLength(0, 'files cannot be sent from here: put a link into the text')),
    [],
  ),
});
export type SendInput = z.output<typeof SendInput>;

export const ThreadPatch = z.strictObject({
  status: z.optional(ThreadStatus),
  archived: z.optional(z.boolean()),
  /** Ours: who takes care of it; null takes it off. */
  assignedTo: z.nullish(z.string()),
});
export type ThreadPatch = z.output<typeof ThreadPatch>;

export const InboxInput = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  address: z.string(),
  createContacts: z._default(z.boolean(), true),
});
export const InboxPatch = z.strictObject({
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
  createContacts: z.optional(z.boolean()),
});

export const TicketInput = z.strictObject({
  subject: z.string().check(z.minLength(1)),
  hs_pipeline: z.optional(z.string()),
  hs_pipeline_stage: z.string(),
  properties: z._default(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])), {}),
});
