import { SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as batchRead } from '../../../functions/flows/batch-read.ts';
import { handler as create } from '../../../functions/flows/create.ts';
import { handler as get } from '../../../functions/flows/get.ts';
import { handler as getRun } from '../../../functions/flows/get-run.ts';
import { handler as list } from '../../../functions/flows/list.ts';
import { handler as listRuns } from '../../../functions/flows/list-runs.ts';
import { handler as remove } from '../../../functions/flows/remove.ts';
import { handler as retryRun } from '../../../functions/flows/retry-run.ts';
import { handler as stop } from '../../../functions/flows/stop.ts';
import { handler as update } from '../../../functions/flows/update.ts';
import { listenersOf } from '../../../lib/flows/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

const sqs = mockClient(SQSClient).onAnyCommand().resolves({});
let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});

const headers = bearer();
const body = (more: Record<string, unknown> = {}) => ({
  type: 'PLATFORM_FLOW',
  flowType: 'WORKFLOW',
  name: 'チケット通知',
  isEnabled: true,
  objectTypeId: '0-5',
  startActionId: '1',
  nextAvailableActionId: '2',
  actions: [
    {
      type: 'SINGLE_CONNECTION',
      actionId: '1',
      actionTypeId: '1-179507819',
      actionTypeVersion: 0,
      fields: { text: 'x' },
      note: 'kept',
    },
  ],
  enrollmentCriteria: {
    type: 'EVENT_BASED',
    shouldReEnroll: false,
    eventFilterBranches: [{ eventTypeId: '4-1463224', filters: [] }],
  },
  timeWindows: [],
  blockedDates: [],
  customProperties: { a: 'b' },
  ...more,
});
type Flow = { id: string; revisionId: string; isEnabled: boolean } & Record<string, unknown>;
const made = async (more: Record<string, unknown> = {}) => {
  const answer = await call(create, { body: body(more), headers });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Flow;
};
const put = (flow: Flow, more: Record<string, unknown> = {}) =>
  call(update, { path: { flowId: flow.id }, body: { ...flow, ...more }, headers });
const heard = async (type = '0-5') =>
  (await listenersOf(database.app, type, { fresh: true })).map(({ flowId }) => flowId);

test('a flow comes back as it was given, with an id and its first revision', async () => {
  const flow = await made();
  expect(flow).toMatchObject({
    ...body(),
    revisionId: '1',
    id: expect.stringMatching(/^\d{16}$/),
    uuid: expect.any(String),
    createdAt: expect.any(String),
  });
  expect((await call(get, { path: { flowId: flow.id }, headers })).body).toEqual(flow);
  expect((await call(get, { path: { flowId: '1' }, headers })).status).toBe(404);
});

test('only enabled flows with an enrolment by event or list are listened to', async () => {
  const enabled = await made();
  const disabled = await made({ isEnabled: false });
  const manual = await made({ enrollmentCriteria: { type: 'MANUAL' } });
  const ids = await heard();
  expect([enabled, disabled, manual].map(({ id }) => ids.includes(id))).toEqual([true, false, false]);
});

test('a flow that a client read can be sent back; each change is a revision', async () => {
  const flow = await made();
  const answer = await put(flow, { name: '新', objectTypeId: '0-3' });
  expect(answer).toMatchObject({
    status: 200,
    body: { id: flow.id, name: '新', revisionId: '2', createdAt: flow.createdAt },
  });
  expect(await heard('0-5')).not.toContain(flow.id);
  expect(await heard('0-3')).toContain(flow.id);
  expect(await put(flow)).toMatchObject({
    status: 409,
    body: { category: 'CONFLICT', message: expect.stringContaining('revision 2') },
  });
  const { revisionId: _, ...without } = flow;
  expect(await put(without as Flow)).toMatchObject({ status: 400, body: { errors: [{ in: 'revisionId' }] } });
});

