import { expect, test } from 'vitest';
import { firstMomentOf, localMoment, scheduleOf, zoneOf } from '../../../lib/sends/local-time.ts';

const at = (shown: string, zone: string) => new Date(firstMomentOf(Date.parse(`${shown}Z`), zone)).toISOString();

test.each([
  ['Asia/Tokyo', '2026-12-01T10:00:00', '2026-12-01T01:00:00.000Z'],
  ['America/New_York', '2026-07-01T10:00:00', '2026-07-01T14:00:00.000Z'],
  // Clocks go forward: 02:00 becomes 03:00, so 02:30 is never shown.
  ['America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:00:00.000Z'],
  ['Europe/London', '2026-03-29T01:30:00', '2026-03-29T01:00:00.000Z'],
  // Half an hour is left out.
  ['Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:30:00.000Z'],
  // Clocks go back: the time is shown twice, and the first one counts.
  ['America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00.000Z'],
  ['Europe/London', '2026-10-25T01:30:00', '2026-10-25T00:30:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00.000Z'],
  // A day that an island left out.
  ['Pacific/Apia', '2011-12-30T10:00:00', '2011-12-30T10:00:00.000Z'],
])('in %s the clocks show %s first at %s', (zone, shown, moment) => {
  expect(at(shown, zone)).toBe(moment);
});

test.each([
  ['Europe/Paris', 'Europe/Paris'],
  ['america_slash_new_york', 'america/new_york'],
  ['america_slash_port_hyphen_au_hyphen_prince', 'america/port-au-prince'],
  [undefined, 'Asia/Tokyo'],
  ['', 'Asia/Tokyo'],
  ['Mars/Olympus', 'Asia/Tokyo'],
  ['x'.repeat(10_000), 'Asia/Tokyo'],
])('%j is the zone %s', (text, zone) => {
  expect(zoneOf(text)).toBe(zone);
});

test('a time for each recipient is what their clocks show, whatever offset it was written with', () => {
  for (const scheduledAt of ['2026-12-01T10:00:00', '2026-12-01T10:00:00Z', '2026-12-01T10:00:00+09:00'])
    expect(scheduleOf({ scheduledAt, timeZone: 'recipient' })).toEqual({
      scheduledAt: '2026-11-30T20:00:00.000Z',
      localTime: '2026-12-01T10:00:00.000',
    });
  expect(localMoment('2026-12-01T10:00:00.000', 'Europe/London')).toBe('2026-12-01T10:00:00.000Z');
});

test('a time in a zone is that of its clocks, unless its offset says which moment it is', () => {
  const timeZone = 'America/New_York';
  expect(scheduleOf({ scheduledAt: '2026-12-01T10:00', timeZone })).toEqual({
    scheduledAt: '2026-12-01T15:00:00.000Z',
  });
  expect(scheduleOf({ scheduledAt: '2026-12-01T10:00Z', timeZone })).toEqual({
    scheduledAt: '2026-12-01T10:00:00.000Z',
  });
  expect(scheduleOf({ scheduledAt: '2026-12-01T10:00' })).toEqual({ scheduledAt: '2026-12-01T10:00:00.000Z' });
  expect(scheduleOf({})).toEqual({});
});
