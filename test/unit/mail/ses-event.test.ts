import { expect, test } from 'vitest';
import { messageOf, SesEvent, settlementOf } from '../../../lib/mail/ses-event.ts';

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
