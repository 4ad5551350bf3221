import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

/** Somebody chose to get a kind of mail, or not to; the envelope names the contact. `subscriptionTypeId` is `all` for all mail. */
export const SubscriptionChanged = defineEvent('subscription.changed', 1, {
  subscriptionTypeId: z.string(),
  /** `PENDING`: a form said yes, and a mail to the address asks for a second yes. */
  status: z.enum(['SUBSCRIBED', 'NOT_SUBSCRIBED', 'PENDING']),
  /** How: the page of a mail's link, the button of a mail program, the API, a box of a form, the link of a mail that asks for a second yes. */
  source: z.enum(['PAGE', 'ONE_CLICK', 'API', 'FORM', 'CONFIRMATION']),
  /** The mail that led to it. */
  sendId: z.optional(z.string()),
});
