import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handler as retryRun } from '../../../functions/flows/retry-run.ts';
import { handler as update } from '../../../functions/flows/update.ts';
import { handler as listDeliveries } from '../../../functions/integrations/list-slack-deliveries.ts';
import { handler as retryDelivery } from '../../../functions/integrations/retry-slack-delivery.ts';
import { readFlow } from '../../../lib/flows/store.ts';
import { call } from '../../support/call.ts';
import { bearer } from '../../support/database.ts';
import { action, begin, enquirySteps, fixed, formFlow, type Stand, startStand, submitted } from './stand.ts';

let stand: Stand;
let ownerId: string;
let count = 0;
beforeAll(async () => {
  stand = await startStand();
  ownerId = await stand.owner('sato@example.co.jp');
});
afterAll(() => stand?.stop());
beforeEach(() => {
  count += 1;
  stand.waiting.length = 0;
  stand.slack.posts.length = 0;
  stand.slack.sink.respond = () => ({ status: 200 });
  stand.connect(stand.slack.url);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const slack = (text = '知らせ') => action('1', '1-179507819', { text });
const email = () => `c${count}@example.co.jp`;

const begun = (actions: readonly { actionId: string }[]) => begin(stand, `${count}`, actions);
const deliveryOf = async () => {
  const { body } = await call(listDeliveries, { headers: bearer(), query: { limit: '1' } });
  return (body as { results: { id: string; state: string; attempts: number; reason?: string; runId: string }[] })
    .results[0];
};
const retry = (flowId: string, runId: string) => call(retryRun, { path: { flowId, runId }, headers: bearer() });
const table = () =>
  Object.getPrototypeOf(stand.app.table) as { commit: (writes: readonly Record<string, unknown>[]) => Promise<void> };

test('Slack being down is shown, and tried again until it is up: one post', async () => {
  const { run, take } = await begun([slack()]);
  stand.slack.sink.respond = () => ({ status: 503 });
  expect(await take()).toBe(false);
  expect(await take()).toBe(false);
  expect(await run()).toMatchObject({
    status: 'RUNNING',
    attempts: 2,
    error: 'answered 503: ok',
    steps: [{ status: 'PENDING', attempts: 2 }],
  });
  expect(await deliveryOf()).toMatchObject({ state: 'RETRY', attempts: 2, reason: 'answered 503: ok' });
  stand.slack.sink.respond = () => ({ status: 200 });
  expect(await take()).toBe(true);
  expect(stand.slack.posts).toHaveLength(1);
  expect(await run()).toMatchObject({ status: 'COMPLETED', steps: [{ status: 'DONE', attempts: 3 }] });
});

test('a throttled post is not tried again before Slack allows it', async () => {
  const { take } = await begun([slack()]);
  stand.slack.sink.respond = () => ({ status: 429, headers: { 'retry-after': '30' } });
  expect(await take()).toBe(false);
  expect(stand.heldFor().at(-1)).toBe(30);
  stand.slack.sink.respond = () => ({ status: 200 });
  expect(await take()).toBe(false);
  expect(stand.heldFor().at(-1)).toBe(30);
  expect(stand.slack.posts).toHaveLength(0);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  expect(await take()).toBe(true);
  expect(stand.slack.posts).toHaveLength(1);
});

test('a post whose answer was cut off is not sent again by itself; a person may send it again, with the same id', async () => {
  const { run, take } = await begun([slack()]);
  stand.slack.sink.respond = () => 'cut';
  expect(await take()).toBe(true);
  expect(await take()).toBe(true);
  expect(stand.slack.posts).toHaveLength(1);
  expect(await run()).toMatchObject({ status: 'COMPLETED', steps: [{ output: { state: 'UNKNOWN' } }] });
  const delivery = await deliveryOf();
  expect(delivery).toMatchObject({ state: 'UNKNOWN' });

  stand.slack.sink.respond = () => ({ status: 200 });
  const path = { deliveryId: delivery?.id ?? '' };
  expect((await call(retryDelivery, { path, headers: bearer() })).body).toMatchObject({ state: 'SENT', attempts: 2 });
  expect(new Set(stand.slack.posts.map(({ client_msg_id }) => client_msg_id)).size).toBe(1);
  expect((await call(retryDelivery, { path, headers: bearer() })).status).toBe(409);
  expect((await call(retryDelivery, { path: { deliveryId: 'none' }, headers: bearer() })).status).toBe(404);
});

test('a worker that dies after it posted leaves a post with the same id behind, by which the second is dropped', async () => {
  const { run, take } = await begun([slack()]);
  const { commit } = table();
  vi.spyOn(table(), 'commit').mockImplementation(function (this: unknown, writes) {
    const settles = writes.some((write) => 'set' in write && (write.set as { state?: string }).state === 'SENT');
    return settles ? Promise.reject(new Error('killed')) : commit.call(this, writes);
  });
  expect(await take()).toBe(false);
  vi.restoreAllMocks();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  expect(await take()).toBe(true);
  expect(stand.slack.posts).toHaveLength(2);
  expect(new Set(stand.slack.posts.map(({ client_msg_id }) => client_msg_id)).size).toBe(1);
  expect(await run()).toMatchObject({ status: 'COMPLETED' });
});

test('a message that finds the lease of a dead worker comes back when it has run out, in one try', async () => {
  const { take } = await begun([slack()]);
  const { commit } = table();
  vi.spyOn(table(), 'commit').mockImplementation(function (this: unknown, writes) {
    const settles = writes.some((write) => 'set' in write && (write.set as { state?: string }).state === 'SENT');
    return settles ? Promise.reject(new Error('killed')) : commit.call(this, writes);
  });
  expect(await take()).toBe(false);
  vi.restoreAllMocks();
  expect(await take()).toBe(false);
  // The lease is 20 s, of which the worker waited some for the other one.
  const held = stand.heldFor().at(-1) ?? 0;
  expect(held).toBeGreaterThan(10);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + held * 1000 });
  expect(await take()).toBe(true);
}, 15_000);

