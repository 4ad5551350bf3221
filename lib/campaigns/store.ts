import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { jobWrites } from '../jobs/store.ts';
import { readList } from '../lists/store.ts';
import { subscriptionTypeOf } from '../subscriptions/type-store.ts';
import { readSurvey } from '../surveys/store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { campaignKey, campaignPartition, campaignPrefix } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { newCampaign } from './campaign.ts';
import { type CampaignInput, StoredCampaign } from './schema.ts';

/** The kind of job that fires a wave. */
export const waveKind = 'campaign-wave';

const notFound = (id: string) => new CrmError('OBJECT_NOT_FOUND', `No campaign has the id ${id}`);

/** The campaign, archived or not. 1 read. */
export const findCampaign = ({ table }: App, id: string): Promise<StoredCampaign | undefined> =>
  table.get(campaignKey(id), StoredCampaign);

/** @throws CrmError 404 also for an archived one */
export async function readCampaign(app: App, id: string): Promise<StoredCampaign> {
  const campaign = await findCampaign(app, id);
  if (!campaign || campaign.archivedAt) throw notFound(id);
  return campaign;
}

/** A page of campaigns by id; the archived ones are skipped without a gap in the page. */
export async function listCampaigns(
  { table }: App,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ campaigns: StoredCampaign[]; after?: string }> {
  const found: StoredCampaign[] = [];
  let startAfter: Record<string, unknown> | undefined = after === undefined ? undefined : campaignKey(after);
  do {
    const query = { pk: campaignPartition, prefix: campaignPrefix, limit: limit + 1 };
    const page = await table.query({ ...query, ...(startAfter && { startAfter }) }, StoredCampaign);
    found.push(...page.items.filter(({ archivedAt }) => !archivedAt));
    startAfter = page.lastKey;
  } while (startAfter && found.length <= limit);
  const campaigns = found.slice(0, limit);
  const last = campaigns.at(-1);
  return found.length > limit && last ? { campaigns, after: last.id } : { campaigns };
}

/** The write that stores what became of a campaign, under the condition that nobody changed it meanwhile. */
export const campaignWrite = (campaign: StoredCampaign): Write => ({
  put: { ...campaignKey(campaign.id), entity: 'campaign', ...campaign },
  when: campaign.version === 1 ? absent : versionIs(campaign.version - 1),
});

/** The job of the wave that the campaign waits for: it starts at its minute, also when every process has died since. */
export async function waveWrites(app: App, { id, nextRunAt }: StoredCampaign): Promise<Write[]> {
  if (!nextRunAt) return [];
  const input = { campaignId: id, runAt: nextRunAt };
  return (await jobWrites(app, { kind: waveKind, input, at: nextRunAt })).writes;
}

/** Stores a new campaign with the job of its first wave. @throws CrmError 400 when survey, list or schedule do not do */
export async function createCampaign(app: App, input: CampaignInput): Promise<StoredCampaign> {
  await subscriptionTypeOf(app, input.subscriptionTypeId, 'subscriptionTypeId');
  const survey = await referred('surveyId', () => readSurvey(app, input.surveyId));
  if (input.listId !== undefined) await refuseOtherList(app, input.listId);
  const campaign = newCampaign(input, { id: app.newId(), now: app.now(), surveyName: survey.name });
  await commitOrThrow(app.table, [campaignWrite(campaign), ...(await waveWrites(app, campaign))].map(orStale));
  return campaign;
}

/**
 * Reads, changes and stores a campaign; when somebody else wrote in between, `change` runs again on what they wrote. A time that moved
 * gets a job of its own, and the job of the old one finds that nobody waits for it. @throws CrmError 404, 400 as for a new one
 */
export const changeCampaign = (
  app: App,
  id: string,
  change: (campaign: StoredCampaign) => StoredCampaign,
): Promise<StoredCampaign> =>
  contend(async () => {
    const campaign = await readCampaign(app, id);
    const changed = change(campaign);
    if (changed.subscriptionTypeId !== campaign.subscriptionTypeId)
      await subscriptionTypeOf(app, changed.subscriptionTypeId, 'subscriptionTypeId');
    if (changed.surveyId !== campaign.surveyId) await referred('surveyId', () => readSurvey(app, changed.surveyId));
    if (changed.listId !== undefined && changed.listId !== campaign.listId) await refuseOtherList(app, changed.listId);
    const wave = changed.nextRunAt === campaign.nextRunAt ? [] : await waveWrites(app, changed);
    await commitOrThrow(app.table, [campaignWrite(changed), ...wave].map(orStale));
    return changed;
  });

/** What a body names must be there: a 400 that says which field, not a 404. */
async function referred<T>(field: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CrmError) || error.category !== 'OBJECT_NOT_FOUND') throw error;
    throw refused(field, error.message);
  }
}

const refused = (field: string, why: string) =>
  new CrmError('VALIDATION_ERROR', `${field}: ${why}`, {
    errors: [{ message: `${field}: ${why}`, code: 'INVALID_VALUE', in: field }],
    context: { fields: [field] },
  });

async function refuseOtherList(app: App, listId: string): Promise<void> {
  const { objectTypeId } = await referred('listId', () => readList(app, listId));
  if (objectTypeId !== '0-1') throw refused('listId', 'must be a list of contacts');
}
