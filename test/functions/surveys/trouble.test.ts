import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as answerSurvey } from '../../../functions/pages/answer-survey.ts';
import { handler as showSurvey } from '../../../functions/pages/show-survey.ts';
import { handler as responses } from '../../../functions/surveys/responses.ts';
import { handler as results } from '../../../functions/surveys/results.ts';
import { announceJob } from '../../../lib/jobs/store.ts';
import { eraseReferenced } from '../../../lib/lifecycle/erase.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { findRecipient } from '../../../lib/sends/ledger.ts';
import { Recipient } from '../../../lib/sends/recipient.ts';
import { invitationToken } from '../../../lib/surveys/invitation.ts';
import { readSurvey } from '../../../lib/surveys/store.ts';
import { recipientKey, surveyResultKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { mockJobs } from '../../support/reports.ts';
import { givenLinkKeys, givenSurvey, invite, projectAll, projectSubmissions } from '../../support/surveys.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const jobs = mockJobs();
beforeAll(async () => {
  database = await startDatabase();
  givenLinkKeys();
});
afterAll(async () => {
  jobs.restore();
  await database.close();
});

const send = (token: string, values: Record<string, string>) =>
  call(answerSurvey, {
    url: `/s/${token}`,
    path: { token },
    body: new URLSearchParams(values).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const open = (token: string) => call(showSurvey, { method: 'GET', url: `/s/${token}`, path: { token } });
const get = (handler: unknown, surveyId: string, query: Record<string, string>) =>
  call(handler, { method: 'GET', path: { surveyId }, query, headers: bearer() });
const answersTo = async (surveyId: string) =>
  ((await get(responses, surveyId, {})).body as { results: { id: string; contactId?: string; score: number }[] })
    .results;
const contact = async () => (await createRecord(database.app, '0-1', { lastname: '佐藤' })).id;
const merge = (primaryId: string, otherId: string) =>
  mergeRecords(database.app, { objectType: '0-1', primaryId, otherId });

async function erase(objectType: string, id = ''): Promise<void> {
  const job = await eraseReferenced(database.app, objectType, { id });
  if (job) await announceJob(job);
  await jobs.work(database.app);
}

/** Mails of a send that went to these contacts. */
async function givenSent(sendId: string, contactIds: readonly string[]): Promise<void> {
  const now = database.app.now();
  const row = { sendId, email: 'a@example.co.jp', state: 'ACCEPTED', attempts: 1, leaseUntil: 0, source: 0 };
  await database.app.table.commit(
    contactIds.map((contactId) => ({
      put: {
        ...recipientKey(contactId, sendId),
        entity: 'recipient',
        ...Recipient.parse({ ...row, contactId, createdAt: now, updatedAt: now }),
      },
    })),
  );
}

async function tokenFor(surveyId: string, contactId: string, sendId: string, parentSendId?: string): Promise<string> {
  const survey = await readSurvey(database.app, surveyId);
  const to = { contactId, sendId, parentSendId, now: database.app.now() };
  return (await invitationToken(survey, to)) ?? '';
}

test('a person who was merged between the invitation and the reminder has one answer, by both mails', async () => {
  const surveyId = await givenSurvey();
  for (const first of ['invitation', 'reminder'] as const) {
    const sendId = `merge-${first}`;
    const [kept, gone] = [await contact(), await contact()];
    await givenSent(sendId, [gone]);
    const invited = await tokenFor(surveyId, gone, sendId);
    await merge(kept, gone);
    const reminded = await tokenFor(surveyId, kept, 'reminder', sendId);
    const [one, other] = first === 'invitation' ? [invited, reminded] : [reminded, invited];
    const before = (await answersTo(surveyId)).length;
    expect((await send(one, { score: '3' })).status).toBe(303);
    expect((await open(other)).text).toContain('value="3" checked');
    expect((await send(other, { score: '9' })).status).toBe(303);
    const all = await answersTo(surveyId);
    expect(all).toHaveLength(before + 1);
    expect(all[0]).toMatchObject({ contactId: kept, score: 9 });
    expect((await findRecipient(database.app, gone, sendId))?.answeredAt).toBeDefined();
  }
});

test('an answer of before the merge is what both mails change', async () => {
  const surveyId = await givenSurvey();
  const [kept, gone] = [await contact(), await contact()];
  await givenSent('before', [gone]);
  const invited = await tokenFor(surveyId, gone, 'before');
  await send(invited, { score: '3' });
  await merge(kept, gone);
  const reminded = await tokenFor(surveyId, kept, 'reminder', 'before');
  await Promise.all([send(reminded, { score: '8' }), send(invited, { score: '8' }), send(reminded, { score: '8' })]);
  expect(await answersTo(surveyId)).toMatchObject([{ score: 8 }]);
});

test('a period that ends before it begins is refused by name', async () => {
  const surveyId = await givenSurvey();
  for (const handler of [results, responses]) {
    const refused = await get(handler, surveyId, { from: '2026-12-31', to: '2026-01-01' });
    expect(refused).toMatchObject({ status: 400, body: { context: { fields: ['from'] } } });
  }
});

test('the cursor of a page that another period would not have leads to no page', async () => {
  const surveyId = await givenSurvey();
  for (let n = 0; n < 2; n += 1) await send((await invite(database, surveyId)).token, { score: '5' });
  const first = (await get(responses, surveyId, { limit: '1' })).body as { paging: { next: { after: string } } };
  const { after } = first.paging.next;
  const spans: Record<string, string>[] = [{ to: '2026-01-01' }, { from: '2099-01-01' }];
  for (const span of spans)
    expect(await get(responses, surveyId, { after, ...span })).toMatchObject({ status: 200, body: { results: [] } });
});

test('the results agree with the answers, those of erased people included', async () => {
  const surveyId = await givenSurvey();
  const people = [await invite(database, surveyId), await invite(database, surveyId), await invite(database, surveyId)];
  for (const [position, { token }] of people.entries()) await send(token, { score: String(position * 5) });
  await projectAll(
    database,
    people.map(({ contactId }) => contactId),
  );
  const ofSurvey = async () =>
    (await disagreements(database, { kept: ['survey results'] })).filter(({ key }) =>
      key.startsWith(`survey#${surveyId} `),
    );
  await erase('0-1', people[0]?.contactId);
  expect(await answersTo(surveyId)).toHaveLength(2);
  expect((await get(results, surveyId, {})).body).toMatchObject({ responses: 3 });
  expect(await ofSurvey()).toEqual([]);
  const key = surveyResultKey(surveyId, '2026-01-01');
  await database.app.table.commit([{ update: key, add: { responses: 1 } }]);
  expect(await ofSurvey()).toMatchObject([{ what: 'responses says 1, counted 0' }]);
  await database.app.table.commit([{ remove: key }]);
});

test('an anonymous answer goes with its submission, and everything agrees', async () => {
  const surveyId = await givenSurvey({ anonymous: true });
  for (let n = 0; n < 6; n += 1) await send(await tokenFor(surveyId, '1', '2'), { score: '4', comment: `極秘${n}` });
  await projectSubmissions(database);
  const [first] = await answersTo(surveyId);
  await erase('0-19', first?.id);
  expect(await answersTo(surveyId)).toHaveLength(5);
  const left = (await disagreements(database, { kept: ['survey results'] })).filter(({ key }) =>
    key.includes(surveyId),
  );
  expect(left).toEqual([]);
});
