import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

/** Somebody chose to get a kind of mail, or not to; the envelope names the contact. `subscriptionTypeId` is `all` for all mail. */
export const SubscriptionChanged = defineEvent('subscription.changed', 1, {
  subscriptionTypeId: z.string(),
  status: z.enum(['SUBSCRIBED', 'NOT_SUBSCRIBED']),
  /** How: the page of a mail's link, the button of a mail program, or the API. */
  source: z.enum(['PAGE', 'ONE_CLICK', 'API']),
  /** The mail that led to it. */
  sendId: z.optional(z.string()),
});
