import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { Job } from '../jobs/job.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { announceJob, readJob } from '../jobs/store.ts';
import { sendWrites } from '../sends/create.ts';
import { findSend } from '../sends/send-store.ts';
import { mayAsk, reminderKind } from './asking.ts';
import { findCampaign } from './store.ts';

const Input = z.object({ campaignId: z.string(), sendId: z.string() });
const Cursor = z.object({ sendId: z.string(), sendJobId: z.string() });

/**
 * Asks those once more who got a send's mail and have not answered, unless the campaign was paused, deleted or lost its reminder
 * meanwhile, the send was cancelled, or the survey is over. Of an anonymous survey nobody knows who has answered, so it goes to everybody
 * whom the send went to, without a link of its own. The second slice only lets the send begin at once.
 */
export const campaignReminder = defineJob({
  kind: reminderKind,
  input: Input,
  cursor: Cursor,
  slice: async (app, { input, cursor, job }) => {
    if (!cursor) return remind(app, input, job);
    await announceJob(await readJob(app, cursor.sendJobId));
    return { done: true, processed: 0, result: { sendId: cursor.sendId } };
  },
});

async function remind(
  app: App,
  { campaignId, sendId }: z.output<typeof Input>,
  { id }: Job,
): Promise<Slice<z.input<typeof Cursor>>> {
  const skipped = (why: string) => ({ done: true, processed: 0, result: { skipped: why } });
  const [campaign, send] = await Promise.all([findCampaign(app, campaignId), findSend(app, sendId)]);
  if (!campaign?.active || campaign.archivedAt !== undefined || !campaign.reminder) return skipped('CAMPAIGN_CHANGED');
  if (!send || send.surveyId === undefined || send.status === 'CANCELLED') return skipped('SEND_CANCELLED');
  if (!(await mayAsk(app, send.surveyId))) return skipped('SURVEY_NOT_OPEN');
  const { surveyId, subscriptionTypeId, about } = send;
  const audience = { listIds: [], notAnsweredOf: sendId };
  const { job, writes } = await sendWrites(
    app,
    { surveyId, subscriptionTypeId, campaignId, audience, parentSendId: sendId, ...(about && { about }) },
    id,
  );
  return { done: false, processed: 1, cursor: { sendId: id, sendJobId: job.id }, also: writes };
}
