import { CrmError } from '../core/errors.ts';
import { checkSchedule, nextRun } from './schedule.ts';
import { type CampaignInput, type CampaignPatch, isOnEvent, type StoredCampaign, type Wave } from './schema.ts';

const wavesKept = 100;

/** A campaign that did not exist before, with its first wave set. @throws CrmError 400 naming the schedule or the list */
export function newCampaign(
  { name, ...input }: CampaignInput,
  at: { readonly id: string; readonly now: string; readonly surveyName: string },
): StoredCampaign {
  checkSchedule(input.schedule, at.now);
  requireList(input);
  return withNextRun({
    ...input,
    name: name ?? at.surveyName,
    id: at.id,
    waves: [],
    createdAt: at.now,
    updatedAt: at.now,
    version: 1,
  });
}

/**
 * The campaign with the parts that the patch names. A new schedule, or being active again, counts from now: times that passed meanwhile
 * are not made up for. @throws CrmError 400 naming the schedule
 */
export function patchedCampaign(campaign: StoredCampaign, patch: CampaignPatch, now: string): StoredCampaign {
  const changed = withoutNulls({ ...campaign, ...patch, updatedAt: now, version: campaign.version + 1 });
  if (patch.schedule) checkSchedule(changed.schedule, now);
  requireList(changed);
  const keepsTime = changed.active && campaign.active && sameSchedule(changed, campaign);
  return keepsTime ? changed : withNextRun(changed);
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

const withoutNulls = (campaign: Nullable<StoredCampaign>): StoredCampaign =>
  Object.fromEntries(Object.entries(campaign).filter(([, value]) => value !== null)) as StoredCampaign;

function requireList({ listId, schedule }: Pick<StoredCampaign, 'listId' | 'schedule'>): void {
  if (listId !== undefined || isOnEvent(schedule)) return;
  const message = 'listId: is required with a schedule by time';
  throw new CrmError('VALIDATION_ERROR', message, {
    errors: [{ message, code: 'INVALID_VALUE', in: 'listId' }],
    context: { fields: ['listId'] },
  });
}

const sameSchedule = ({ schedule: one }: StoredCampaign, { schedule: other }: StoredCampaign) =>
  isOnEvent(one) || isOnEvent(other)
    ? isOnEvent(one) && isOnEvent(other)
    : one.cron === other.cron && one.timeZone === other.timeZone;

function withNextRun({ nextRunAt: _, ...campaign }: StoredCampaign): StoredCampaign {
  const next = campaign.active ? nextRun(campaign.schedule, campaign.updatedAt) : undefined;
  return { ...campaign, ...(next && { nextRunAt: next }) };
}

export const archivedCampaign = ({ nextRunAt: _, ...campaign }: StoredCampaign, now: string): StoredCampaign => ({
  ...campaign,
  active: false,
  archivedAt: now,
  updatedAt: now,
  version: campaign.version + 1,
});

/** Whether the wave of this time is the one that the campaign waits for. Any change of the campaign that moved it makes it void. */
export const awaits = (campaign: StoredCampaign | undefined, runAt: string): campaign is StoredCampaign =>
  campaign !== undefined && campaign.archivedAt === undefined && campaign.active && campaign.nextRunAt === runAt;

/**
 * The campaign after a wave. The next one is the first time after now: a system that was down for several of them makes up for them with
 * this one wave, because people are asked once, not once for each time that was missed.
 */
export const firedCampaign = (
  campaign: StoredCampaign,
  wave: Pick<Wave, 'sendId' | 'skipped'> & { readonly now: string },
): StoredCampaign => {
  const { now, ...outcome } = wave;
  const dueAt = campaign.nextRunAt ?? now;
  const fired = { ...outcome, dueAt, firedAt: now };
  return withNextRun({
    ...campaign,
    waves: [fired, ...campaign.waves].slice(0, wavesKept),
    updatedAt: now > dueAt ? now : dueAt,
    version: campaign.version + 1,
  });
};
