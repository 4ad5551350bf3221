import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { handler as create } from '../../../functions/campaigns/create.ts';
import { handler as get } from '../../../functions/campaigns/get.ts';
import { handler as list } from '../../../functions/campaigns/list.ts';
import { handler as remove } from '../../../functions/campaigns/remove.ts';
import { handler as update } from '../../../functions/campaigns/update.ts';
import { handler as createList } from '../../../functions/lists/create.ts';
import { handler as removeList } from '../../../functions/lists/remove.ts';
import { handler as patchSurvey } from '../../../functions/surveys/update.ts';
import type { Campaign } from '../../../lib/campaigns/schema.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { listJobs } from '../../../lib/jobs/store.ts';
import { workOn } from '../../../lib/jobs/work.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { givenSurvey } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
  mockClient(SQSClient).on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});
afterAll(() => database.close());
afterEach(() => {
  vi.restoreAllMocks();
});

let lists = 0;
async function givenList(objectTypeId = '0-1'): Promise<string> {
  lists += 1;
  const body = { name: `名簿${lists}`, objectTypeId, processingType: 'MANUAL' };
  return ((await call(createList, { body, headers: bearer() })).body as { list: { listId: string } }).list.listId;
}
const make = (body: unknown) => call(create, { body, headers: bearer() });
const on = (handler: unknown, campaignId: string, method = 'GET', body?: unknown) =>
  call(handler, { method, path: { campaignId }, headers: bearer(), ...(body !== undefined && { body }) });
const shown = async (id: string) => (await on(get, id)).body as Campaign;
async function givenCampaign(more: Record<string, unknown> = {}) {
  const [surveyId, listId] = [await givenSurvey(), await givenList()];
  const answer = await make({ surveyId, listId, schedule: { cron: '0 9 1 * *' }, ...more });
  if (answer.status !== 201) throw new Error(answer.text);
  return { surveyId, listId, campaign: answer.body as Campaign };
}

const Input = z.object({ campaignId: z.string(), runAt: z.string() });
/** The jobs that are to fire waves of a campaign. */
const waveJobs = async (campaignId: string) =>
  (await listJobs(database.app, { limit: 100 })).jobs.filter(
    ({ kind, input }) => kind === 'campaign-wave' && Input.safeParse(input).data?.campaignId === campaignId,
  );
/** Runs a job as the worker does at its time. */
async function runAt(now: string, jobId: string) {
  const app = { ...database.app, now: () => now };
  await workOn(app, { jobId, turn: 1 }, jobKinds);
}
const only = <T>(items: readonly T[]): T => {
  if (items.length !== 1) throw new Error(`${items.length} instead of one`);
  return items[0] as T;
};

test('a campaign says when its next wave is, and has a job that waits for it', async () => {
  const { campaign, surveyId, listId } = await givenCampaign({ cooldownDays: 90 });
  expect(campaign).toMatchObject({
    name: '満足度調査',
    surveyId,
    listId,
    schedule: { cron: '0 9 1 * *', timeZone: 'Asia/Tokyo' },
    cooldownDays: 90,
    active: true,
    waves: [],
  });
  expect(campaign.nextRunAt).toMatch(/-(01|31|30|28|29)T00:00:00.000Z$/);
  expect(only(await waveJobs(campaign.id))).toMatchObject({ status: 'QUEUED', notBefore: campaign.nextRunAt });
  const { results } = (await call(list, { method: 'GET', headers: bearer() })).body as { results: Campaign[] };
  expect(results.map(({ id }) => id)).toContain(campaign.id);
});

test.each([
  ['schedule', { schedule: { onEvent: 'ticket.opened' } }],
  ['reminder.afterDays', { reminder: { afterDays: 0 } }],
  ['sampling.fraction', { sampling: { fraction: 1.5 } }],
  ['listId', { listId: undefined }],
  ['schedule.cron', { schedule: { cron: 'every day' } }],
  ['schedule.cron', { schedule: { cron: '* * * * *' } }],
  ['schedule.timeZone', { schedule: { cron: '0 9 * * *', timeZone: 'Mars/Olympus' } }],
  ['cooldownDays', { cooldownDays: -1 }],
  ['subscriptionTypeId', { subscriptionTypeId: '99' }],
  ['surveyId', { surveyId: '404' }],
  ['listId', { listId: '404' }],
])('%s is refused by its name', async (field, more) => {
  const [surveyId, listId] = [await givenSurvey(), await givenList()];
  const refused = await make({ surveyId, listId, schedule: { cron: '0 9 1 * *' }, ...more });
  expect(refused.status).toBe(400);
  expect(JSON.stringify((refused.body as { context: unknown }).context)).toContain(field);
});

test('a list of companies is refused: a survey asks people', async () => {
  const refused = await make({
    surveyId: await givenSurvey(),
    listId: await givenList('0-2'),
    schedule: { cron: '0 9 1 * *' },
  });
  expect(refused).toMatchObject({ status: 400, body: { context: { fields: ['listId'] } } });
});

