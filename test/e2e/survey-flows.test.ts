import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot } from '../support/hubspot.ts';
import { api } from '../support/landing-page.ts';
import { testLocal } from '../support/local.ts';
import {
  admin,
  answerBy,
  givenPeople,
  givenSurvey,
  linksIn,
  type Mail,
  mailsTo,
  moveClockTo,
  type Person,
  resultsOf,
} from '../support/survey-story.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
let people: Person[];
let npsId: string;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
  people = await givenPeople(local, 'flows', 3);
  await givenDetractorFlow();
});
afterAll(() => local?.stop());

/** 【メディア】インセ掲載可否・変更・停止依頼, and stages of it. */
const media = { pipeline: '103', asked: '10301', allowed: '10302', closed: '10305' };
const person = (position: number) => people[position] as Person;
const stageOf = async (id: string) =>
  (await client.crm.tickets.basicApi.getById(id, ['hs_pipeline_stage'])).properties.hs_pipeline_stage;

async function givenTicket(contact: Person, stage: string): Promise<string> {
  const { id } = await client.crm.tickets.basicApi.create({
    properties: { subject: 'インセンティブ掲載のお伺い', hs_pipeline: media.pipeline, hs_pipeline_stage: stage },
    associations: [
      { to: { id: contact.id }, types: [{ associationCategory: 'HUBSPOT_DEFINED' as never, associationTypeId: 16 }] },
    ],
  });
  return id;
}

const step = (actionTypeId: string, fields: Record<string, unknown>) => ({
  type: 'SINGLE_CONNECTION',
  actionId: '1',
  actionTypeId,
  actionTypeVersion: 0,
  fields,
});
const filter = (property: string, value: string) => ({
  filterType: 'PROPERTY',
  property,
  operation: { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: [value] },
});
const given = (objectTypeId: string, filters: unknown[], action: unknown) =>
  api(local, 'POST', '/automation/v4/flows', {
    type: 'PLATFORM_FLOW',
    flowType: 'WORKFLOW',
    isEnabled: true,
    objectTypeId,
    startActionId: '1',
    nextAvailableActionId: '2',
    actions: [action],
    enrollmentCriteria: {
      type: 'LIST_BASED',
      shouldReEnroll: true,
      listFilterBranch: { filterBranchType: 'AND', filterBranches: [], filters },
    },
  });
const mailOf = (to: Person, subject: string): Promise<Mail> =>
  eventually(
    `a mail ${subject}`,
    async () => (await mailsTo(local, [to.email])).find((mail) => mail.subject === subject),
    20_000,
  );

/** A ticket for each bad score. Workers may take some seconds to see a new flow, so it is there before anybody answers. */
async function givenDetractorFlow(): Promise<void> {
  npsId = await givenSurvey(local, { subject: 'NPSのお伺い' });
  await given('0-19', [filter('hs_response_group', 'DETRACTOR'), filter('hs_survey_id', npsId)], {
    ...step('0-14', {
      object_type_id: '0-5',
      properties: [
        {
          targetProperty: 'subject',
          value: {
            type: 'STATIC_VALUE',
            staticValue: '低評価 {{ enrolled_object.hs_value }}: {{ enrolled_object.answer_comment }}',
          },
        },
      ],
      associations: [
        {
          target: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 16 },
          value: { type: 'ASSOCIATED_OBJECT', objectTypeId: '0-1' },
        },
      ],
    }),
  });
}

