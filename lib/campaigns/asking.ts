import type { App } from '../core/app.ts';
import type { Job } from '../jobs/job.ts';
import { jobWrites } from '../jobs/store.ts';
import { sendWrites } from '../sends/create.ts';
import type { SendInput } from '../sends/schema.ts';
import { isOpen } from '../surveys/schema.ts';
import { findSurvey } from '../surveys/store.ts';
import type { Write } from '../table/write.ts';
import type { StoredCampaign } from './schema.ts';

/** The kind of job that asks once more whom a send of a campaign asked in vain. */
export const reminderKind = 'campaign-reminder';

const dayMs = 86_400_000;

export type Asking = { readonly sendId: string; readonly job: Job; readonly writes: readonly Write[] };

/** Whether the survey takes answers now. */
export async function mayAsk(app: App, surveyId: string): Promise<boolean> {
  const survey = await findSurvey(app, surveyId);
  return survey !== undefined && isOpen(survey, app.now());
}

/**
 * What asks people by a campaign: the send of this id with its job, and the job of the reminder. The writes belong into the transaction of
 * what it is for; a repetition with the id is refused. Afterwards `announceJob(job)`.
 */
export async function askingOf(
  app: App,
  campaign: StoredCampaign,
  whom: Pick<SendInput, 'audience' | 'about'>,
  id: string,
): Promise<Asking> {
  const { surveyId, subscriptionTypeId, cooldownDays, sampling } = campaign;
  const { job, writes } = await sendWrites(
    app,
    {
      surveyId,
      campaignId: campaign.id,
      subscriptionTypeId,
      ...(cooldownDays !== undefined && { cooldownDays }),
      ...(sampling && { sampling }),
      ...whom,
    },
    id,
  );
  return { sendId: id, job, writes: [...writes, ...(await reminderWrites(app, campaign, id))] };
}

async function reminderWrites(app: App, { id, reminder }: StoredCampaign, sendId: string): Promise<Write[]> {
  if (!reminder) return [];
  const at = new Date(Date.parse(app.now()) + reminder.afterDays * dayMs).toISOString();
  const input = { campaignId: id, sendId };
  return (await jobWrites(app, { kind: reminderKind, id: `remind-${sendId}`, input, at })).writes;
}
