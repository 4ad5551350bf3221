import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  actedOn,
  type Change,
  cancelled,
  claimed,
  dutyOf,
  enlisted,
  givenUp,
  type LedgerMoment,
  type Recipient,
  RecipientState,
  settled,
  sumOf,
  told,
} from '../../../lib/sends/recipient.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 4, minute)).toISOString();
const fresh = () => enlisted({ sendId: '1', contactId: '2', email: 'a@example.co.jp', source: 0 }, at(0));

/** Everything that may happen to a row, whenever it happens. */
const happening = fc.oneof(
  fc.constant((row: Recipient, now: string) => claimed(row, now)),
  fc
    .constantFrom('RETRY' as const, 'FAILED' as const, 'UNKNOWN' as const)
    .map((state) => (row: Recipient, now: string) => settled(row, { state, reason: 'r' }, now)),
  fc.constant((row: Recipient, now: string) => settled(row, { state: 'SENT', messageId: 'm' }, now)),
  fc.constant((row: Recipient, now: string) => givenUp(row, now)),
  fc.constant((row: Recipient, now: string) => cancelled(row, 'UNSUBSCRIBED', now)),
  fc
    .constantFrom<LedgerMoment>('sentAt', 'deliveredAt', 'bouncedAt', 'complainedAt', 'openedAt', 'clickedAt')
    .map((moment) => (row: Recipient, now: string) => told(row, { moment, rejected: false, at: now }, now)),
  fc.constant((row: Recipient, now: string) => told(row, { moment: 'rejectedAt', rejected: true, at: now }, now)),
  fc
    .constantFrom('answeredAt' as const, 'unsubscribedAt' as const)
    .map((moment) => (row: Recipient, now: string) => actedOn(row, moment, now)),
);

test('whatever happens in whatever order, the totals add up and no moment counts twice', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (steps) => {
      const changes: Change[] = [fresh()];
      for (const [minute, step] of steps.entries())
        changes.push(step((changes.at(-1) as Change).after, at(minute + 1)));
      const sum: Record<string, number> = {};
      for (const { counts } of changes) {
        for (const [name, by = 0] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + by;
        const { recipients = 0, accepted = 0, failed = 0, pending = 0, cancelled: off = 0, unknown = 0 } = sum;
        expect(accepted + failed + pending + off).toBe(recipients);
        expect(unknown).toBeLessThanOrEqual(pending);
        for (const value of Object.values(sum)) expect([0, 1]).toContain(value);
      }
    }),
  );
});

test('what SES rejected stays failed, and what it reports on is accepted', () => {
  const { after } = fresh();
  const rejected = told(after, { moment: 'rejectedAt', rejected: true, at: at(1), reason: 'Bad content' }, at(1)).after;
  expect(rejected).toMatchObject({ state: 'FAILED', reason: 'Bad content' });
  expect(told(rejected, { moment: 'sentAt', rejected: false, at: at(2) }, at(2)).after.state).toBe('FAILED');
  const unknown = settled(claimed(after, at(1)).after, { state: 'UNKNOWN', reason: 'lost' }, at(2)).after;
  const proven = told(unknown, { moment: 'deliveredAt', rejected: false, at: at(3) }, at(3));
  expect(proven).toMatchObject({
    after: { state: 'ACCEPTED' },
    counts: { accepted: 1, pending: -1, unknown: -1, delivered: 1 },
  });
});

test('an answer proves that a mail of an unknown fate arrived', () => {
  const unknown = givenUp(claimed(fresh().after, at(1)).after, at(2)).after;
  expect(actedOn(unknown, 'answeredAt', at(3))).toMatchObject({ after: { state: 'ACCEPTED', answeredAt: at(3) } });
});

test('only a pending mail of a confirmed send is sent, and nobody takes it from a living worker', () => {
  const now = Date.parse(at(5));
  const duties = RecipientState.options.flatMap((state) =>
    (['CONFIRMED', 'PAUSED', 'CANCELLED'] as const).map((status) => [
      `${state} ${status}`,
      dutyOf({ state, leaseUntil: now + 1 }, { now, status }),
    ]),
  );
  expect(duties.filter(([, duty]) => duty === 'SEND').map(([name]) => name)).toEqual(['PENDING CONFIRMED']);
  expect(duties.filter(([, duty]) => duty === 'CANCEL').map(([name]) => name)).toEqual(['PENDING CANCELLED']);
  expect(dutyOf({ state: 'SENDING', leaseUntil: now + 1 }, { now, status: 'CONFIRMED' })).toBe('WAIT');
  expect(dutyOf({ state: 'SENDING', leaseUntil: now }, { now, status: 'CONFIRMED' })).toBe('GIVE_UP');
});

test('a sum of totals leaves out what cancels itself out', () => {
  expect(
    sumOf([
      { pending: 1, recipients: 1 },
      { pending: -1, accepted: 1 },
    ]),
  ).toEqual({ recipients: 1, accepted: 1 });
});