test('R49: 可 or 不可 in a mail moves the right ticket to its stage', async () => {
  const surveyId = await givenSurvey(local, {
    type: 'CUSTOM',
    name: 'インセ掲載可否',
    subject: '掲載可否のお伺い',
    questions: [
      { id: 'placement', type: 'select', label: '掲載の可否', options: ['可', '不可'], required: true },
      { id: 'reason', type: 'text', label: '理由', showIf: { questionId: 'placement', in: ['不可'] } },
    ],
  });
  await given('0-5', [filter('hs_pipeline_stage', media.asked)], step('send-survey', { survey_id: surveyId }));
  const target = { type: 'ASSOCIATED_OBJECT', objectTypeId: '0-5' };
  for (const [answer, stage] of [
    ['可', media.allowed],
    ['不可', media.closed],
  ] as const) {
    const value = { type: 'STATIC_VALUE', staticValue: stage };
    const filters = [filter('hs_survey_id', surveyId), filter('answer_placement', answer)];
    await given('0-19', filters, step('0-5', { property_name: 'hs_pipeline_stage', value, target }));
  }
  const [first, second] = [await givenTicket(person(0), media.asked), await givenTicket(person(1), media.asked)];
  const links = linksIn(await mailOf(person(0), '掲載可否のお伺い')).filter((url) => url.includes('?answer='));
  expect(links.map((url) => new URL(url).searchParams.get('answer'))).toEqual(['可', '不可']);
  for (const link of links) await fetch(link);
  expect(await stageOf(first)).toBe(media.asked);
  expect((await answerBy(links[0] ?? '', { placement: '可' })).status).toBe(303);
  await eventually('the stage', async () => (await stageOf(first)) === media.allowed, 5000);
  expect(await stageOf(second)).toBe(media.asked);
  await answerBy(links[0] ?? '', { placement: '不可', reason: '在庫なし' });
  await eventually('the stage after a change of mind', async () => (await stageOf(first)) === media.closed, 5000);
});

test('a detractor gets a ticket, associated with the person', async () => {
  const body = { surveyId: npsId, audience: { contactIds: [person(2).id] }, subscriptionTypeId: '1' };
  const { id } = await api<{ id: string }>(local, 'POST', '/marketing/v1/sends', body);
  await api(local, 'POST', `/marketing/v1/sends/${id}/confirm`, {});
  const link = linksIn(await mailOf(person(2), 'NPSのお伺い')).find((url) => url.endsWith('?score=2')) ?? '';
  await answerBy(link, { score: '2', comment: '返信が遅い' });
  const subjects = async () => {
    const { results } = await client.crm.associations.v4.basicApi.getPage('contacts', person(2).id, 'tickets');
    const tickets = await Promise.all(
      results.map(({ toObjectId }) => client.crm.tickets.basicApi.getById(toObjectId, ['subject'])),
    );
    return tickets.map(({ properties }) => properties.subject);
  };
  await eventually('the ticket', async () => (await subjects()).includes('低評価 2: 返信が遅い'), 5000);
});

test('R48: a closed ticket asks how easy it was, and who does not answer is reminded once', async () => {
  const surveyId = await givenSurvey(local, { type: 'CES', name: 'CES', subject: 'CESのお伺い' });
  const schedule = { onEvent: 'ticket.closed', delayHours: 24, pipelineIds: [media.pipeline] };
  await api(local, 'POST', '/feedback/v1/campaigns', { surveyId, schedule, reminder: { afterDays: 3 } });
  const [answers, waits] = [await givenTicket(person(0), media.allowed), await givenTicket(person(1), media.allowed)];
  for (const id of [answers, waits])
    await client.crm.tickets.basicApi.update(id, { properties: { hs_pipeline_stage: media.closed } });
  await admin(local, 'POST', '/idle', {});
  const { now } = await admin<{ now: string }>(local, 'GET', '/clock');
  const after = (hours: number) => new Date(Date.parse(now) + hours * 3_600_000).toISOString();
  await moveClockTo(local, after(25));
  const link = linksIn(await mailOf(person(0), 'CESのお伺い')).find((url) => url.endsWith('?score=7')) ?? '';
  await mailOf(person(1), 'CESのお伺い');
  await answerBy(link, { score: '7' });
  await eventually('the results', async () => (await resultsOf(local, surveyId)).responses === 1);
  await moveClockTo(local, after(25 + 73));
  const again = await mailOf(person(1), '【再送】CESのお伺い');
  const late = linksIn(again).find((url) => url.endsWith('?score=2')) ?? '';
  await answerBy(late, { score: '2' });
  await eventually('both', async () => (await resultsOf(local, surveyId)).responses === 2);
  expect(await resultsOf(local, surveyId)).toMatchObject({ responses: 2, invited: 2, score: 4.5 });
  await admin(local, 'POST', '/idle', {});
  const mails = await mailsTo(local, [person(0).email, person(1).email]);
  const asked = mails.filter(({ subject }) => subject.includes('CES')).map(({ to, subject }) => `${to[0]} ${subject}`);
  expect(asked.toSorted()).toEqual(
    [
      `${person(0).email} CESのお伺い`,
      `${person(1).email} CESのお伺い`,
      `${person(1).email} 【再送】CESのお伺い`,
    ].toSorted(),
  );
});

test('the table agrees with itself at the end', () => expectVerified(local));
