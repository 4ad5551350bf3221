import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

const mail = {
  /** The ledger row of the message: one row, one message. */
  messageKey: z.string(),
  to: z.optional(z.string()),
  reason: z.optional(z.string()),
  /** The bulk send that it belongs to. */
  sendId: z.optional(z.string()),
};

/** SES accepted the message. `surveyId` is there when it invites to a survey; `reminds` when it does so once more. */
export const EmailSent = defineEvent('email.sent', 1, {
  ...mail,
  surveyId: z.optional(z.string()),
  reminds: z.optional(z.boolean()),
});
export const EmailDelivered = defineEvent('email.delivered', 1, mail);
/** `reason` is SES's bounce type. */
export const EmailBounced = defineEvent('email.bounced', 1, mail);
export const EmailComplained = defineEvent('email.complained', 1, mail);
/** `scanner`: a program looked, and no person; `evidence` says what shows it. */
const looked = { ...mail, scanner: z.optional(z.boolean()), evidence: z.optional(z.array(z.string())) };
export const EmailOpened = defineEvent('email.opened', 1, looked);
export const EmailClicked = defineEvent('email.clicked', 1, { ...looked, url: z.optional(z.string()) });
/** Openings and clicks that were taken for a person's prove to be a program's: so many of each are taken back. */
export const EmailScanned = defineEvent('email.scanned', 1, {
  ...mail,
  evidence: z.array(z.string()),
  opens: z.number(),
  clicks: z.number(),
});
