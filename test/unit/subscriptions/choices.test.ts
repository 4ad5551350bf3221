import { expect, test } from 'vitest';
import { everythingAgain, mayReceive, optedIn, optedOut, statusOf } from '../../../lib/subscriptions/choices.ts';
import type { Choice, Subscription } from '../../../lib/subscriptions/schema.ts';
import { afterTrouble, type Suppression } from '../../../lib/subscriptions/suppression.ts';
import { defaultTypes, type SubscriptionType } from '../../../lib/subscriptions/types.ts';

const now = '2026-11-25T04:00:00.000Z';
const [surveys, news] = defaultTypes as [SubscriptionType, SubscriptionType];
const ids = defaultTypes.map(({ id }) => id);
const nothing: Subscription = { email: 'a@example.co.jp', version: 0, types: {} };
const choice = (status: Choice['status']): Choice => ({ status, at: now, source: 'PAGE' });
const out = choice('NOT_SUBSCRIBED');
const back = choice('SUBSCRIBED');

test('who chose nothing gets every kind; who left a kind gets the others', () => {
  expect(mayReceive(undefined, surveys)).toBe(true);
  const left = optedOut(nothing, '1', out) ?? nothing;
  expect([mayReceive(left, surveys), mayReceive(left, news)]).toEqual([false, true]);
  expect(optedOut(left, '1', out)).toBeUndefined();
});

test('who wants no mail at all gets none, and wants a kind again without the others', () => {
  const silent = optedOut(nothing, 'all', out) ?? nothing;
  expect(defaultTypes.map((type) => mayReceive(silent, type))).toEqual([false, false, false]);
  const again = optedIn(silent, '2', back, ids) ?? silent;
  expect(defaultTypes.map((type) => mayReceive(again, type))).toEqual([false, true, false]);
});

test('taking "no mail at all" back leaves what was left before', () => {
  const left = optedOut(nothing, '1', out) ?? nothing;
  const silent = optedOut(left, 'all', out) ?? left;
  const again = everythingAgain(silent) ?? silent;
  expect([mayReceive(again, surveys), mayReceive(again, news)]).toEqual([false, true]);
  expect(everythingAgain(again)).toBeUndefined();
});

test('a status says what decided it', () => {
  const type = surveys;
  expect(statusOf(type, undefined)).toMatchObject({ status: 'SUBSCRIBED', sourceOfStatus: 'SUBSCRIPTION_STATUS' });
  const silent = optedOut(nothing, 'all', { ...out, legalBasis: 'CONSENT_WITH_NOTICE' });
  expect(statusOf(type, silent)).toMatchObject({
    status: 'NOT_SUBSCRIBED',
    sourceOfStatus: 'PORTAL_WIDE_STATUS',
    legalBasis: 'CONSENT_WITH_NOTICE',
  });
});

test('a hard bounce and a complaint count at once, soft bounces when there are five in a row', () => {
  const email = 'a@example.co.jp';
  const after = (known: Suppression | undefined, trouble: Parameters<typeof afterTrouble>[1]['trouble']) =>
    afterTrouble(known, { email, trouble, now });
  expect(after(undefined, 'HARD_BOUNCE')).toMatchObject({ reason: 'BOUNCED', version: 1 });
  expect(after(after(undefined, 'COMPLAINT'), 'HARD_BOUNCE').reason).toBe('COMPLAINED');
  let soft: Suppression | undefined;
  for (let bounces = 1; bounces <= 4; bounces += 1) soft = after(soft, 'SOFT_BOUNCE');
  expect(soft).toMatchObject({ softBounces: 4, expiresAt: expect.any(Number) });
  expect(soft?.reason).toBeUndefined();
  const fifth = after(soft, 'SOFT_BOUNCE');
  expect(fifth.reason).toBe('BOUNCED');
  expect(fifth.expiresAt).toBeUndefined();
});