test('a receiver that is slow holds up its own runs alone', async () => {
  const slow = await begun([slack('遅い')]);
  count += 1;
  const quick = await begun([slack('速い')]);
  const { promise: quickCame, resolve } = Promise.withResolvers<void>();
  stand.slack.sink.respond = async ({ text }) => {
    if (text === '速い') resolve();
    else await quickCame;
    return { status: 200 };
  };
  expect(await stand.deliver('step', [...slow.messages, ...quick.messages])).toEqual([]);
  expect(stand.slack.posts.map(({ text }) => text).sort()).toEqual(['遅い', '速い'].sort());
  expect(await slow.run()).toMatchObject({ steps: [{ output: { state: 'SENT' } }] });
});

test('without Slack the run fails by name, and goes on after Slack is connected and it is retried', async () => {
  stand.connect(undefined);
  const { flowId, run, take } = await begun([slack()]);
  expect(await take()).toBe(true);
  const failed = await run();
  expect(failed).toMatchObject({
    status: 'FAILED',
    error: expect.stringContaining('Slack is not connected'),
    steps: [{ status: 'FAILED' }],
  });
  stand.connect(stand.slack.url);
  expect(await retry(flowId, failed?.id ?? '')).toMatchObject({ status: 200, body: { status: 'RUNNING' } });
  expect(await stand.drain()).toEqual([]);
  expect(stand.slack.posts).toHaveLength(1);
  expect(await run()).toMatchObject({ status: 'COMPLETED' });
  expect((await retry(flowId, failed?.id ?? '')).status).toBe(409);
});

test('a mistake in the definition fails the run with its reason; with the mistake mended the run can be retried', async () => {
  const set = (property_name: string) => [action('1', '0-5', { property_name, value: fixed('新') })];
  const { flowId, contact, run, take } = await begun(set('no_such_property'));
  expect(await take()).toBe(true);
  const failed = await run();
  expect(failed).toMatchObject({
    status: 'FAILED',
    error: expect.stringContaining('no_such_property'),
    steps: [{ status: 'FAILED', attempts: 1, input: { property: 'no_such_property' } }],
  });
  const { definition } = await readFlow(stand.app, flowId);
  const mended = { ...definition, actions: set('lastname'), revisionId: '1' };
  expect((await call(update, { path: { flowId }, body: mended, headers: bearer() })).status).toBe(200);
  expect((await retry(flowId, failed?.id ?? '')).status).toBe(200);
  expect(await stand.drain()).toEqual([]);
  expect(await run()).toMatchObject({ status: 'COMPLETED' });
  const [record] = (await stand.all('0-1')).filter(({ id }) => id === contact.id);
  expect(record?.properties.lastname).toBe('新');
});

