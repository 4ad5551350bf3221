import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as createList } from '../../../functions/lists/create.ts';
import { handler as cancel } from '../../../functions/sends/cancel.ts';
import { handler as confirm } from '../../../functions/sends/confirm.ts';
import { handler as create } from '../../../functions/sends/create.ts';
import { handler as get } from '../../../functions/sends/get.ts';
import { handler as getFatiguePolicy } from '../../../functions/sends/get-fatigue-policy.ts';
import { handler as getWarmUp } from '../../../functions/sends/get-warm-up.ts';
import { handler as list } from '../../../functions/sends/list.ts';
import { handler as pause } from '../../../functions/sends/pause.ts';
import { handler as preview } from '../../../functions/sends/preview.ts';
import { handler as recipients } from '../../../functions/sends/recipients.ts';
import { handler as resume } from '../../../functions/sends/resume.ts';
import { handler as setFatiguePolicy } from '../../../functions/sends/set-fatigue-policy.ts';
import { handler as setWarmUp } from '../../../functions/sends/set-warm-up.ts';
import { handler as createSurvey } from '../../../functions/surveys/create.ts';
import { readJob } from '../../../lib/jobs/store.ts';
import { sendWrites } from '../../../lib/sends/create.ts';
import { answeredSteps, commitChanges } from '../../../lib/sends/ledger.ts';
import { claimed, enlisted, settled } from '../../../lib/sends/recipient.ts';
import type { PublicSend } from '../../../lib/sends/schema.ts';
import { ConditionFailed } from '../../../lib/table/table.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { givenSurvey } from '../../support/surveys.ts';

let database: Database;
const sqs = mockClient(SQSClient);
beforeAll(async () => {
  database = await startDatabase();
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});

const headers = bearer();
const make = (body: unknown) => call(create, { body, headers });
const on = (handler: unknown, sendId: string, query: Record<string, string> = {}) =>
  call(handler, { path: { sendId }, query, headers });
let lists = 0;
async function givenList(objectTypeId = '0-1'): Promise<string> {
  lists += 1;
  const body = { name: `リスト${lists}`, objectTypeId, processingType: 'MANUAL' };
  return ((await call(createList, { body, headers })).body as { list: { listId: string } }).list.listId;
}
const valid = async (more: Record<string, unknown> = {}) => ({
  surveyId: await givenSurvey(),
  audience: { listIds: [await givenList()] },
  subscriptionTypeId: '1',
  ...more,
});
const draft = async (more: Record<string, unknown> = {}) => (await make(await valid(more))).body as PublicSend;

test('a send is a draft until it is confirmed, and its ledger is empty', async () => {
  const answer = await make(await valid({ cooldownDays: 30 }));
  expect(answer.status).toBe(201);
  const send = answer.body as PublicSend;
  expect(send).toMatchObject({
    status: 'DRAFT',
    cooldownDays: 30,
    ledger: { recipients: 0, pending: 0 },
    excluded: [],
  });
  expect((await on(get, send.id)).body).toEqual(send);
});

test.each([
  ['emailId', { emailId: '5' }, 'emailId'],
  ['timeZone', { timeZone: 'recipient' }, 'timeZone'],
  ['an audience of nobody', { audience: { listIds: [] } }, 'somebody must get it'],
  ['an unknown subscription type', { subscriptionTypeId: '99' }, 'subscriptionTypeId'],
  ['a survey that is not there', { surveyId: '404' }, 'surveyId'],
  ['a list that is not there', { audience: { listIds: ['404'] } }, 'audience.listIds'],
  ['a time that is none', { scheduledAt: 'tomorrow' }, 'scheduledAt'],
  ['a field of the audience that nobody knows', { audience: { listIds: ['1'], everybody: true } }, 'everybody'],
] as const)('%s is refused by name', async (_, more, named) => {
  const answer = await make(await valid(more));
  expect(answer).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  expect(answer.text).toContain(named);
});

test('a list of companies is no audience, and a survey that is not published is not sent', async () => {
  expect((await make(await valid({ audience: { listIds: [await givenList('0-2')] } }))).text).toContain(
    'not one of contacts',
  );
  const { id } = (await call(createSurvey, { body: { name: 'x', type: 'NPS' }, headers })).body as { id: string };
  expect((await make(await valid({ surveyId: id }))).text).toContain('not published');
});

