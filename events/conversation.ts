import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

const message = {
  threadId: z.string(),
  messageId: z.string(),
  inboxId: z.string(),
  /** The record of the mail (0-49). */
  emailId: z.string(),
};

/** Somebody wrote: in the log of the contact who did, or of the mail's record when nobody is known. Mail of programs makes none. */
export const MessageReceived = defineEvent('conversation.message-received', 1, {
  ...message,
  subject: z.string(),
  /** Whether it answers something in a thread that was there before. */
  isReply: z.boolean(),
});
/** A mail was written and is to be sent: in the log of its record. */
export const MessageQueued = defineEvent('conversation.message-queued', 1, message);