test('a worker may die between any two writes: the ticket, its owner and the post are made once', async () => {
  const { run, take } = await begun(enquirySteps([ownerId]));
  const { commit } = table();
  let deaths = 0;
  for (let survived = 1; survived < 30; survived += 1) {
    let left = survived % 3;
    vi.spyOn(table(), 'commit').mockImplementation(async function (this: unknown, writes) {
      await commit.call(this, writes);
      left -= 1;
      if (left < 0) throw Object.assign(new Error('killed after the write'), { name: 'Killed' });
    });
    const done = await take();
    vi.restoreAllMocks();
    if (done) break;
    deaths += 1;
    // Leases run out while the message is hidden.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  }
  await take();
  expect(deaths).toBeGreaterThan(3);
  expect(await run()).toMatchObject({
    status: 'COMPLETED',
    steps: [{ actionId: '1' }, { actionId: '2' }, { actionId: '3' }, { actionId: '4' }],
  });
  const tickets = (await stand.all('0-5')).filter(({ properties }) => properties.subject === `お問い合わせ ${email()}`);
  expect(tickets.map(({ properties }) => properties.hubspot_owner_id)).toEqual([ownerId]);
  expect(new Set(stand.slack.posts.map(({ client_msg_id }) => client_msg_id)).size).toBe(1);
});

test('the same event and the same message in several workers at once make one run, one ticket and one post', async () => {
  const flowId = await stand.createFlow(formFlow(enquirySteps([ownerId]), `f${count}`));
  const contact = await stand.record('0-1', { email: email(), lastname: '田中' });
  const event = submitted(contact, `f${count}`);
  await Promise.all([stand.tell(event), stand.tell(event), stand.tell(event)]);
  const [message = ''] = stand.waiting.splice(0);
  const deliveries = [1, 2, 3].map(() => stand.deliver('step', [message, message]));
  expect((await Promise.all(deliveries)).flat()).toEqual([]);
  expect(await stand.runsOf(flowId)).toMatchObject([{ status: 'COMPLETED', steps: { length: 4 } }]);
  const tickets = (await stand.all('0-5')).filter(({ properties }) => properties.subject === `お問い合わせ ${email()}`);
  expect(tickets).toHaveLength(1);
  expect(stand.slack.posts).toHaveLength(1);
});

test('an enrolment that could not send its message sends it when the event comes again', async () => {
  const flowId = await stand.createFlow(formFlow([slack()], `f${count}`));
  const contact = await stand.record('0-1', { email: email() });
  const event = submitted(contact, `f${count}`);
  stand.refuseOnce();
  expect(await stand.tell(event)).toHaveLength(1);
  expect(stand.waiting).toEqual([]);
  expect(await stand.tell(event)).toEqual([]);
  expect(await stand.drain()).toEqual([]);
  expect(await stand.runsOf(flowId)).toHaveLength(1);
  expect(stand.slack.posts).toHaveLength(1);
});

test('a webhook gets the record with one Idempotency-Key for all tries; its refusal is final', async () => {
  const webhook = { type: 'WEBHOOK', actionId: '1', method: 'POST', webhookUrl: stand.slack.url, queryParams: [] };
  const { run, take } = await begun([webhook]);
  stand.slack.sink.respond = () => ({ status: 500 });
  expect(await take()).toBe(false);
  stand.slack.sink.respond = () => ({ status: 410 });
  expect(await take()).toBe(true);
  expect(await run()).toMatchObject({ status: 'FAILED', error: 'The webhook failed: answered 410: ok' });
  const [first, second] = stand.slack.keys.slice(-2);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toBe(first);
});
