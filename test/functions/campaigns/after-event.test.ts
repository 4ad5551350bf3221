import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { Delivered, EventDetail } from '../../../events/define.ts';
import { handler as create } from '../../../functions/campaigns/create.ts';
import { handler as notice } from '../../../functions/campaigns/notice.ts';
import { handler as update } from '../../../functions/campaigns/update.ts';
import { associate } from '../../../lib/associations/store.ts';
import type { Job } from '../../../lib/jobs/job.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { listJobs, readJob } from '../../../lib/jobs/store.ts';
import { workOn } from '../../../lib/jobs/work.ts';
import { createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { readSend } from '../../../lib/sends/send-store.ts';
import { eventPrefix } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { givenSurvey } from '../../support/surveys.ts';

let database: Database;
let surveyId: string;
beforeAll(async () => {
  database = await startDatabase();
  mockClient(SQSClient).on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  surveyId = await givenSurvey({ type: 'CES' });
});
afterAll(() => database.close());

let campaignId: string;
const hour = 3_600_000;
const later = (ms: number) => new Date(Date.now() + ms).toISOString();
async function givenCampaign(more: Record<string, unknown> = {}): Promise<void> {
  const body = { surveyId, schedule: { onEvent: 'ticket.closed', delayHours: 24 }, ...more };
  const made = await call(create, { body, headers: bearer() });
  if (made.status !== 201) throw new Error(made.text);
  campaignId = (made.body as { id: string }).id;
}
const change = (body: unknown) => call(update, { method: 'PATCH', path: { campaignId }, body, headers: bearer() });
beforeEach(() => givenCampaign());

async function givenTicket(contacts = 1): Promise<string> {
  const ticket = await createRecord(database.app, '0-5', { subject: '問合せ' });
  for (let n = 0; n < contacts; n += 1) {
    const contact = await createRecord(database.app, '0-1', { email: `${ticket.id}.${n}@example.co.jp` });
    await associate(
      database.app,
      { objectType: '0-5', id: ticket.id },
      { objectType: '0-1', id: contact.id },
      'default',
    );
  }
  return ticket.id;
}
const move = (id: string, stage: string) => updateRecord(database.app, '0-5', { id }, { hs_pipeline_stage: stage });
const close = (id: string) => move(id, '4');
const Item = z.object({ type: z.string(), detail: EventDetail });

/** Brings all changes of the ticket to the worker, as the bus does. */
async function deliver(ticketId: string): Promise<void> {
  const events = await database.app.table.all({ pk: `0-5#${ticketId}`, prefix: eventPrefix }, Item);
  const records = events
    .filter(({ type, detail }) => type === 'record.updated' && 'hs_is_closed' in (detail.changes as object))
    .map(({ type, detail }) => Delivered.parse({ 'detail-type': type, source: 'tsunagi', detail }));
  const answer = await notice({
    Records: records.map((record, n) => ({ messageId: String(n), body: JSON.stringify(record) })),
  } as unknown as Parameters<typeof notice>[0]);
  expect(answer.batchItemFailures).toEqual([]);
}
const Input = z.object({ campaignId: z.string() });
const jobsOf = async (kind: string): Promise<Job[]> =>
  (await listJobs(database.app, { limit: 100 })).jobs.filter(
    (job) => job.kind === kind && Input.safeParse(job.input).data?.campaignId === campaignId,
  );
async function run(job: Job | undefined, now: string): Promise<Job> {
  if (!job) throw new Error('there is no job');
  await workOn({ ...database.app, now: () => now }, { jobId: job.id, turn: 1 }, jobKinds);
  return readJob(database.app, job.id);
}
const sendOf = async (job: Job) => readSend(database.app, z.object({ sendId: z.string() }).parse(job.result).sendId);

test('a ticket that is closed asks its contacts about it after the delay, once for a closing however often the event comes', async () => {
  const ticketId = await givenTicket(2);
  await close(ticketId);
  await Promise.all([deliver(ticketId), deliver(ticketId)]);
  await deliver(ticketId);
  const [job, ...others] = await jobsOf('campaign-ask');
  expect(others).toEqual([]);
  expect(Date.parse(job?.notBefore ?? '') - Date.now()).toBeGreaterThan(23 * hour);
  const done = await run(job, later(25 * hour));
  expect(done.status).toBe('COMPLETED');
  const send = await sendOf(done);
  expect(send).toMatchObject({
    surveyId,
    campaignId,
    status: 'CONFIRMED',
    about: { objectType: '0-5', recordId: ticketId },
  });
  expect(send.audience.contactIds).toHaveLength(2);
});

test('a ticket that was reopened meanwhile asks nobody; closed again it asks anew', async () => {
  const ticketId = await givenTicket();
  await close(ticketId);
  await deliver(ticketId);
  await move(ticketId, '1');
  await deliver(ticketId);
  const [job] = await jobsOf('campaign-ask');
  expect((await run(job, later(25 * hour))).result).toEqual({ skipped: 'TICKET_NOT_CLOSED' });
  await close(ticketId);
  await deliver(ticketId);
  expect(await jobsOf('campaign-ask')).toHaveLength(2);
});

test('a campaign that was paused sends nothing for tickets that were closed before', async () => {
  const ticketId = await givenTicket();
  await close(ticketId);
  await deliver(ticketId);
  await change({ active: false });
  const [job] = await jobsOf('campaign-ask');
  expect((await run(job, later(25 * hour))).result).toEqual({ skipped: 'CAMPAIGN_CHANGED' });
});

test('one that asks by time instead needs a list', async () => {
  const refused = await change({ schedule: { cron: '0 9 1 * *' } });
  expect(refused).toMatchObject({ status: 400, body: { context: { fields: ['listId'] } } });
});

test('other pipelines, tickets without a contact and tickets made in a closed stage ask nobody', async () => {
  await change({ schedule: { onEvent: 'ticket.closed', pipelineIds: ['404'] } });
  const elsewhere = await givenTicket();
  await close(elsewhere);
  await deliver(elsewhere);
  expect(await jobsOf('campaign-ask')).toEqual([]);
  await change({ schedule: { onEvent: 'ticket.closed', pipelineIds: ['0'] } });
  const alone = await givenTicket(0);
  await close(alone);
  await deliver(alone);
  expect((await run((await jobsOf('campaign-ask'))[0], later(hour))).result).toEqual({ skipped: 'NO_CONTACT' });
  const born = await createRecord(database.app, '0-5', { subject: '移行', hs_pipeline_stage: '4' });
  await deliver(born.id);
  expect(await jobsOf('campaign-ask')).toHaveLength(1);
});

test('a reminder goes once to who has not answered, with the first send’s links, unless it was taken away', async () => {
  await change({ reminder: { afterDays: 3 }, sampling: { fraction: 0.5 } });
  const ticketId = await givenTicket();
  await close(ticketId);
  await deliver(ticketId);
  const asked = await sendOf(await run((await jobsOf('campaign-ask'))[0], later(25 * hour)));
  expect(asked.sampling).toEqual({ fraction: 0.5 });
  const [job, ...others] = await jobsOf('campaign-reminder');
  expect(others).toEqual([]);
  expect(Date.parse(job?.notBefore ?? '') - Date.now()).toBeGreaterThan(95 * hour);
  const reminder = await sendOf(await run(job, later(98 * hour)));
  expect(reminder).toMatchObject({
    audience: { listIds: [], notAnsweredOf: asked.id },
    parentSendId: asked.id,
    about: asked.about,
  });
  await run(job, later(99 * hour));
  expect(await jobsOf('campaign-reminder')).toHaveLength(1);
});

test('a reminder that was taken away, or whose campaign is paused, asks nobody', async () => {
  for (const patch of [{ reminder: null }, { active: false }]) {
    await givenCampaign({ reminder: { afterDays: 1 } });
    const ticketId = await givenTicket();
    await close(ticketId);
    await deliver(ticketId);
    await run((await jobsOf('campaign-ask'))[0], later(25 * hour));
    expect((await change(patch)).status).toBe(200);
    const [job] = await jobsOf('campaign-reminder');
    expect((await run(job, later(60 * hour))).result).toEqual({ skipped: 'CAMPAIGN_CHANGED' });
  }
});