test('a wave makes one send and the job of the next wave, however often its message comes', async () => {
  const { campaign } = await givenCampaign();
  const job = only(await waveJobs(campaign.id));
  const now = campaign.nextRunAt ?? '';
  await Promise.all(Array.from({ length: 6 }, () => runAt(now, job.id)));
  await runAt(now, job.id);
  const after = await shown(campaign.id);
  expect(after.waves).toEqual([{ dueAt: now, firedAt: now, sendId: job.id }]);
  expect((after.nextRunAt ?? '') > now).toBe(true);
  const jobs = await waveJobs(campaign.id);
  expect(jobs.map(({ status, notBefore }) => [status, notBefore]).toSorted()).toEqual([
    ['COMPLETED', now],
    ['QUEUED', after.nextRunAt],
  ]);
});

test('a worker that dies after the wave was committed is followed by one that only lets the send begin', async () => {
  const { campaign } = await givenCampaign();
  const job = only(await waveJobs(campaign.id));
  const now = campaign.nextRunAt ?? '';
  const { table } = database.app;
  const commit = table.commit.bind(table);
  vi.spyOn(table, 'commit').mockImplementation(async (writes) => {
    await commit(writes);
    if (writes.some((write) => 'put' in write && write.put.entity === 'campaign')) throw new Error('killed');
  });
  await expect(runAt(now, job.id)).rejects.toThrow('killed');
  vi.restoreAllMocks();
  await runAt(now, job.id);
  expect((await shown(campaign.id)).waves).toHaveLength(1);
});

test('after an outage over several times one wave goes out, and the next time is in the future', async () => {
  const { campaign } = await givenCampaign({ schedule: { cron: '0 9 * * *' } });
  const job = only(await waveJobs(campaign.id));
  const late = new Date(Date.parse(campaign.nextRunAt ?? '') + 10.5 * 86_400_000).toISOString();
  await runAt(late, job.id);
  const after = await shown(campaign.id);
  expect(after.waves).toHaveLength(1);
  expect((after.nextRunAt ?? '') > late).toBe(true);
});

test('a campaign that was changed, paused or deleted sends nothing at the old time', async () => {
  const changes: [string, (id: string) => Promise<unknown>][] = [
    ['changed', (id) => on(update, id, 'PATCH', { schedule: { cron: '0 18 1 * *', timeZone: 'Asia/Tokyo' } })],
    ['paused', (id) => on(update, id, 'PATCH', { active: false })],
    ['deleted', (id) => on(remove, id, 'DELETE')],
  ];
  for (const [what, change] of changes) {
    const { campaign } = await givenCampaign();
    const job = only(await waveJobs(campaign.id));
    await change(campaign.id);
    await runAt(campaign.nextRunAt ?? '', job.id);
    const [done] = (await waveJobs(campaign.id)).filter(({ id }) => id === job.id);
    expect([what, done?.status, done?.result]).toEqual([what, 'COMPLETED', { skipped: 'CAMPAIGN_CHANGED' }]);
    if (what === 'deleted') expect((await on(get, campaign.id)).status).toBe(404);
    else expect((await shown(campaign.id)).waves).toEqual([]);
  }
});

test('a pause that comes while a wave is firing wins or loses, but never both', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { campaign } = await givenCampaign();
    const job = only(await waveJobs(campaign.id));
    await Promise.all([runAt(campaign.nextRunAt ?? '', job.id), on(update, campaign.id, 'PATCH', { active: false })]);
    const after = await shown(campaign.id);
    expect(after).toMatchObject({ active: false });
    expect(after.nextRunAt).toBeUndefined();
    const [done] = (await waveJobs(campaign.id)).filter(({ id }) => id === job.id);
    expect(after.waves.length).toBe((done?.result as { sendId?: string })?.sendId ? 1 : 0);
  }
});

test('a paused campaign that goes on has a next time and a job again', async () => {
  const { campaign } = await givenCampaign();
  await on(update, campaign.id, 'PATCH', { active: false });
  const resumed = (await on(update, campaign.id, 'PATCH', { active: true })).body as Campaign;
  expect(resumed.nextRunAt).toBe(campaign.nextRunAt);
  const [first, second] = await waveJobs(campaign.id);
  await runAt(campaign.nextRunAt ?? '', first?.id ?? '');
  await runAt(campaign.nextRunAt ?? '', second?.id ?? '');
  expect((await shown(campaign.id)).waves).toHaveLength(1);
});

test('a wave without a survey to answer or a list is skipped with its reason, and the campaign goes on', async () => {
  const closed = await givenCampaign();
  const body = { closesAt: new Date(Date.now() - 1000).toISOString() };
  await call(patchSurvey, { method: 'PATCH', path: { surveyId: closed.surveyId }, body, headers: bearer() });
  const listless = await givenCampaign();
  await call(removeList, { method: 'DELETE', path: { listId: listless.listId }, headers: bearer() });
  for (const [{ campaign }, skipped] of [
    [closed, 'SURVEY_NOT_OPEN'],
    [listless, 'LIST_NOT_FOUND'],
  ] as const) {
    const job = only(await waveJobs(campaign.id));
    await runAt(campaign.nextRunAt ?? '', job.id);
    const after = await shown(campaign.id);
    expect(after.waves).toMatchObject([{ skipped }]);
    expect((after.nextRunAt ?? '') > (campaign.nextRunAt ?? '')).toBe(true);
  }
});
