import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { RecordUpdated } from '../../../events/record.ts';
import { listAssociated } from '../../../lib/associations/store.ts';
import { appendEvent } from '../../../lib/table/event-log.ts';
import { Table } from '../../../lib/table/table.ts';
import { visitorSentForm } from '../../../lib/tracking/form-sent.ts';
import { action, enquirySteps, formFlow, type Stand, startStand, submitted } from './stand.ts';

let stand: Stand;
let ownerIds: string[];
beforeAll(async () => {
  stand = await startStand();
  ownerIds = [];
  for (const name of ['sato', 'suzuki', 'takahashi', 'ito']) ownerIds.push(await stand.owner(`${name}@example.co.jp`));
});
afterAll(() => stand?.stop());
beforeEach(() => {
  stand.slack.posts.length = 0;
  stand.slack.sink.respond = () => ({ status: 200 });
});

const ticketsOf = async (email: string) =>
  (await stand.all('0-5')).filter(({ properties }) => properties.subject === `お問い合わせ ${email}`);

test('a submission makes a ticket with its associations, an owner and a post, and the run tells all of it', async () => {
  const deal = await stand.record('0-3', {
    dealname: 'LP',
    pipeline: 'default',
    dealstage: 'appointmentscheduled',
    advertiser_id: 's00000012345678',
  });
  const contact = await stand.record('0-1', {
    email: 'tanaka@example.co.jp',
    lastname: '田中',
    advertiser_id: ' Ｓ００００００１２３４５６７８ ',
  });
  const flowId = await stand.createFlow(formFlow(enquirySteps(ownerIds)));
  await stand.tell(submitted(contact));
  expect(await stand.drain()).toEqual([]);

  const [ticket, ...others] = await ticketsOf('tanaka@example.co.jp');
  expect(others).toEqual([]);
  if (!ticket) throw new Error('no ticket');
  expect(ownerIds).toContain(ticket.properties.hubspot_owner_id);
  const idsOf = async (type: string) =>
    (await listAssociated(stand.app, ticket, type, { limit: 10 })).items.map(({ to }) => to.id);
  expect([await idsOf('0-1'), await idsOf('0-3')]).toEqual([[contact.id], [deal.id]]);
  expect(stand.slack.posts.map(({ text }) => text)).toEqual([
    '新しいお問い合わせ: お問い合わせ tanaka@example.co.jp (田中 様)',
  ]);

  const [run] = await stand.runsOf(flowId);
  expect(run).toMatchObject({ status: 'COMPLETED', attempts: 0 });
  expect(run?.steps.map(({ actionId, status, attempts }) => [actionId, status, attempts])).toEqual([
    ['1', 'DONE', 1],
    ['2', 'DONE', 1],
    ['3', 'DONE', 1],
    ['4', 'DONE', 1],
  ]);
  expect(run?.steps[1]?.output).toEqual({ associated: [deal.id] });
  expect(run?.steps[3]?.output).toMatchObject({ state: 'SENT' });

  const log = await stand.logOf(contact);
  expect(log.filter(({ type }) => type === 'flow.run-finished').map(({ detail }) => detail.status)).toEqual([
    'COMPLETED',
  ]);
  const made = (await stand.logOf(ticket)).find(({ type }) => type === 'record.created');
  expect(made).toMatchObject({ type: 'record.created', detail: { actor: { kind: 'flow', id: flowId } } });
  expect(made?.detail.cause).toHaveLength(1);
});

test('events and messages that come many times, at once and out of order, make one ticket and one post', async () => {
  const contact = await stand.record('0-1', { email: 'twice@example.co.jp', lastname: '二' });
  await stand.createFlow(formFlow(enquirySteps(ownerIds), 'f-twice'));
  const event = submitted(contact, 'f-twice');
  await Promise.all([stand.tell(event), stand.tell(event), stand.tell(event)]);
  const messages = stand.waiting.splice(0);
  expect(messages.length).toBeGreaterThan(1);
  const failed = (
    await Promise.all([...messages, ...messages].map((message) => stand.deliver('step', [message])))
  ).flat();
  await stand.deliver('step', failed);
  await stand.deliver('step', messages);
  expect(await ticketsOf('twice@example.co.jp')).toHaveLength(1);
  expect(stand.slack.posts).toHaveLength(1);
});

