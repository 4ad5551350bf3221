import { expect, test } from 'vitest';
import { fatigueBy, limitedUntil } from '../../../lib/sends/fatigue-rules.ts';
import { FatiguePolicy } from '../../../lib/sends/settings.ts';

const now = '2026-12-31T00:00:00.000Z';
const day = (n: number) => new Date(Date.parse(now) - n * 86_400_000).toISOString();
const policy = FatiguePolicy.parse({
  perPerson: { surveys: 1, days: 90 },
  perAdvertiser: { surveys: 2, days: 90 },
  mailsPerWeek: 2,
});
const survey = (days: number) => ({ kind: 'SURVEY' as const, at: day(days), bulk: true });
const mail = (days: number) => ({ kind: 'MARKETING' as const, at: day(days), bulk: true });
const person = { mails: [], advertisers: [], hasOpenTicket: false };

test('a limit lets the next one through when the oldest that counts is old enough', () => {
  expect(limitedUntil([day(10), day(20)], { most: 2, days: 30 }, now)).toBe(day(-10));
  expect(limitedUntil([day(10), day(20), day(29)], { most: 2, days: 30 }, now)).toBe(day(-10));
  expect(limitedUntil([day(31), day(20)], { most: 2, days: 30 }, now)).toBeUndefined();
});

test('a survey within ninety days keeps the next survey back, and no other mail', () => {
  const borne = { ...person, mails: [survey(30)] };
  expect(fatigueBy(policy, 'SURVEY', borne, now)).toEqual({ reason: 'FATIGUE', rule: 'PER_PERSON', until: day(-60) });
  expect(fatigueBy(policy, 'MARKETING', borne, now)).toBeUndefined();
});

test('two mails in a week keep every mail back', () => {
  const borne = { ...person, mails: [mail(1), mail(3)] };
  for (const kind of ['SURVEY', 'MARKETING'] as const)
    expect(fatigueBy(policy, kind, borne, now)).toMatchObject({ rule: 'MAILS_PER_WEEK', until: day(-4) });
});

test('two surveys to people of an advertiser keep its others from one', () => {
  const borne = { ...person, advertisers: [[day(80)], [day(10), day(20)]] };
  expect(fatigueBy(policy, 'SURVEY', borne, now)).toMatchObject({ rule: 'PER_ADVERTISER', until: day(-70) });
});

test('an open ticket holds everything, and nobody knows until when', () => {
  expect(fatigueBy(policy, 'MARKETING', { ...person, hasOpenTicket: true }, now)).toEqual({
    reason: 'FATIGUE',
    rule: 'OPEN_TICKET',
  });
});
