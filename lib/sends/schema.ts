import * as z from 'zod/mini';
import { readDatetime } from '../objects/moment.ts';

const mostLists = 50;
/** All of a send is one item of 400 KB; more people belong into a list. */
const mostContacts = 1000;

const Ids = (most: number) =>
  z.array(z.string().check(z.regex(/^\d{1,20}$/, 'must be an id'))).check(z.maxLength(most));

const Audience = z.strictObject({
  listIds: z._default(Ids(mostLists), []),
  contactIds: z.optional(Ids(mostContacts)),
  excludeListIds: z.optional(Ids(mostLists)),
});

/** A contact that got any mail of a send within so many days is left out. */
const CooldownDays = z.int().check(z.minimum(1), z.maximum(3650));

export const SendInput = z.strictObject({
  surveyId: z.string(),
  audience: Audience.check(
    z.refine(
      ({ listIds, contactIds = [] }) => listIds.length + contactIds.length > 0,
      'somebody must get it: listIds or contactIds',
    ),
  ),
  /** Default: as soon as it is confirmed. */
  scheduledAt: z.optional(
    z.string().check(z.refine((value) => readDatetime(value) !== undefined, 'must be an ISO 8601 time')),
  ),
  subscriptionTypeId: z.string(),
  cooldownDays: z.optional(CooldownDays),
});
export type SendInput = z.output<typeof SendInput>;

/** What may be done with it is what its status says; that it is over is told by its totals. */
const StoredStatus = z.enum(['DRAFT', 'CONFIRMED', 'PAUSED', 'CANCELLED']);

/** One bulk mail to many contacts. */
export const Send = z.object({
  id: z.string(),
  surveyId: z.string(),
  audience: z.object({
    listIds: z.array(z.string()),
    contactIds: z.optional(z.array(z.string())),
    excludeListIds: z.optional(z.array(z.string())),
  }),
  subscriptionTypeId: z.string(),
  campaignId: z.optional(z.string()),
  cooldownDays: z.optional(z.number()),
  scheduledAt: z.optional(z.string()),
  status: StoredStatus,
  /** Rises with each decision of a person; work that follows from an earlier one ends by it. */
  version: z.number(),
  /** The job that turns the audience into recipients. */
  jobId: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  confirmedAt: z.optional(z.string()),
  /** When all of the audience had become recipients. */
  expandedAt: z.optional(z.string()),
});
export type Send = z.output<typeof Send>;

/** Why somebody of the audience is no recipient. */
export const exclusions = [
  'UNSUBSCRIBED',
  'NOT_OPTED_IN',
  'BOUNCED',
  'COMPLAINED',
  'DUPLICATE',
  'NO_ADDRESS',
  'FREQUENCY',
  'EXCLUDED_LIST',
  'NO_CONTACT',
] as const;
export type Exclusion = (typeof exclusions)[number];

const Count = z.number();
/** `recipients` = `accepted` + `failed` + `pending` + `cancelled` at every moment; `unknown` is a part of `pending`. */
const Ledger = z.object({
  recipients: Count,
  accepted: Count,
  failed: Count,
  pending: Count,
  unknown: Count,
  cancelled: Count,
  delivered: Count,
  bounced: Count,
  complained: Count,
  opened: Count,
  clicked: Count,
  answered: Count,
  unsubscribed: Count,
});
export type Ledger = z.output<typeof Ledger>;

export const PublicSend = z.object({
  id: z.string(),
  surveyId: z.string(),
  campaignId: z.optional(z.string()),
  audience: Send.shape.audience,
  subscriptionTypeId: z.string(),
  cooldownDays: z.optional(z.number()),
  scheduledAt: z.optional(z.string()),
  status: z.enum(['DRAFT', 'SCHEDULED', 'SENDING', 'PAUSED', 'CANCELLED', 'COMPLETED']),
  jobId: z.optional(z.string()),
  ledger: Ledger,
  excluded: z.array(z.object({ reason: z.enum(exclusions), count: Count })),
  createdAt: z.string(),
  updatedAt: z.string(),
  confirmedAt: z.optional(z.string()),
});
export type PublicSend = z.output<typeof PublicSend>;