test('confirming starts one job, also when it is repeated', async () => {
  const { id } = await draft();
  const answers = await Promise.all([on(confirm, id), on(confirm, id), on(confirm, id)]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  const jobs = new Set(answers.map(({ body }) => (body as { jobId: string }).jobId));
  expect(jobs.size).toBe(1);
  expect(await readJob(database.app, [...jobs][0] ?? '')).toMatchObject({ kind: 'send-expand', input: { sendId: id } });
  expect((await on(get, id)).body).toMatchObject({ status: 'SENDING', jobId: [...jobs][0] });
});

test('a send of a later time waits for it', async () => {
  const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
  const { id } = await draft({ scheduledAt });
  const { jobId } = (await on(confirm, id)).body as { jobId: string };
  expect((await on(get, id)).body).toMatchObject({ status: 'SCHEDULED', scheduledAt });
  expect(await readJob(database.app, jobId)).toMatchObject({ status: 'QUEUED', notBefore: scheduledAt });
});

test('what a status does not allow is a conflict, what is so already is none', async () => {
  const { id } = await draft();
  expect((await on(pause, id)).status).toBe(409);
  expect((await on(resume, id)).status).toBe(409);
  await on(confirm, id);
  expect((await on(resume, id)).status).toBe(200);
  expect((await on(pause, id)).body).toMatchObject({ status: 'PAUSED' });
  expect((await on(pause, id)).body).toMatchObject({ status: 'PAUSED' });
  expect((await on(cancel, id)).body).toMatchObject({ status: 'CANCELLED' });
  expect((await on(cancel, id)).body).toMatchObject({ status: 'CANCELLED' });
  expect((await on(resume, id)).status).toBe(409);
  expect((await on(confirm, id)).status).toBe(409);
});

test('a draft can be cancelled, and is not confirmed afterwards', async () => {
  const { id } = await draft();
  expect((await on(cancel, id)).body).toMatchObject({ status: 'CANCELLED' });
  expect((await on(confirm, id)).status).toBe(409);
});

test('a send that is not there is a 404 for each of its paths', async () => {
  for (const handler of [get, confirm, pause, resume, cancel, recipients])
    expect((await on(handler, '404')).status).toBe(404);
});

test('sends are listed newest first, page by page', async () => {
  const made = [await draft(), await draft(), await draft()].map(({ id }) => id).toReversed();
  const first = await call(list, { query: { limit: '2' }, headers, method: 'GET', url: '/marketing/v1/sends' });
  const page = first.body as { results: PublicSend[]; paging: { next: { after: string; link: string } } };
  expect(page.results.map(({ id }) => id)).toEqual(made.slice(0, 2));
  const next = await call(list, { query: { limit: '1', after: page.paging.next.after }, headers });
  expect((next.body as { results: PublicSend[] }).results.map(({ id }) => id)).toEqual(made.slice(2));
});

test('recipients are listed by state, in pages that go through all of them', async () => {
  const { id: sendId } = await draft();
  const { app } = database;
  const rows = Array.from({ length: 7 }, (_, n) =>
    enlisted({ sendId, contactId: `10${n}`, email: `r${n}@example.co.jp`, source: 0 }, app.now()),
  );
  await commitChanges(app, sendId, rows);
  const claims = rows.slice(0, 3).map(({ after }) => claimed(after, app.now()));
  await commitChanges(app, sendId, claims);
  await commitChanges(app, sendId, [settled(claims[0]?.after as never, { state: 'SENT', messageId: 'm' }, app.now())]);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const { body } = await on(recipients, sendId, { limit: '2', ...(after && { after }) });
    const page = body as { results: { contactId: string; state: string }[]; paging?: { next: { after: string } } };
    seen.push(...page.results.map(({ contactId, state }) => `${contactId} ${state}`));
    after = page.paging?.next.after;
  } while (after);
  expect(seen).toEqual([
    ...['101', '102', '103', '104', '105', '106'].map((contactId) => `${contactId} PENDING`),
    '100 ACCEPTED',
  ]);
  const accepted = (await on(recipients, sendId, { state: 'ACCEPTED' })).body as { results: unknown[] };
  expect(accepted.results).toMatchObject([{ contactId: '100', reference: 'm' }]);
  expect((await on(recipients, sendId, { state: 'HAPPY' })).status).toBe(400);
  // A client that gets the first page again would go round for ever.
  for (const wrong of ['zzz', 'PENDING', 'HAPPY.101'])
    expect(await on(recipients, sendId, { after: wrong })).toMatchObject({
      status: 400,
      body: { errors: [{ in: 'after' }] },
    });
});

