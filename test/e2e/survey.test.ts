import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot } from '../support/hubspot.ts';
import { api, slackPosts } from '../support/landing-page.ts';
import { testLocal } from '../support/local.ts';
import {
  admin,
  answerBy,
  finishedWave,
  givenList,
  givenPeople,
  givenSurvey,
  linksIn,
  type Mail,
  mailsTo,
  type Person,
  resultsOf,
  scoreLink,
  sendOf,
  toNextWave,
} from '../support/survey-story.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
let people: Person[];
let surveyId: string;
let campaignId: string;
let sendId: string;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
  people = await givenPeople(local, 'story', 6);
  surveyId = await givenSurvey(local, { senderName: 'つなぎ 事務局', subject: '四半期のお伺い' });
  const listId = await givenList(local, 'NPSの対象者', people);
  const body = { surveyId, listId, schedule: { cron: '0 9 1 * *', timeZone: 'Asia/Tokyo' } };
  campaignId = (await api<{ id: string }>(local, 'POST', '/feedback/v1/campaigns', body)).id;
});
afterAll(() => local?.stop());

const person = (position: number): Person => people[position] as Person;
const mailsOf = (...positions: number[]) =>
  mailsTo(
    local,
    (positions.length > 0 ? positions : people.keys().toArray()).map((position) => person(position).email),
  );
async function mailOf(position: number): Promise<Mail> {
  const [latest] = await mailsOf(position);
  if (!latest) throw new Error(`person ${position} has no mail`);
  return latest;
}
const submissionsOf = async ({ id }: Person) =>
  (await client.crm.associations.v4.basicApi.getPage('contacts', id, 'feedback_submissions')).results;

test('at its minute the campaign sends each member of the list exactly one mail with a one-click way out', async () => {
  await toNextWave(local, campaignId);
  const send = await finishedWave(local, campaignId, 1);
  sendId = send.id;
  const mails = await mailsOf();
  expect(mails.map(({ to }) => to[0]).toSorted()).toEqual(people.map(({ email }) => email).toSorted());
  for (const { headers, subject } of mails) {
    expect(subject).toBe('四半期のお伺い');
    expect(headers['List-Unsubscribe']).toMatch(/<https?:\/\/[^>]+\/u\/[^>]+>/);
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
  }
  const first = await mailOf(0);
  expect(first.text).toContain('佐藤0 様');
  expect(linksIn(first).filter((url) => /\?score=\d+$/.test(url))).toHaveLength(11);
  expect(send.ledger).toMatchObject({ recipients: 6, accepted: 6, failed: 0, pending: 0, unknown: 0, answered: 0 });
});

test('a scanner that opens every link of a mail answers nothing', async () => {
  const links = linksIn(await mailOf(0));
  for (const link of links) {
    await fetch(link, { method: 'HEAD' });
    expect((await fetch(link)).status).toBe(200);
  }
  await admin(local, 'POST', '/idle', {});
  expect(await submissionsOf(person(0))).toEqual([]);
  expect((await sendOf(local, sendId)).ledger).toMatchObject({ answered: 0, unsubscribed: 0 });
  expect(await resultsOf(local, surveyId)).toMatchObject({ responses: 0 });
});

test('an answer is with the contact, in the ledger and in the results within a second', async () => {
  const link = scoreLink(await mailOf(0), 9);
  expect(await (await fetch(link)).text()).toMatch(/value="9" checked/);
  const sent = await answerBy(link, { score: '9', comment: '対応が丁寧でした' });
  expect(sent.status).toBe(303);
  await eventually('the results', async () => (await resultsOf(local, surveyId)).responses === 1, 1000);

  const [pair, ...others] = await submissionsOf(person(0));
  expect(others).toEqual([]);
  expect(pair?.associationTypes.map(({ typeId }) => typeId)).toContain(97);
  const submission = await client.crm.objects.basicApi.getById('feedback_submissions', pair?.toObjectId ?? '', [
    'hs_value',
    'hs_content',
    'hs_survey_id',
  ]);
  expect(submission.properties).toMatchObject({
    hs_value: '9',
    hs_content: '対応が丁寧でした',
    hs_survey_id: surveyId,
  });
  expect((await sendOf(local, sendId)).ledger).toMatchObject({ answered: 1 });
  expect(await resultsOf(local, surveyId)).toMatchObject({ responses: 1, invited: 6, score: 100 });
});

