import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handler as confirm } from '../../../functions/sends/confirm.ts';
import type { Write } from '../../../lib/table/write.ts';
import { balance, rejection, type Stand, startStand, throttling, timeOut } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand?.stop());
beforeEach(async () => {
  stand.mails.splice(0);
  stand.receiver.answer = () => 'ACCEPT';
  await stand.forgetPace();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const table = () => Object.getPrototypeOf(stand.app.table) as { commit: (writes: readonly Write[]) => Promise<void> };
const isOutcome = (writes: readonly Write[]) =>
  writes.some((write) => 'set' in write && write.set && ['ACCEPTED', 'UNKNOWN'].includes(String(write.set.state)));
const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
const addressees = () => stand.mails.map(({ to }) => to).sort();

async function confirmed(count: number): Promise<{ sendId: string; contactIds: string[] }> {
  const contactIds = await stand.contacts(count);
  const sendId = await stand.draft({ audience: { listIds: [await stand.list(contactIds)] } });
  await stand.order(confirm, sendId);
  return { sendId, contactIds };
}

test('every member of the lists gets one mail, and the totals add up at every moment', async () => {
  const { sendId } = await confirmed(230);
  let watching = true;
  const seen = new Set<number>();
  const watch = (async () => {
    while (watching) {
      const send = await stand.send(sendId);
      seen.add(send.ledger.accepted);
      expect(balance(send)).toBe(0);
    }
  })();
  await stand.drain();
  watching = false;
  await watch;
  expect(seen.size).toBeGreaterThan(5);
  expect(stand.mails).toHaveLength(230);
  expect(new Set(addressees()).size).toBe(230);
  const send = await stand.send(sendId);
  expect(send).toMatchObject({
    status: 'COMPLETED',
    ledger: { recipients: 230, accepted: 230, pending: 0, failed: 0 },
  });
});

test('messages that come three times at once, of jobs and of mails, send each mail once', async () => {
  const { sendId } = await confirmed(60);
  await stand.drain({ copies: 3 });
  expect(new Set(addressees()).size).toBe(60);
  expect(stand.mails).toHaveLength(60);
  expect((await stand.send(sendId)).ledger).toMatchObject({ recipients: 60, accepted: 60, pending: 0 });
});

test('what SES throttles is sent later, once, and everybody goes slower', async () => {
  const { sendId } = await confirmed(20);
  let refused = 0;
  stand.receiver.answer = () => {
    refused += 1;
    return refused <= 7 ? throttling() : 'ACCEPT';
  };
  await stand.drain();
  expect(new Set(addressees()).size).toBe(20);
  expect(stand.mails).toHaveLength(20);
  expect((await stand.send(sendId)).ledger).toMatchObject({ accepted: 20, pending: 0, failed: 0 });
});

test('a mail whose answer was lost is unknown, is never sent again, and is settled by the event that names it', async () => {
  const { sendId } = await confirmed(3);
  const lost: Parameters<typeof stand.receiver.answer>[0][] = [];
  stand.receiver.answer = (mail) => {
    lost.push(mail);
    return lost.length === 1 ? timeOut() : 'ACCEPT';
  };
  await stand.drain();
  expect((await stand.send(sendId)).ledger).toMatchObject({ accepted: 2, pending: 1, unknown: 1 });
  expect(await stand.rows(sendId, { state: 'UNKNOWN' })).toMatchObject([{ email: lost[0]?.to }]);
  await stand.runDue('send-dispatch');
  await stand.drain();
  expect(lost).toHaveLength(3);
  if (lost[0]) stand.tell(lost[0], 'Send');
  await stand.drain();
  const settled = await stand.send(sendId);
  expect(settled).toMatchObject({ status: 'COMPLETED', ledger: { accepted: 3, pending: 0, unknown: 0 } });
});

test('a worker that dies between claim and outcome leaves the mail unknown, not sent twice', async () => {
  const { sendId } = await confirmed(1);
  await stand.drain({ queues: ['jobs'] });
  const { commit } = table();
  vi.spyOn(table(), 'commit').mockImplementation(function (this: unknown, writes) {
    return isOutcome(writes) ? Promise.reject(new Error('killed')) : commit.call(this, writes);
  });
  const [message = ''] = stand.waiting.mail.splice(0);
  expect(await stand.handOver('mail', [message])).toBe(1);
  vi.restoreAllMocks();
  expect((await stand.send(sendId)).ledger).toMatchObject({ pending: 1, unknown: 0, accepted: 0 });
  later(60_000);
  await stand.drain();
  expect(stand.mails).toHaveLength(1);
  expect((await stand.send(sendId)).ledger).toMatchObject({ pending: 1, unknown: 1 });
});

test('a slice of the expansion that is repeated after a crash adds nobody twice, and its lost messages are sent', async () => {
  const { sendId } = await confirmed(40);
  const { commit } = table();
  const savesCursor = (writes: readonly Write[]) =>
    writes.some((write) => 'put' in write && write.put.entity === 'job');
  let dead = 0;
  vi.spyOn(table(), 'commit').mockImplementation(function (this: unknown, writes) {
    if (!savesCursor(writes) || dead > 0) return commit.call(this, writes);
    dead += 1;
    stand.waiting.mail.splice(0);
    return Promise.reject(Object.assign(new Error('killed'), { name: 'TimeoutError' }));
  });
  await stand.drain();
  expect(dead).toBe(1);
  expect(stand.mails).toHaveLength(40);
  expect(await stand.send(sendId)).toMatchObject({ ledger: { recipients: 40, accepted: 40 }, excluded: [] });
});

test('a mail whose message is lost is brought to the workers again after a while', async () => {
  const { sendId } = await confirmed(5);
  await stand.drain({ queues: ['jobs'] });
  stand.waiting.mail.splice(0, 3);
  await stand.drain();
  expect(await stand.send(sendId)).toMatchObject({ status: 'SENDING', ledger: { accepted: 2, pending: 3 } });
  await stand.runDue('send-dispatch');
  await stand.drain();
  expect(await stand.send(sendId)).toMatchObject({ status: 'COMPLETED', ledger: { accepted: 5, pending: 0 } });
  expect(stand.mails).toHaveLength(5);
});

test('a mail that SES refuses has failed, with its words', async () => {
  const { sendId } = await confirmed(2);
  stand.receiver.answer = rejection;
  await stand.drain();
  expect((await stand.send(sendId)).ledger).toMatchObject({ failed: 2, accepted: 0, pending: 0 });
  expect((await stand.rows(sendId, { state: 'FAILED' }))[0]?.reason).toContain('not allowed');
});
