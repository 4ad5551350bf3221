import * as z from 'zod/mini';
import { isZone } from '../flows/zoned-time.ts';
import { readDatetime } from '../objects/moment.ts';
import { exclusions } from './exclusion-reasons.ts';
import { Preview } from './preview-schema.ts';

const mostLists = 50;
/** All of a send is one item of 400 KB; more people belong into a list. */
const mostContacts = 1000;

const Ids = (most: number) =>
  z.array(z.string().check(z.regex(/^\d{1,20}$/, 'must be an id'))).check(z.maxLength(most));

/** Who got the mail of that send and has not answered it: whom a reminder is for. */
const NotAnsweredOf = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the id of a send'));

const Audience = z.strictObject({
  listIds: z._default(Ids(mostLists), []),
  contactIds: z.optional(Ids(mostContacts)),
  excludeListIds: z.optional(Ids(mostLists)),
  notAnsweredOf: z.optional(NotAnsweredOf),
});

/** A contact that got any mail of a send within so many days is left out. */
const CooldownDays = z.int().check(z.minimum(1), z.maximum(3650));

/** `recipient`: the contact's own zone (`hs_timezone`), Asia/Tokyo for who has none. */
const TimeZone = z
  .string()
  .check(z.refine((zone) => zone === 'recipient' || isZone(zone), 'must be "recipient" or an IANA time zone'));

/** A part of the audience that is drawn by contact and send: the same one whenever it is drawn again. */
const Sampling = z.strictObject({
  fraction: z.number().check(z.gt(0, 'must be above 0'), z.lte(1, 'must be 1 at most')),
});

/** The record that the mail is about: the ticket that was closed, the deal that needs a word. */
const About = z.strictObject({
  objectType: z.string().check(z.regex(/^\d-\d{1,10}$/, 'must be the id of an object type, such as 0-5')),
  recordId: z.string().check(z.regex(/^\d{1,20}$/, 'must be an id')),
});

const choices = {
  surveyId: z.optional(z.string()),
  emailId: z.optional(z.string()),
  subscriptionTypeId: z.string(),
  cooldownDays: z.optional(CooldownDays),
  timeZone: z.optional(TimeZone),
  /** Only from nine to six on working days of Japan; who is outside of them waits for the next ones. */
  businessHours: z.optional(z.boolean()),
  sampling: z.optional(Sampling),
  about: z.optional(About),
  /** The send that this one reminds of. */
  parentSendId: z.optional(NotAnsweredOf),
};

/**
 * With `timeZone`, a `scheduledAt` without an offset is what the clocks of that zone show; for `recipient` its date and time are taken as
 * they stand, and an offset is not looked at. Without a zone it is UTC, as everywhere.
 */
export const SendInput = z
  .strictObject({
    ...choices,
    audience: Audience.check(
      z.refine(
        ({ listIds, contactIds = [], notAnsweredOf }) =>
          listIds.length + contactIds.length > 0 || notAnsweredOf !== undefined,
        'somebody must get it: listIds, contactIds or notAnsweredOf',
      ),
    ),
    /** Default: as soon as it is confirmed. */
    scheduledAt: z.optional(
      z.string().check(z.refine((value) => readDatetime(value) !== undefined, 'must be an ISO 8601 time')),
    ),
  })
  .check(
    z.refine(
      ({ surveyId, emailId }) => (surveyId === undefined) !== (emailId === undefined),
      'exactly one of surveyId and emailId says what is sent',
    ),
    z.refine(({ timeZone, scheduledAt }) => timeZone === undefined || scheduledAt !== undefined, {
      path: ['timeZone'],
      error: 'needs a scheduledAt that it is the zone of',
    }),
  );
export type SendInput = z.output<typeof SendInput>;

/** What may be done with it is what its status says; that it is over is told by its totals. */
const StoredStatus = z.enum(['DRAFT', 'CONFIRMED', 'PAUSED', 'CANCELLED']);

/** One bulk mail to many contacts. */
export const Send = z.object({
  id: z.string(),
  ...choices,
  audience: z.object({
    listIds: z.array(z.string()),
    contactIds: z.optional(z.array(z.string())),
    excludeListIds: z.optional(z.array(z.string())),
    notAnsweredOf: z.optional(z.string()),
  }),
  campaignId: z.optional(z.string()),
  /** Which part of an A/B test it is: `share` of all contacts, drawn by test and contact, get B, and all others A. */
  part: z.optional(z.object({ testId: z.string(), of: z.enum(['A', 'B']), share: z.number() })),
  /** The first moment at which anybody's mail may go. */
  scheduledAt: z.optional(z.string()),
  /** What the clocks of each recipient's zone show then (`2026-12-01T10:00:00.000`): there with the zone `recipient`. */
  localTime: z.optional(z.string()),
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

const Count = z.number();
/**
 * `recipients` = `accepted` + `failed` + `pending` + `cancelled` at every moment; `unknown` is a part of `pending`. `opened` and `clicked` are
 * people's; what programs did is in `scanned`.
 */
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
  /** Mails that a program that looks into mails opened or clicked. */
  scanned: Count,
});
export type Ledger = z.output<typeof Ledger>;

export const PublicSend = z.object({
  id: z.string(),
  ...choices,
  campaignId: z.optional(z.string()),
  audience: Send.shape.audience,
  scheduledAt: z.optional(z.string()),
  localTime: z.optional(z.string()),
  status: z.enum(['DRAFT', 'SCHEDULED', 'SENDING', 'PAUSED', 'CANCELLED', 'COMPLETED']),
  jobId: z.optional(z.string()),
  ledger: Ledger,
  excluded: z.array(z.object({ reason: z.enum(exclusions), count: Count })),
  preview: z.optional(Preview),
  createdAt: z.string(),
  updatedAt: z.string(),
  confirmedAt: z.optional(z.string()),
});
export type PublicSend = z.output<typeof PublicSend>;
