import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Job } from '../jobs/job.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { announceJob, readJob } from '../jobs/store.ts';
import { readList } from '../lists/store.ts';
import { askingOf, mayAsk } from './asking.ts';
import { awaits, firedCampaign } from './campaign.ts';
import type { StoredCampaign, Wave } from './schema.ts';
import { campaignWrite, findCampaign, waveKind, waveWrites } from './store.ts';

const Input = z.object({ campaignId: z.string(), runAt: z.string() });
const Cursor = z.object({ sendId: z.string(), sendJobId: z.string() });

/**
 * Fires one wave of a campaign: the send, the campaign's next time and the job of the next wave are one transaction with this job, so
 * that a wave happens once whoever dies when. The second slice only lets the send begin at once; without it the sweep would.
 */
export const campaignWave = defineJob({
  kind: waveKind,
  input: Input,
  cursor: Cursor,
  slice: async (app, { input, cursor, job }) => {
    if (cursor) {
      await announceJob(await readJob(app, cursor.sendJobId));
      return { done: true, processed: 0, result: { sendId: cursor.sendId } };
    }
    const campaign = await findCampaign(app, input.campaignId);
    if (!awaits(campaign, input.runAt)) return { done: true, processed: 0, result: { skipped: 'CAMPAIGN_CHANGED' } };
    return fire(app, campaign, job);
  },
});

async function fire(app: App, campaign: StoredCampaign, { id }: Job): Promise<Slice<z.input<typeof Cursor>>> {
  const now = app.now();
  const skipped = await obstacle(app, campaign);
  const after = firedCampaign(campaign, { now, ...(skipped ? { skipped } : { sendId: id }) });
  const also = [campaignWrite(after), ...(await waveWrites(app, after))];
  if (skipped) return { done: true, processed: 0, result: { skipped }, also };
  const audience = { listIds: campaign.listId === undefined ? [] : [campaign.listId] };
  // The wave's job has an id of its own, so that a repeat makes the same send.
  const { sendId, job, writes } = await askingOf(app, campaign, { audience }, id);
  return { done: false, processed: 1, cursor: { sendId, sendJobId: job.id }, also: [...also, ...writes] };
}

/** Why nobody can be asked this time. The campaign goes on: a list or survey may be put right before the next one. */
async function obstacle(app: App, { surveyId, listId }: StoredCampaign): Promise<Wave['skipped']> {
  if (!(await mayAsk(app, surveyId))) return 'SURVEY_NOT_OPEN';
  try {
    await readList(app, listId ?? '');
    return undefined;
  } catch (error) {
    if (error instanceof CrmError && error.category === 'OBJECT_NOT_FOUND') return 'LIST_NOT_FOUND';
    throw error;
  }
}
