import holidays from '@holiday-jp/holiday_jp';
import { expect, test } from 'vitest';
import { isHoliday } from '../../../lib/sends/holidays.ts';
import { mayGoAt, nextWorkingMoment } from '../../../lib/sends/working-hours.ts';

const dayMs = 86_400_000;
const next = (jst: string, closedOn: string[] = [], zone = 'Asia/Tokyo') =>
  new Date(nextWorkingMoment(Date.parse(`${jst}+09:00`), zone, new Set(closedOn))).toISOString();

test("the law's rules give the holidays that were announced, and those of later years that are known to follow", () => {
  const wrong: string[] = [];
  for (let time = Date.UTC(2022, 0, 1); time < Date.UTC(2050, 0, 1); time += dayMs) {
    const day = new Date(time).toISOString().slice(0, 10);
    if (isHoliday(day) !== Object.hasOwn(holidays.holidays, day)) wrong.push(day);
  }
  expect(wrong).toEqual([]);
});

test.each([
  ['within the hours of a working day it is now', '2026-11-25T09:00:00', '2026-11-25T00:00:00.000Z'],
  ['before nine it is nine', '2026-11-25T07:10:00', '2026-11-25T00:00:00.000Z'],
  ['at six it is over', '2026-11-25T18:00:00', '2026-11-26T00:00:00.000Z'],
  ['after Friday comes Monday', '2026-11-27T18:30:00', '2026-11-30T00:00:00.000Z'],
  ['a holiday is no working day', '2026-11-20T20:00:00', '2026-11-24T00:00:00.000Z'],
  ['in the golden week it takes days', '2026-05-02T12:00:00', '2026-05-07T00:00:00.000Z'],
])('%s', (_, jst, expected) => {
  expect(next(jst)).toBe(expected);
});

test('days that the company is closed on count as holidays, and a year of them is not waited for', () => {
  expect(next('2026-12-28T19:00:00', ['2026-12-29', '2026-12-30', '2026-12-31'])).toBe('2027-01-04T00:00:00.000Z');
  const always = Array.from({ length: 500 }, (_, day) =>
    new Date(Date.UTC(2026, 10, 25) + day * dayMs).toISOString().slice(0, 10),
  );
  expect(next('2026-11-25T12:00:00', always) > '2027').toBe(true);
});

test('the hours are those of the clocks that the mail goes by', () => {
  expect(next('2026-11-25T12:00:00', [], 'Europe/London')).toBe('2026-11-25T09:00:00.000Z');
});

test('a mail goes when both its time and the working hours have come', () => {
  const at = { now: Date.parse('2026-11-25T03:00:00Z'), closedOn: new Set<string>() };
  expect(mayGoAt({}, {}, at)).toBe(at.now);
  expect(mayGoAt({}, { notBefore: '2026-11-26T15:00:00Z' }, at)).toBe(Date.parse('2026-11-26T15:00:00Z'));
  expect(mayGoAt({ businessHours: true }, { notBefore: '2026-11-26T15:00:00Z' }, at)).toBe(
    Date.parse('2026-11-27T00:00:00Z'),
  );
});