test('twenty tickets go to four owners, five each', async () => {
  const flowId = await stand.createFlow(
    formFlow(
      enquirySteps(ownerIds)
        .slice(0, 3)
        .map((step) => (step.actionId === '3' ? { ...step, connection: {} } : step)),
      'f-turns',
    ),
  );
  const contacts = await Promise.all(
    Array.from({ length: 20 }, (_, n) => stand.record('0-1', { email: `turn${n}@example.co.jp` })),
  );
  for (const contact of contacts) await stand.tell(submitted(contact, 'f-turns'));
  const failed = await Promise.all(stand.waiting.splice(0).map((message) => stand.deliver('step', [message])));
  expect(failed.flat()).toEqual([]);
  const runs = await stand.runsOf(flowId);
  const chosen = runs.map(({ steps }) => steps[2]?.output?.ownerId);
  expect(ownerIds.map((id) => chosen.filter((owner) => owner === id).length)).toEqual([5, 5, 5, 5]);
});

test('a flow is not set off by what it writes itself', async () => {
  const set = action('1', '0-5', { property_name: 'lastname', value: { type: 'STATIC_VALUE', staticValue: '新' } });
  const flowId = await stand.createFlow({
    ...formFlow([set]),
    enrollmentCriteria: {
      type: 'EVENT_BASED',
      shouldReEnroll: true,
      eventFilterBranches: [{ eventTypeId: '4-655002' }],
    },
  });
  const contact = await stand.record('0-1', { email: 'self@example.co.jp', lastname: '旧' });
  const created = (await stand.logOf(contact)).find(({ type }) => type === 'record.created');
  if (!created) throw new Error('no event');
  await stand.tell({ type: created.type, detail: created.detail as never });
  await stand.drain();
  const updated = (await stand.logOf(contact)).find(({ type }) => type === 'record.updated');
  if (!updated) throw new Error('nothing was updated');
  await stand.tell({ type: updated.type, detail: updated.detail as never });
  expect(await stand.runsOf(flowId)).toHaveLength(1);
});

test('flows that set each other off end after twenty turns, visibly', async () => {
  const flowId = await stand.createFlow(formFlow([action('1', '1-179507819', { text: 'x' })], 'f-deep'));
  const contact = await stand.record('0-1', { email: 'deep@example.co.jp' });
  const event = submitted(contact, 'f-deep');
  const cause = Array.from({ length: 20 }, (_, n) => `E${n}`);
  await stand.tell({ ...event, detail: { ...event.detail, cause } });
  expect(stand.waiting).toEqual([]);
  expect(await stand.runsOf(flowId)).toMatchObject([{ status: 'FAILED', error: expect.stringContaining('20 times') }]);
});

test('without re-enrolment a record goes through a flow once', async () => {
  const body = formFlow([action('1', '1-179507819', { text: '一度 {{ enrolled_object.email }}' })], 'f-once');
  const flowId = await stand.createFlow({
    ...body,
    enrollmentCriteria: { ...body.enrollmentCriteria, shouldReEnroll: false },
  });
  const contact = await stand.record('0-1', { email: 'once@example.co.jp' });
  await stand.tell(submitted(contact, 'f-once'));
  await stand.tell(submitted(contact, 'f-once'));
  await stand.drain();
  expect(await stand.runsOf(flowId)).toHaveLength(1);
  expect(stand.slack.posts).toHaveLength(1);
});

test('what tracking writes of a contact that went through its flows starts nothing, and costs no refused transaction', async () => {
  const filter = { filterType: 'FORM_SUBMISSION', formId: 'f-tracked', operator: 'FILLED_OUT' };
  const flowOf = (shouldReEnroll: boolean) =>
    stand.createFlow({
      ...formFlow([action('1', '1-179507819', { text: '届きました' })], 'f-tracked'),
      enrollmentCriteria: {
        type: 'LIST_BASED',
        shouldReEnroll,
        listFilterBranch: { filterBranchType: 'AND', filterBranches: [], filters: [filter] },
      },
    });
  const flows = [await flowOf(false), await flowOf(true)];
  const contact = await stand.record('0-1', { email: 'tracked@example.co.jp' });
  const form = submitted(contact, 'f-tracked');
  await stand.app.table.commit([appendEvent(form)]);
  await stand.tell(form);
  await stand.drain();
  for (const _ of [1, 2])
    await visitorSentForm({ ...stand.app, actor: { kind: 'system', id: 'tracking/link-visitor' } }, form.detail);
  const updates = (await stand.logOf(contact)).filter(({ type }) => type === RecordUpdated.type);
  expect(updates).toHaveLength(1);
  const commits = vi.spyOn(Table.prototype, 'commit');
  for (const { type, detail } of [...updates, ...updates]) await stand.tell({ type, detail } as never);
  // Flows of other tests may be set off by it.
  const ofFlows = commits.mock.calls.filter((call) => flows.some((id) => JSON.stringify(call).includes(id)));
  commits.mockRestore();
  expect(ofFlows).toEqual([]);
  await stand.drain();
  for (const flowId of flows) expect(await stand.runsOf(flowId)).toHaveLength(1);
});
