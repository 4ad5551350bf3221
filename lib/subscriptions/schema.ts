import * as z from 'zod/mini';
import { LegalBasis } from './legal-basis.ts';

/** What somebody chose for one kind of mail, or for all of it. */
export const Choice = z.object({
  /** `PENDING`: they said yes once, and the kind of mail asks for a second yes by the link of a mail to the address. */
  status: z.enum(['SUBSCRIBED', 'NOT_SUBSCRIBED', 'PENDING']),
  at: z.string(),
  /**
   * `ONE_CLICK` is the button of a mail program (RFC 8058), `PAGE` the page of the link, `API` a client with a token, `FORM` a box of a form,
   * `CONFIRMATION` the link of the mail that asks for the second yes.
   */
  source: z.enum(['ONE_CLICK', 'PAGE', 'API', 'FORM', 'CONFIRMATION']),
  legalBasis: z.optional(LegalBasis),
  legalBasisExplanation: z.optional(z.string()),
});
export type Choice = z.output<typeof Choice>;

/** All that an address chose. Who chose nothing gets every kind. */
export const Subscription = z.object({
  email: z.string(),
  version: z.number(),
  /** No mail at all, whatever is chosen for a kind. */
  all: z.optional(Choice),
  types: z.record(z.string(), Choice),
});
export type Subscription = z.output<typeof Subscription>;

const Email = z.string().check(z.minLength(1), z.maxLength(254));

export const SubscriptionUpdate = z.object({
  emailAddress: Email,
  subscriptionId: z.string(),
  legalBasis: z.optional(LegalBasis),
  legalBasisExplanation: z.optional(z.string().check(z.maxLength(2000))),
});
export type SubscriptionUpdate = z.output<typeof SubscriptionUpdate>;

export const SubscriptionStatus = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  status: z.enum(['SUBSCRIBED', 'NOT_SUBSCRIBED']),
  sourceOfStatus: z.enum(['PORTAL_WIDE_STATUS', 'SUBSCRIPTION_STATUS']),
  preferenceGroupName: z.optional(z.string()),
  legalBasis: z.optional(LegalBasis),
  legalBasisExplanation: z.optional(z.string()),
});
export type SubscriptionStatus = z.output<typeof SubscriptionStatus>;

export const SubscriptionDefinition = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  purpose: z.string(),
  communicationMethod: z.string(),
  isActive: z.boolean(),
  isDefault: z.boolean(),
  isInternal: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type SubscriptionDefinition = z.output<typeof SubscriptionDefinition>;
