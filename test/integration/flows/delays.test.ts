import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handler as remove } from '../../../functions/flows/remove.ts';
import { handler as stop } from '../../../functions/flows/stop.ts';
import { handler as update } from '../../../functions/flows/update.ts';
import { readFlow } from '../../../lib/flows/store.ts';
import { call } from '../../support/call.ts';
import { bearer } from '../../support/database.ts';
import { action, formFlow, type Stand, startStand, submitted } from './stand.ts';

let stand: Stand;
let forms = 0;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand?.stop());
beforeEach(() => {
  forms += 1;
  stand.slack.posts.length = 0;
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T03:00:20.000Z').getTime() + forms * 86_400_000 * 30 });
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);
const waitThenPost = () => [action('1', '0-1', { delta: '30' }, '2'), action('2', '1-179507819', { text: 'あとで' })];

/** A run that waits for half an hour. */
async function waiting() {
  const formId = `f${forms}`;
  const flowId = await stand.createFlow(formFlow(waitThenPost(), formId));
  const contact = await stand.record('0-1', { email: `delay${forms}@example.co.jp` });
  await stand.tell(submitted(contact, formId));
  expect(await stand.drain()).toEqual([]);
  return { flowId, contact };
}
const tick = async () => {
  await stand.sweep();
  return stand.drain();
};

test('a delay holds the run until its minute comes, then it goes on', async () => {
  const { flowId } = await waiting();
  expect(await stand.runsOf(flowId)).toMatchObject([
    { status: 'WAITING', dueAt: expect.stringMatching(/:30:20\.000Z$/) },
  ]);
  later(30);
  await tick();
  expect(stand.slack.posts).toHaveLength(0);
  later(1);
  await tick();
  await tick();
  expect(stand.slack.posts).toHaveLength(1);
  expect(await stand.runsOf(flowId)).toMatchObject([
    { status: 'COMPLETED', steps: [{ status: 'DONE' }, { status: 'DONE' }] },
  ]);
});

test('after an outage of weeks everything that fell due is done, once', async () => {
  const { flowId } = await waiting();
  later(20_000);
  await Promise.all([stand.sweep(), stand.sweep()]);
  await stand.drain();
  await tick();
  expect(stand.slack.posts).toHaveLength(1);
  expect(await stand.runsOf(flowId)).toMatchObject([{ status: 'COMPLETED' }]);
});

test('a sweep that died after it sent sends again, which changes nothing', async () => {
  await waiting();
  later(31);
  const commit = vi.spyOn(Object.getPrototypeOf(stand.app.table), 'commit').mockRejectedValueOnce(new Error('killed'));
  await expect(stand.sweep()).rejects.toThrow('killed');
  commit.mockRestore();
  await tick();
  expect(stand.slack.posts).toHaveLength(1);
});

test('stopping a flow ends what waits, at once in the API and for good in the books', async () => {
  const { flowId, contact } = await waiting();
  const answer = await call(stop, { path: { flowId }, headers: bearer() });
  expect(answer.body).toMatchObject({ id: flowId, isEnabled: false, revisionId: '2' });
  expect(await stand.runsOf(flowId)).toMatchObject([{ status: 'STOPPED' }]);
  await stand.drain();
  expect(await stand.runsOf(flowId, { status: 'STOPPED' })).toMatchObject([{ error: 'The flow was switched off' }]);
  later(31);
  await tick();
  expect(stand.slack.posts).toHaveLength(0);
  const log = await stand.logOf(contact);
  expect(log.filter(({ type }) => type === 'flow.run-finished').map(({ detail }) => detail.status)).toEqual([
    'STOPPED',
  ]);
});

test('a flow that is switched off and on again does not wake what it had stopped', async () => {
  const { flowId } = await waiting();
  const { definition } = await readFlow(stand.app, flowId);
  const put = (isEnabled: boolean, revisionId: string) =>
    call(update, { path: { flowId }, body: { ...definition, isEnabled, revisionId }, headers: bearer() });
  expect((await put(false, '1')).status).toBe(200);
  expect((await put(true, '2')).status).toBe(200);
  stand.waiting.length = 0;
  later(31);
  await tick();
  expect(stand.slack.posts).toHaveLength(0);
  expect(await stand.runsOf(flowId)).toMatchObject([{ status: 'STOPPED' }]);
});

test('the runs that a stop ended are closed in the books, however many began since', async () => {
  const { flowId } = await waiting();
  const { definition } = await readFlow(stand.app, flowId);
  const put = (isEnabled: boolean, revisionId: string) =>
    call(update, { path: { flowId }, body: { ...definition, isEnabled, revisionId }, headers: bearer() });
  await put(false, '1');
  await put(true, '2');
  const stopping = stand.waiting.splice(0);
  const contact = await stand.record('0-1', { email: `many${forms}@example.co.jp` });
  later(1);
  for (let n = 0; n < 101; n += 1) await stand.tell(submitted(contact, `f${forms}`));
  await stand.drain();
  expect(await stand.deliver('step', stopping)).toEqual([]);
  expect(await stand.runsOf(flowId, { status: 'STOPPED' })).toHaveLength(1);
  expect(await stand.runsOf(flowId, { status: 'WAITING', limit: '100' })).toHaveLength(100);
  await call(remove, { path: { flowId }, headers: bearer() });
  later(31);
  await tick();
  expect(stand.slack.posts).toHaveLength(0);
});

test('a flow that is edited lets its runs end as they began', async () => {
  const { flowId } = await waiting();
  const { definition } = await readFlow(stand.app, flowId);
  const actions = [action('1', '0-1', { delta: '30' }, '2'), action('2', '1-179507819', { text: '新しい文' })];
  const answer = await call(update, {
    path: { flowId },
    body: { ...definition, actions, revisionId: '1' },
    headers: bearer(),
  });
  expect(answer.status).toBe(200);
  later(31);
  await tick();
  expect(stand.slack.posts.map(({ text }) => text)).toEqual(['あとで']);
});

test('a deleted flow does nothing more', async () => {
  const { flowId } = await waiting();
  expect((await call(remove, { path: { flowId }, headers: bearer() })).status).toBe(204);
  later(31);
  await tick();
  expect(stand.slack.posts).toHaveLength(0);
});

test('a run whose record went to the archive is stopped', async () => {
  const { flowId, contact } = await waiting();
  const { archiveRecord } = await import('../../../lib/objects/store.ts');
  await archiveRecord(stand.app, '0-1', contact.id);
  later(31);
  await tick();
  expect(await stand.runsOf(flowId)).toMatchObject([
    { status: 'STOPPED', error: 'The enrolled record is not there any more' },
  ]);
});
