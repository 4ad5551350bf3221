import * as z from 'zod/mini';
import type { Delivered } from '../../events/define.ts';
import { RecordUpdated } from '../../events/record.ts';
import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import type { Job } from '../jobs/job.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { announceJob, readJob, startJob } from '../jobs/store.ts';
import { isMember } from '../lists/store.ts';
import { readRecord } from '../objects/read-store.ts';
import { StaleRead } from '../table/contention.ts';
import { inParallel } from '../table/in-parallel.ts';
import { askingOf, mayAsk } from './asking.ts';
import { type EventSchedule, isOnEvent, type StoredCampaign } from './schema.ts';
import { findCampaign, listCampaigns } from './store.ts';

const contacts = '0-1';
const tickets = '0-5';
/** Contacts of one ticket who are asked at most: the first that were made. */
const mostContacts = 10;
const campaignsPerPage = 100;
const hourMs = 3_600_000;

const askKind = 'campaign-ask';

/**
 * Sets off the campaigns that ask after a ticket was closed: for each a job that starts after its delay. The job's id is made of the
 * campaign and the event, so that one closing asks once however often the event comes; a ticket that is reopened and closed again is
 * another closing. A ticket that was made in a closed stage was never closed.
 */
export async function noticeClosing(app: App, { detail }: Delivered): Promise<void> {
  const { changes, recordId, id, occurredAt } = RecordUpdated.schema.parse(detail);
  if (changes.hs_is_closed?.[1] !== 'true') return;
  const waiting = await campaignsOnEvent(app);
  const ticket = waiting.length > 0 ? await readRecord(app, tickets, { id: recordId }) : undefined;
  if (!ticket) return;
  for (const { campaignId, schedule } of waiting) {
    if (!isOfPipeline(schedule, ticket.properties.hs_pipeline)) continue;
    const at = new Date(Date.parse(occurredAt) + schedule.delayHours * hourMs).toISOString();
    await startOnce(app, { id: `ask-${campaignId}-${id}`, input: { campaignId, ticketId: recordId }, at });
  }
}

async function startOnce(app: App, order: { readonly id: string; readonly input: Input; readonly at: string }) {
  try {
    await startJob(app, { kind: askKind, ...order });
  } catch (error) {
    // The event came before: its job is there, and the sweep begins it if nobody did.
    if (!(error instanceof StaleRead)) throw error;
  }
}

const isOfPipeline = ({ pipelineIds }: EventSchedule, pipeline = '') => pipelineIds?.includes(pipeline) ?? true;

async function campaignsOnEvent(app: App) {
  const found: { campaignId: string; schedule: EventSchedule }[] = [];
  let after: string | undefined;
  do {
    const page = await listCampaigns(app, { after, limit: campaignsPerPage });
    for (const { id, active, schedule } of page.campaigns)
      if (active && isOnEvent(schedule)) found.push({ campaignId: id, schedule });
    after = page.after;
  } while (after !== undefined);
  return found;
}

const Input = z.object({ campaignId: z.string(), ticketId: z.string() });
type Input = z.output<typeof Input>;
const Cursor = z.object({ sendId: z.string(), sendJobId: z.string() });

/**
 * Asks the contacts of a ticket about it, unless the campaign was paused or changed, the survey is over, or the ticket was reopened or
 * deleted meanwhile. The send is one transaction with this job; the second slice only lets it begin at once.
 */
export const campaignAsk = defineJob({
  kind: askKind,
  input: Input,
  cursor: Cursor,
  slice: async (app, { input, cursor, job }) => {
    if (!cursor) return ask(app, input, job);
    await announceJob(await readJob(app, cursor.sendJobId));
    return { done: true, processed: 0, result: { sendId: cursor.sendId } };
  },
});

async function ask(app: App, { campaignId, ticketId }: Input, { id }: Job): Promise<Slice<z.input<typeof Cursor>>> {
  const skipped = (why: string) => ({ done: true, processed: 0, result: { skipped: why } });
  const campaign = await findCampaign(app, campaignId);
  const isWaiting = campaign?.active && campaign.archivedAt === undefined && isOnEvent(campaign.schedule);
  if (!campaign || !isWaiting) return skipped('CAMPAIGN_CHANGED');
  if (!(await mayAsk(app, campaign.surveyId))) return skipped('SURVEY_NOT_OPEN');
  const ticket = await readRecord(app, tickets, { id: ticketId });
  if (ticket?.properties.hs_is_closed !== 'true') return skipped('TICKET_NOT_CLOSED');
  const contactIds = await whom(app, campaign, ticket.id);
  if (contactIds.length === 0) return skipped('NO_CONTACT');
  const about = { objectType: tickets, recordId: ticket.id };
  const { sendId, job, writes } = await askingOf(app, campaign, { audience: { listIds: [], contactIds }, about }, id);
  return { done: false, processed: 1, cursor: { sendId, sendJobId: job.id }, also: writes };
}

async function whom(app: App, { listId }: StoredCampaign, ticketId: string): Promise<string[]> {
  const { items } = await listAssociated(app, { objectType: tickets, id: ticketId }, contacts, { limit: mostContacts });
  const members = await inParallel(items, mostContacts, async ({ to }) =>
    listId === undefined || (await isMember(app, listId, to)) ? [to.id] : [],
  );
  return members.flat();
}
