import * as z from 'zod/mini';
import { LegalBasis } from './legal-basis.ts';

/** HubSpot's limit on a batch. */
const mostInputs = 100;

const Channel = z.enum(['EMAIL']);
/** HubSpot's clients always send it, and there is one only. */
export const ChannelQuery = z.object({ channel: z._default(Channel, 'EMAIL'), businessUnitId: z.optional(z.string()) });
export const VerboseQuery = z.extend(ChannelQuery, { verbose: z.optional(z.enum(['true', 'false'])) });

export const SubscriberPath = z.object({ subscriberIdString: z.string() });

/** Ids are numbers for HubSpot's clients; ours stay below 2^53. */
const SubscriptionId = z.pipe(
  z.union([z.int(), z.string().check(z.regex(/^\d{1,16}$/, 'must be an id'))]),
  z.transform(String),
);

const wish = {
  channel: Channel,
  statusState: z.enum(['SUBSCRIBED', 'UNSUBSCRIBED', 'NOT_SPECIFIED']),
  subscriptionId: SubscriptionId,
  legalBasis: z.optional(LegalBasis),
  legalBasisExplanation: z.optional(z.string().check(z.maxLength(2000))),
};
export const StatusUpdate = z.object(wish);
export type StatusUpdate = z.output<typeof StatusUpdate>;

const inputs = <S extends z.ZodMiniType>(input: S) =>
  z.object({ inputs: z.array(input).check(z.minLength(1), z.maxLength(mostInputs)) });
export const StatusBatch = inputs(z.object({ ...wish, subscriberIdString: z.string() }));
export const SubscriberBatch = inputs(z.string());

export const LinkRequest = z.object({
  subscriberIdString: z.string(),
  language: z.optional(z.string()),
  subscriptionId: z.optional(SubscriptionId),
});
export type LinkRequest = z.output<typeof LinkRequest>;

export const Links = z.object({
  subscriberIdString: z.string(),
  managePreferencesUrl: z.string(),
  unsubscribeAllUrl: z.string(),
  unsubscribeSingleUrl: z.optional(z.string()),
});
export type Links = z.output<typeof Links>;

const Status = z.enum(['SUBSCRIBED', 'UNSUBSCRIBED', 'NOT_SPECIFIED']);

export const PublicStatus = z.object({
  channel: Channel,
  subscriberIdString: z.string(),
  subscriptionId: z.number(),
  subscriptionName: z.string(),
  status: Status,
  source: z.string(),
  timestamp: z.string(),
  legalBasis: z.optional(LegalBasis),
  legalBasisExplanation: z.optional(z.string()),
  setStatusSuccessReason: z.optional(
    z.enum(['NO_STATUS_CHANGE', 'REQUESTED_CHANGE_OCCURRED', 'RESUBSCRIBE_OCCURRED', 'UNSUBSCRIBE_FROM_ALL_OCCURRED']),
  ),
});
export type PublicStatus = z.output<typeof PublicStatus>;

export const PublicWideStatus = z.object({
  channel: Channel,
  subscriberIdString: z.string(),
  status: Status,
  wideStatusType: z.enum(['PORTAL_WIDE']),
  timestamp: z.string(),
});
export type PublicWideStatus = z.output<typeof PublicWideStatus>;

/** HubSpot's wrapper of all answers of v4. */
export const resultsOf = <S extends z.ZodMiniType>(result: S) =>
  z.object({
    status: z.literal('COMPLETE'),
    results: z.array(result),
    numErrors: z.optional(z.number()),
    errors: z.optional(z.array(z.looseObject({}))),
    requestedAt: z.string(),
    startedAt: z.string(),
    completedAt: z.string(),
  });
