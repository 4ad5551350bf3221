import * as z from 'zod/mini';
import { defaultZone, isZone } from '../flows/zoned-time.ts';

const CronSchedule = z.strictObject({
  /** Minute, hour, day, month, weekday. `lib/campaigns/schedule.ts` checks it. */
  cron: z.string().check(z.minLength(1), z.maxLength(200)),
  timeZone: z._default(z.string().check(z.refine(isZone, 'must be an IANA time zone')), defaultZone),
});
export type CronSchedule = z.output<typeof CronSchedule>;

/** Asks the contacts of a ticket, so many hours after it was closed. */
const EventSchedule = z.strictObject({
  onEvent: z.literal('ticket.closed'),
  delayHours: z._default(z.number().check(z.minimum(0), z.maximum(24 * 90)), 0),
  /** Tickets of these pipelines alone; default: of all. */
  pipelineIds: z.optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1), z.maxLength(100))),
});
export type EventSchedule = z.output<typeof EventSchedule>;

const Schedule = z.union(
  [CronSchedule, EventSchedule],
  'must be {cron, timeZone} or {onEvent: "ticket.closed", delayHours, pipelineIds}',
);
export type Schedule = z.output<typeof Schedule>;

export const isOnEvent = (schedule: Schedule): schedule is EventSchedule => 'onEvent' in schedule;

const fields = {
  name: z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[^\p{Cc}]*$/u, 'must be one line')),
  surveyId: z.string().check(z.minLength(1)),
  /** Whom a wave asks; with an event, the only contacts who are asked. */
  listId: z.string().check(z.minLength(1)),
  schedule: Schedule,
  /** Who has not answered after so many days is asked once more, while the campaign is active and the survey open. */
  reminder: z.strictObject({ afterDays: z.int().check(z.minimum(1), z.maximum(90)) }),
  /** A part of them, drawn by contact and send. */
  sampling: z.strictObject({ fraction: z.number().check(z.gt(0), z.lte(1)) }),
  /** Who was asked by a survey in so many days is left out of a wave. */
  cooldownDays: z.int().check(z.minimum(1), z.maximum(3650)),
  subscriptionTypeId: z.string().check(z.minLength(1)),
  /** No wave goes out while it is false. */
  active: z.boolean(),
};

export const CampaignInput = z.strictObject({
  ...fields,
  name: z.optional(fields.name),
  listId: z.optional(fields.listId),
  reminder: z.optional(fields.reminder),
  sampling: z.optional(fields.sampling),
  cooldownDays: z.optional(fields.cooldownDays),
  /** Default: surveys. */
  subscriptionTypeId: z._default(fields.subscriptionTypeId, '1'),
  active: z._default(fields.active, true),
});
export type CampaignInput = z.output<typeof CampaignInput>;

/** Null takes away what need not be there. */
export const CampaignPatch = z.partial(
  z.strictObject({
    ...fields,
    listId: z.nullable(fields.listId),
    reminder: z.nullable(fields.reminder),
    sampling: z.nullable(fields.sampling),
    cooldownDays: z.nullable(fields.cooldownDays),
  }),
);
export type CampaignPatch = z.output<typeof CampaignPatch>;

/** One firing: the send that it made, or why it made none. */
const Wave = z.object({
  dueAt: z.string(),
  firedAt: z.string(),
  sendId: z.optional(z.string()),
  skipped: z.optional(z.enum(['SURVEY_NOT_OPEN', 'LIST_NOT_FOUND'])),
});
export type Wave = z.output<typeof Wave>;

export const Campaign = z.object({
  ...fields,
  id: z.string(),
  listId: z.optional(z.string()),
  schedule: z.union([
    z.object({ cron: z.string(), timeZone: z.string() }),
    z.object({
      onEvent: z.literal('ticket.closed'),
      delayHours: z.number(),
      pipelineIds: z.optional(z.array(z.string())),
    }),
  ]),
  reminder: z.optional(z.object({ afterDays: z.number() })),
  sampling: z.optional(z.object({ fraction: z.number() })),
  cooldownDays: z.optional(z.number()),
  /** Absent while it is not active, and when it waits for events. */
  nextRunAt: z.optional(z.string()),
  /** Newest first, the last hundred. What was asked after an event is among the sends, with this campaign's id. */
  waves: z.array(Wave),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Campaign = z.output<typeof Campaign>;

export const StoredCampaign = z.extend(Campaign, { version: z.number(), archivedAt: z.optional(z.string()) });
export type StoredCampaign = z.output<typeof StoredCampaign>;
