import { expect, test } from 'vitest';
import { fullId } from '../../../lib/salesforce/salesforce-id.ts';
import type { ValueKind } from '../../../lib/salesforce/schema.ts';
import { normalise, toSalesforce } from '../../../lib/salesforce/value.ts';

test.each<[ValueKind, unknown, unknown]>([
  ['email', ' Foo@Bar.com', 'foo@bar.com'],
  ['text', '課長 ', '課長'],
  ['text', '', null],
  ['text', '一\n二', '一\r\n二'],
  ['number', '1000.50', 1000.5],
  ['number', '１０００'.normalize('NFKC'), 1000],
  ['boolean', 'true', true],
  ['date', '2026-11-22', '2026-11-22'],
  ['datetime', '2026-11-22T04:00:00.123Z', '2026-11-22T04:00:00.000+0000'],
  ['multiple', 'b;a', 'a;b'],
])('as %s %j and %j are the same', (kind, ours, theirs) => {
  expect(normalise(kind, ours)).toBe(normalise(kind, theirs));
});

test.each<[ValueKind, unknown, unknown]>([
  ['text', 'abc', 'ABC'],
  ['number', '1', 2],
  ['boolean', null, false],
  ['date', '2026-11-22', '2026-11-23'],
])('as %s %j and %j are not', (kind, ours, theirs) => {
  expect(normalise(kind, ours)).not.toBe(normalise(kind, theirs));
});

test('values go out in the types of the API; a checkbox is never blank', () => {
  expect(toSalesforce('number', '12.5')).toBe(12.5);
  expect(toSalesforce('boolean', 'true')).toBe(true);
  expect(toSalesforce('boolean', null)).toBe(false);
  expect(toSalesforce('text', null)).toBe(null);
});

test('an id of 15 characters gets the three that tell its capitals', () => {
  expect(fullId('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
  expect(fullId('001A0000006Vm9rIAC')).toBe('001A0000006Vm9rIAC');
});