test('of two changes at once one wins and the other is told', async () => {
  const flow = await made();
  const answers = await Promise.all([put(flow, { name: 'a' }), put(flow, { name: 'b' }), put(flow, { name: 'c' })]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
});

test('stopping a flow switches it off', async () => {
  const flow = await made();
  expect(await call(stop, { path: { flowId: flow.id }, headers })).toMatchObject({
    status: 200,
    body: { isEnabled: false, revisionId: '2' },
  });
  expect(await heard()).not.toContain(flow.id);
});

test('a deleted flow is gone from everywhere', async () => {
  const flow = await made();
  expect(await call(remove, { path: { flowId: flow.id }, headers })).toMatchObject({ status: 204, text: '' });
  expect((await call(get, { path: { flowId: flow.id }, headers })).status).toBe(404);
  expect((await call(remove, { path: { flowId: flow.id }, headers })).status).toBe(404);
  expect(await heard()).not.toContain(flow.id);
});

test('flows are listed page by page without their actions', async () => {
  const flows = [await made(), await made(), await made()];
  const seen: Flow[] = [];
  let after: string | undefined;
  do {
    const answer = await call(list, {
      method: 'GET',
      url: '/automation/v4/flows',
      query: { limit: '2', ...(after && { after }) },
      headers,
    });
    const page = answer.body as { results: Flow[]; paging?: { next: { after: string; link: string } } };
    seen.push(...page.results);
    after = page.paging?.next.after;
    if (page.paging) expect(page.paging.next.link).toContain(`after=${after}`);
  } while (after);
  expect(seen.map(({ id }) => id)).toEqual(expect.arrayContaining(flows.map(({ id }) => id)));
  expect(Object.keys(seen[0] ?? {}).sort()).toEqual([
    'createdAt',
    'flowType',
    'id',
    'isEnabled',
    'name',
    'objectTypeId',
    'revisionId',
    'updatedAt',
    'uuid',
  ]);
});

test('a batch read answers what it finds and names the rest', async () => {
  const flow = await made();
  const read = (...ids: string[]) =>
    call(batchRead, { body: { inputs: ids.map((flowId) => ({ flowId, type: 'FLOW_ID' })) }, headers });
  expect(await read(flow.id)).toMatchObject({ status: 200, body: { status: 'COMPLETE', results: [{ id: flow.id }] } });
  expect(await read(flow.id, '9')).toMatchObject({
    status: 207,
    body: { results: [{ id: flow.id }], numErrors: 1, errors: [{ context: { ids: ['9'] } }] },
  });
});

test.each([
  ['no type', { type: undefined }, ['type']],
  ['an action of no kind', { actions: [{ type: 'DANCE', actionId: '1' }] }, ['actions.0.type']],
  [
    'an action type that is not there',
    { actions: [{ ...body().actions[0], actionTypeId: '0-42' }] },
    ['actions.0.actionTypeId'],
  ],
  ['an action without its fields', { actions: [{ ...body().actions[0], fields: {} }] }, ['actions.0.fields.text']],
  [
    'a private webhook over HTTP',
    { actions: [{ type: 'WEBHOOK', actionId: '1', webhookUrl: 'http://10.0.0.1/' }] },
    ['actions.0.webhookUrl'],
  ],
])('a definition with %s is a 400 that names it, and nothing is stored', async (_, more, fields) => {
  const before = (await call(list, { query: { limit: '500' }, headers })).text;
  const answer = await call(create, { body: body(more), headers });
  expect(answer).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  expect((answer.body as { errors: { in: string }[] }).errors.map((error) => error.in)).toEqual(fields);
  expect((await call(list, { query: { limit: '500' }, headers })).text).toBe(before);
});

test('runs of a flow that is not there, and runs that are not there, are 404', async () => {
  const flow = await made();
  const path = { flowId: flow.id, runId: 'x' };
  expect(await call(listRuns, { path, headers })).toMatchObject({ status: 200, body: { results: [] } });
  expect((await call(listRuns, { path: { flowId: '9' }, headers })).status).toBe(404);
  expect((await call(getRun, { path, headers })).status).toBe(404);
  expect((await call(retryRun, { path, headers })).status).toBe(404);
  expect((await call(listRuns, { path, query: { status: 'ODD' }, headers })).status).toBe(400);
});

const window = { day: 'MONDAY', startTime: { hour: 9, minute: 0 }, endTime: { hour: 18, minute: 0 } };
const filters = (more: Record<string, unknown>) => ({
  filterBranchType: 'OR',
  filterBranches: [
    { filterBranchType: 'AND', filters: [{ filterType: 'FORM_SUBMISSION', operator: 'FILLED_OUT', ...more }] },
  ],
});
const listBased = (more: Record<string, unknown>, filter: Record<string, unknown> = {}) => ({
  enrollmentCriteria: { type: 'LIST_BASED', listFilterBranch: filters(filter), ...more },
});
const webhook = (more: Record<string, unknown>) => ({
  actions: [{ type: 'WEBHOOK', actionId: '1', webhookUrl: 'https://example.co.jp/', ...more }],
});

test.each([
  ['timeWindows', { timeWindows: [window] }],
  ['blockedDates', { blockedDates: [{ dayOfMonth: 1, month: 'JANUARY' }] }],
  ['goalFilterBranch', { goalFilterBranch: filters({}) }],
  ['unEnrollmentSetting', { unEnrollmentSetting: { type: 'ALL', flowIds: [] } }],
  ['unEnrollmentSetting', { unEnrollmentSetting: { type: 'SELECTIVE', flowIds: ['7'] } }],
  ['suppressionListIds', { suppressionListIds: [7] }],
  ['suppressionFilterBranch', { suppressionFilterBranch: filters({}) }],
  ['enrollmentSchedule', { enrollmentSchedule: { type: 'DAILY', timeOfDay: { hour: 9, minute: 0 } } }],
  ['canEnrollFromSalesforce', { canEnrollFromSalesforce: true }],
  ['enrollmentCriteria.unEnrollObjectsNotMeetingCriteria', listBased({ unEnrollObjectsNotMeetingCriteria: true })],
  [
    'enrollmentCriteria.listFilterBranch.filterBranches.0.filters.0.coalescingRefineBy',
    listBased({}, { coalescingRefineBy: { type: 'NUM_OCCURRENCES', minOccurrences: 2 } }),
  ],
  ['actions.0.authSettings', webhook({ authSettings: { type: 'SIGNATURE', appId: 1 } })],
])('%s that the engine would not carry out is refused by name', async (field, more) => {
  const answer = await call(create, { body: body(more), headers });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ in: field }] } });
  expect(answer.text).toContain('is not supported');
});

