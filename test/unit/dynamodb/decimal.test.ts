import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addNumbers,
  canonicalNumber,
  compareNumbers,
  numberSize,
  sortableNumber,
} from '../../../cdk/local/dynamodb/decimal.ts';

const digits = fc.stringMatching(/^[1-9]\d{0,18}$/);
const numbers = fc
  .tuple(fc.constantFrom('', '-'), digits, fc.integer({ min: -100, max: 100 }))
  .map(([sign, text, exponent]) => canonicalNumber(`${sign}${text}E${exponent}`));

/** Exact comparison by another way: as whole numbers of the same scale. */
function scaled(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(150, '0'));
}

describe('decimal', () => {
  test('a number has one canonical text', () => {
    for (const [text, expected] of [
      ['1E2', '100'],
      ['-1.500', '-1.5'],
      ['-0.0', '0'],
      ['.5', '0.5'],
      ['5.', '5'],
      ['+7', '7'],
      ['0.00012e1', '0.0012'],
    ]) {
      expect(canonicalNumber(text as string)).toBe(expected);
    }
  });

  test('canonical numbers stay as they are', () => {
    fc.assert(fc.property(numbers, (number) => canonicalNumber(number) === number));
  });

  test('sortable texts have the order of the numbers', () => {
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        const expected = Math.sign(Number(scaled(left) > scaled(right)) - Number(scaled(left) < scaled(right)));
        const texts = [sortableNumber(left), sortableNumber(right)] as const;
        expect(Math.sign(Number(texts[0] > texts[1]) - Number(texts[0] < texts[1]))).toBe(expected);
        expect(Math.sign(compareNumbers(left, right))).toBe(expected);
      }),
    );
  });

  test('sums are exact', () => {
    expect(addNumbers('0.1', '0.2', '+')).toBe('0.3');
    expect(addNumbers('9007199254740993', '1', '-')).toBe('9007199254740992');
    expect(addNumbers('1', '1', '-')).toBe('0');
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        (left, right) => {
          expect(addNumbers(String(left), String(right), '+')).toBe(String(left + right));
          expect(addNumbers(String(left), String(right), '-')).toBe(String(left - right));
        },
      ),
    );
  });

  test('a sum of more than 38 digits is refused', () => {
    expect(() => addNumbers('1E30', '1E-30', '+')).toThrow('38 significant digits');
  });

  test('a number weighs a byte for each pair of digits and one more', () => {
    expect(['0', '1', '12', '123', '-12', '1.5', '100'].map(numberSize)).toEqual([1, 2, 2, 3, 3, 3, 2]);
  });
});