test('other work makes a confirmed send in its own transaction, once for an id', async () => {
  const { app } = database;
  const input = { surveyId: await givenSurvey(), audience: { listIds: [await givenList()] }, campaignId: '7' };
  const { send, job, writes } = await sendWrites(app, input, 'campaign-7-1');
  await app.table.commit(writes);
  expect((await on(get, send.id)).body).toMatchObject({ status: 'SENDING', campaignId: '7', jobId: job.id });
  const again = await sendWrites(app, input, 'campaign-7-1');
  await expect(app.table.commit(again.writes)).rejects.toBeInstanceOf(ConditionFailed);
  await expect(sendWrites(app, input, 'a#b')).rejects.toThrow('id of a send');
});

test('an answer counts once in the ledger, whoever answers at the same time', async () => {
  const { id: sendId } = await draft();
  const { app } = database;
  await commitChanges(app, sendId, [
    enlisted({ sendId, contactId: '9', email: 'a@example.co.jp', source: 0 }, app.now()),
  ]);
  const both = await Promise.all([1, 2].map(() => answeredSteps(app, { sendId, contactId: '9' })));
  const commits = both.map((steps) => app.table.commit(steps.map(({ write }) => write)));
  expect((await Promise.allSettled(commits)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await answeredSteps(app, { sendId, contactId: '9' })).toEqual([]);
  expect(await answeredSteps(app, { sendId: 'none', contactId: '9' })).toEqual([]);
  expect((await on(get, sendId)).body).toMatchObject({
    ledger: { recipients: 1, answered: 1, accepted: 1, pending: 0 },
  });
});

test('what people decided about all mail is there until they decide otherwise', async () => {
  expect((await call(getFatiguePolicy, { method: 'GET', headers })).body).toEqual({ holdWhileTicketOpenIn: [] });
  const policy = { perPerson: { surveys: 1, days: 90 }, mailsPerWeek: 3, holdWhileTicketOpenIn: ['0'] };
  expect(await call(setFatiguePolicy, { method: 'PUT', body: policy, headers })).toMatchObject({
    status: 200,
    body: policy,
  });
  expect((await call(getFatiguePolicy, { method: 'GET', headers })).body).toEqual(policy);
  await call(setFatiguePolicy, { method: 'PUT', body: {}, headers });
  const plan = { startOn: '2020-01-01', perDay: [50, 100] };
  expect((await call(setWarmUp, { method: 'PUT', body: plan, headers })).body).toMatchObject({
    ...plan,
    today: { used: 0 },
  });
  expect((await call(getWarmUp, { method: 'GET', headers })).body).toMatchObject(plan);
});

test.each([
  [setFatiguePolicy, { perPerson: { surveys: 0, days: 90 } }, 'perPerson.surveys'],
  [setFatiguePolicy, { perWeek: 3 }, 'perWeek'],
  [setWarmUp, { startOn: '2026-13-01', perDay: [] }, 'startOn'],
] as const)('a setting that makes no sense is refused by the name of its field', async (handler, body, field) => {
  const answer = await call(handler, { method: 'PUT', body, headers });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain(field);
});

test.each([
  ['surveyId and emailId together', { emailId: '1' }, 'exactly one'],
  ['an e-mail that is not there', { surveyId: undefined, emailId: '404' }, 'emailId'],
  ['a zone that is none', { timeZone: 'Mars/Olympus', scheduledAt: '2026-12-01T10:00' }, 'timeZone'],
  ['a sample of nobody', { sampling: { fraction: 0 } }, 'sampling.fraction'],
  ['a send that is not there', { audience: { notAnsweredOf: '404' } }, 'audience.notAnsweredOf'],
] as const)('%s is refused', async (_, more, named) => {
  const answer = await make(await valid(more));
  expect(answer.status).toBe(400);
  expect(answer.text).toContain(named);
});

test('only a draft is looked at', async () => {
  const { id } = await draft();
  await on(cancel, id);
  expect((await on(preview, id)).status).toBe(409);
  expect((await on(preview, '404')).status).toBe(404);
});
