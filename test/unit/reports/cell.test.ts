import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Amount, amountOf, toNumber } from '../../../lib/reports/amount.ts';
import { cellOf, groupValue, keysOf } from '../../../lib/reports/cell.ts';

const keys = fc.array(fc.string({ unit: fc.constantFrom('#', '%', '2', '3', '5', 'あ', 'a', '') }), {
  minLength: 1,
  maxLength: 3,
});

test('a cell’s name gives back its keys, so two cells never share one', () => {
  fc.assert(
    fc.property(keys, (one) => {
      expect(keysOf(cellOf(one))).toEqual(one);
    }),
  );
});

test('a name of three long values fits into a key', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: fc.constantFrom('#', '%', '漢', '𩸽', '\u{d800}', 'x'), minLength: 0, maxLength: 800 }),
        { minLength: 3, maxLength: 3 },
      ),
      (texts) => {
        const cell = cellOf(texts.map(groupValue));
        expect(Buffer.byteLength(cell)).toBeLessThanOrEqual(1000);
        expect(cell.isWellFormed()).toBe(true);
      },
    ),
  );
});

test('a group without a value has the empty key', () => {
  expect(groupValue(undefined)).toBe('');
  expect(keysOf(cellOf(['2026-11-23', '']))).toEqual(['2026-11-23', '']);
});

const sumOf = (values: readonly string[]): Amount =>
  values.map(amountOf).reduce<Amount>(
    (total, amount) => ({
      whole: total.whole + (amount?.whole ?? Number.NaN),
      micro: total.micro + (amount?.micro ?? Number.NaN),
    }),
    { whole: 0, micro: 0 },
  );

test('sums of decimal texts are exact to six places', () => {
  expect(toNumber(sumOf(['0.1', '0.2', '-0.300001', '12.5']))).toBe(12.499999);
  expect(toNumber({ whole: -1, micro: -500_000 })).toBe(-1.5);
  expect(toNumber({ whole: 2, micro: -500_000 })).toBe(1.5);
});

test.each([[''], [undefined], ['abc'], ['1e300'], ['9'.repeat(20)], ['Infinity']])('%s is no amount', (value) => {
  expect(amountOf(value)).toBeUndefined();
});

test('whatever the integers, their sum is the sum', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })), (numbers) => {
      expect(toNumber(sumOf(numbers.map(String))) + 0).toBe(numbers.reduce((total, number) => total + number, 0) + 0);
    }),
  );
});