test("settings that are off or empty, as in every body of HubSpot's, are taken", async () => {
  await made({
    timeWindows: [],
    blockedDates: [],
    suppressionListIds: [],
    canEnrollFromSalesforce: false,
    goalFilterBranch: { filterBranchType: 'OR', filterBranchOperator: 'OR', filterBranches: [], filters: [] },
    unEnrollmentSetting: { type: 'SELECTIVE', flowIds: [] },
    enrollmentSchedule: null,
    ...listBased({ unEnrollObjectsNotMeetingCriteria: false }, { pruningRefineBy: null }),
    ...webhook({ authSettings: null }),
  });
});

test('a choice that does not exist is answered with those that do', async () => {
  const wrong = async (more: Record<string, unknown>) => (await call(create, { body: body(more), headers })).text;
  expect(await wrong({ type: 'DEAL_FLOW' })).toContain('must be CONTACT_FLOW or PLATFORM_FLOW');
  expect(await wrong({ enrollmentCriteria: { type: 'DATASET' } })).toContain(
    'must be EVENT_BASED, LIST_BASED or MANUAL',
  );
  expect(await wrong({ actions: [{ type: 'CUSTOM_CODE', actionId: '1' }] })).toContain('WEBHOOK, STATIC_BRANCH');
  const flow = await made();
  expect((await put(flow, { revisionId: undefined })).text).toContain('must be the current revision of the flow');
});

test('who stops or deletes a flow is not refused because somebody saves it at the same time', async () => {
  const flow = await made();
  const path = { flowId: flow.id };
  const saves = Array.from({ length: 5 }, () => put(flow, { name: '新' }));
  const [stopped] = await Promise.all([call(stop, { path, headers }), ...saves]);
  expect(stopped).toMatchObject({ status: 200, body: { isEnabled: false } });
  expect((await call(get, { path, headers })).body).toMatchObject({ isEnabled: false });
  const again = (await call(get, { path, headers })).body as Flow;
  const [removed] = await Promise.all([
    call(remove, { path, headers }),
    ...Array.from({ length: 5 }, () => put(again)),
  ]);
  expect(removed?.status).toBe(204);
  expect((await call(get, { path, headers })).status).toBe(404);
});
