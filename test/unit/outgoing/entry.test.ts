import { expect, test } from 'vitest';
import { deliveryUuid, outcomeOf } from '../../../lib/outgoing/delivery.ts';
import { claimOf, type EntryState } from '../../../lib/outgoing/entry.ts';

const at = { now: 1000, round: 0, afterCrash: 'SEND_AGAIN' } as const;
const entry = (state: EntryState, more = {}) => ({ state, round: 0, leaseUntil: 0, ...more });

test.each([
  ['what arrived', entry('SENT'), at, 'LEAVE'],
  ['what may have arrived', entry('UNKNOWN'), { ...at, round: 3 }, 'LEAVE'],
  ['what failed for good', entry('FAILED'), at, 'LEAVE'],
  ['what failed before a retry by hand', entry('FAILED'), { ...at, round: 1 }, 'SEND'],
  ['what is to be tried again', entry('RETRY', { retryAt: 1000 }), at, 'SEND'],
  ['what is to be tried again later', entry('RETRY', { retryAt: 1001 }), at, 'LATER'],
  ['what another worker is sending', entry('SENDING', { leaseUntil: 1001 }), at, 'LATER'],
  ['what a dead worker was sending, with an id', entry('SENDING', { leaseUntil: 1000 }), at, 'SEND'],
  [
    'what a dead worker was sending, without one',
    entry('SENDING', { leaseUntil: 1000 }),
    { ...at, afterCrash: 'GIVE_UP' as const },
    'GIVE_UP',
  ],
])('%s', (_, stored, when, claim) => {
  expect(claimOf(stored, when)).toBe(claim);
});

const answer = (status: number, retryAfter?: number) =>
  ({
    kind: 'answer',
    status,
    headers: {},
    body: 'why',
    complete: true,
    ...(retryAfter !== undefined && { retryAfter }),
  }) as const;

test.each([
  ['a success', answer(204), { state: 'SENT', reference: '204' }, { state: 'SENT', reference: '204' }],
  [
    'a refusal',
    answer(404),
    { state: 'RETRY', reason: 'answered 404: why' },
    { state: 'FAILED', reason: 'answered 404: why' },
  ],
  [
    'a redirect',
    answer(301),
    { state: 'RETRY', reason: 'answered 301: why' },
    { state: 'FAILED', reason: 'answered 301: why' },
  ],
  [
    'a busy receiver',
    answer(429, 30),
    { state: 'RETRY', reason: 'answered 429: why', retryAfterSeconds: 30 },
    { state: 'RETRY', reason: 'answered 429: why', retryAfterSeconds: 30 },
  ],
  [
    'a slow receiver',
    answer(408),
    { state: 'RETRY', reason: 'answered 408: why' },
    { state: 'RETRY', reason: 'answered 408: why' },
  ],
  [
    'a broken receiver',
    answer(500),
    { state: 'RETRY', reason: 'answered 500: why' },
    { state: 'RETRY', reason: 'answered 500: why' },
  ],
  [
    'no connection',
    { kind: 'not-sent', reason: 'r' } as const,
    { state: 'RETRY', reason: 'r' },
    { state: 'RETRY', reason: 'r' },
  ],
  [
    'a cut connection',
    { kind: 'unknown', reason: 'r' } as const,
    { state: 'UNKNOWN', reason: 'r' },
    { state: 'UNKNOWN', reason: 'r' },
  ],
  [
    'a private address',
    { kind: 'refused', reason: 'r' } as const,
    { state: 'FAILED', reason: 'r' },
    { state: 'FAILED', reason: 'r' },
  ],
])('%s, told by Slack and by a webhook', (_, result, slack, webhook) => {
  expect(outcomeOf(result, { finalRefusals: false })).toEqual(slack);
  expect(outcomeOf(result, { finalRefusals: true })).toEqual(webhook);
});

test('a delivery has one UUID for all of its tries, and no other delivery has it', () => {
  expect(deliveryUuid('slack', '1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(deliveryUuid('slack', '1')).toBe(deliveryUuid('slack', '1'));
  expect(new Set([deliveryUuid('slack', '1'), deliveryUuid('slack', '2'), deliveryUuid('webhook', '1')]).size).toBe(3);
});