/** A post for each bad score, as people set it up for feedback submissions. */
const detractorFlow = {
  type: 'PLATFORM_FLOW',
  flowType: 'WORKFLOW',
  name: '批判者の回答をSlackへ',
  isEnabled: true,
  objectTypeId: '0-19',
  startActionId: '1',
  nextAvailableActionId: '2',
  actions: [
    {
      type: 'SINGLE_CONNECTION',
      actionId: '1',
      actionTypeId: '1-179507819',
      actionTypeVersion: 0,
      fields: { text: '{{ enrolled_object.hs_survey_name }}: {{ enrolled_object.hs_value }}点' },
    },
  ],
  enrollmentCriteria: {
    type: 'LIST_BASED',
    shouldReEnroll: false,
    listFilterBranch: {
      filterBranchType: 'AND',
      filterBranches: [],
      filters: [
        {
          filterType: 'PROPERTY',
          property: 'hs_response_group',
          operation: { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['DETRACTOR'] },
        },
      ],
    },
  },
};

test('a bad score sets off a flow', async () => {
  await api(local, 'POST', '/automation/v4/flows', detractorFlow);
  expect((await answerBy(scoreLink(await mailOf(5), 2), { score: '2' })).status).toBe(303);
  await eventually('the post', async () => JSON.stringify(await slackPosts(local)).includes('四半期NPS: 2点'), 5000);
});

test('sent again the answer is changed, and the counts move with it', async () => {
  const link = scoreLink(await mailOf(0), 3);
  expect((await answerBy(link, { score: '3' })).status).toBe(303);
  await answerBy(scoreLink(await mailOf(1), 10), { score: '10' });
  await eventually('the results', async () => (await resultsOf(local, surveyId)).responses === 3, 1000);
  const { score, distribution } = await resultsOf(local, surveyId);
  expect({ score, given: distribution.filter(({ count }) => count !== 0) }).toEqual({
    score: -33.3,
    given: [
      { score: 2, count: 1 },
      { score: 3, count: 1 },
      { score: 10, count: 1 },
    ],
  });
  expect(await submissionsOf(person(0))).toHaveLength(1);
  expect((await sendOf(local, sendId)).ledger).toMatchObject({ answered: 3 });
});

test('one click takes a contact out, a bounce and a complaint suppress, and the next wave leaves all three out', async () => {
  const wayOut = /<(https?:[^>]+)>/.exec((await mailOf(2)).headers['List-Unsubscribe'] ?? '')?.[1] ?? '';
  const clicked = await fetch(wayOut, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(clicked.status).toBeLessThan(400);
  for (const [position, type] of [
    [3, 'Bounce'],
    [4, 'Complaint'],
  ] as const) {
    const { messageId } = await mailOf(position);
    const url = `${local.localUrl}/mail/${encodeURIComponent(messageId)}/${type}`;
    expect((await fetch(url, { method: 'POST', redirect: 'manual' })).status).toBeLessThan(400);
  }
  await eventually('the ledger', async () => {
    const { ledger } = await sendOf(local, sendId);
    return ledger.bounced === 1 && ledger.complained === 1 && ledger.unsubscribed === 1;
  });
  await toNextWave(local, campaignId);
  const second = await finishedWave(local, campaignId, 2);
  expect(second.ledger).toMatchObject({ recipients: 3, accepted: 3, pending: 0 });
  const counts = await Promise.all(people.map(async (_, position) => (await mailsOf(position)).length));
  expect(counts).toEqual([2, 2, 1, 1, 1, 2]);
  await eventually('the results', async () => (await resultsOf(local, surveyId)).invited === 9);
});

test('a paused campaign sends nothing at its time', async () => {
  const paused = await api<{ nextRunAt?: string }>(local, 'PATCH', `/feedback/v1/campaigns/${campaignId}`, {
    active: false,
  });
  expect(paused.nextRunAt).toBeUndefined();
  await admin(local, 'POST', '/clock', { advanceMs: 40 * 86_400_000 });
  await admin(local, 'POST', '/idle', {});
  expect(await mailsOf()).toHaveLength(9);
});

test('the table agrees with itself at the end', () => expectVerified(local));
