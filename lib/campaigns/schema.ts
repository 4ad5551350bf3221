import * as z from 'zod/mini';
import { defaultZone, isZone } from '../flows/zoned-time.ts';

const Schedule = z.strictObject({
  /** Minute, hour, day, month, weekday. `lib/campaigns/schedule.ts` checks it. */
  cron: z.string().check(z.minLength(1), z.maxLength(200)),
  timeZone: z._default(z.string().check(z.refine(isZone, 'must be an IANA time zone')), defaultZone),
});
export type Schedule = z.output<typeof Schedule>;

const fields = {
  name: z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[^\p{Cc}]*$/u, 'must be one line')),
  surveyId: z.string().check(z.minLength(1)),
  listId: z.string().check(z.minLength(1)),
  schedule: Schedule,
  /** Who was asked by a survey in so many days is left out of a wave. */
  cooldownDays: z.int().check(z.minimum(1), z.maximum(3650)),
  subscriptionTypeId: z.string().check(z.minLength(1)),
  /** No wave goes out while it is false. */
  active: z.boolean(),
};

export const CampaignInput = z.strictObject({
  ...fields,
  name: z.optional(fields.name),
  cooldownDays: z.optional(fields.cooldownDays),
  /** Default: surveys. */
  subscriptionTypeId: z._default(fields.subscriptionTypeId, '1'),
  active: z._default(fields.active, true),
});
export type CampaignInput = z.output<typeof CampaignInput>;

export const CampaignPatch = z.partial(z.strictObject(fields));
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
  schedule: z.object({ cron: z.string(), timeZone: z.string() }),
  cooldownDays: z.optional(z.number()),
  /** Absent while it is not active. */
  nextRunAt: z.optional(z.string()),
  /** Newest first, the last hundred. */
  waves: z.array(Wave),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Campaign = z.output<typeof Campaign>;

export const StoredCampaign = z.extend(Campaign, { version: z.number(), archivedAt: z.optional(z.string()) });
export type StoredCampaign = z.output<typeof StoredCampaign>;
