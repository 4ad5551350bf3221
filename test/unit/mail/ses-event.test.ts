import { expect, test } from 'vitest';
import { messageOf, recipientOf, SesEvent, settlementOf, troubleOf } from '../../../lib/mail/ses-event.ts';

const event = (eventType: string, more: Record<string, unknown> = {}) =>
  SesEvent.parse({
    id: 'e',
    time: '2026-11-22T04:00:00Z',
    detail: { eventType, mail: { tags: { message: ['k'] } }, ...more },
  });

test.each([
  ['Send', {}, 'email.sent', 'SENT', undefined],
  ['Delivery', {}, 'email.delivered', 'SENT', undefined],
  ['Bounce', { bounce: { bounceType: 'Permanent' } }, 'email.bounced', 'SENT', 'Permanent'],
  ['Complaint', { complaint: { complaintFeedbackType: 'abuse' } }, 'email.complained', 'SENT', 'abuse'],
  ['Open', {}, 'email.opened', 'SENT', undefined],
  ['Click', { click: { link: 'https://x.example/' } }, 'email.clicked', 'SENT', 'https://x.example/'],
  ['Reject', { reject: { reason: 'Bad content' } }, 'email.bounced', 'FAILED', 'Bad content'],
])('%s is told as ours', (eventType, more, type, state, reason) => {
  const settlement = settlementOf(event(eventType, more));
  expect([settlement?.event.type, settlement?.state, settlement?.reason]).toEqual([type, state, reason]);
});

test('an event that settles nothing, and mail of others, are left alone', () => {
  expect(settlementOf(event('DeliveryDelay'))).toBeUndefined();
  expect(messageOf(event('Send'))).toBe('k');
  expect(messageOf(SesEvent.parse({ id: 'e', time: 't', detail: { eventType: 'Send', mail: {} } }))).toBeUndefined();
});

test('a mail of a bulk send is known by its two tags', () => {
  const tagged = (tags: Record<string, string[]>) =>
    recipientOf(SesEvent.parse({ id: 'e', time: 't', detail: { eventType: 'Send', mail: { tags } } }));
  expect(tagged({ send: ['1'], contact: ['2'] })).toEqual({ sendId: '1', contactId: '2' });
  expect(tagged({ send: ['1'] })).toBeUndefined();
});

test.each([
  ['Bounce', { bounce: { bounceType: 'Permanent' } }, 'HARD_BOUNCE'],
  ['Bounce', { bounce: { bounceType: 'Transient' } }, 'SOFT_BOUNCE'],
  ['Bounce', { bounce: { bounceType: 'Undetermined' } }, 'SOFT_BOUNCE'],
  ['Complaint', { complaint: {} }, 'COMPLAINT'],
  ['Delivery', {}, undefined],
  ['Reject', { reject: {} }, undefined],
])('%s %j is trouble of the kind %s with the addresses that it names', (eventType, more, trouble) => {
  const named = [{ emailAddress: '"A, B" <a@example.co.jp>' }];
  const detail = Object.fromEntries(
    Object.entries(more).map(([part, facts]) => [
      part,
      { ...facts, bouncedRecipients: named, complainedRecipients: named },
    ]),
  );
  const found = troubleOf(event(eventType, detail));
  expect(found).toEqual(trouble && { trouble, addresses: ['a@example.co.jp'] });
});

test('the address of a carrier comes back as it was quoted, and is known as the person has it', () => {
  const bounce = { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: '"a..b."@docomo.ne.jp' }] };
  expect(troubleOf(event('Bounce', { bounce }))?.addresses).toEqual(['a..b.@docomo.ne.jp']);
});
