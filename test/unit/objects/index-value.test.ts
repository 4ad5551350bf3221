import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldCase, indexValueOf } from '../../../lib/objects/index-value.ts';
import { indexKey } from '../../../lib/table/keys.ts';
import { property } from './object-type.ts';

const text = property({ type: 'string' });
const number = property({ type: 'number' });

/** The key's order as DynamoDB has it: by bytes. */
const compare = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
const keyOf = (definition: typeof text, value: string, id = '1') =>
  indexKey('0-1', 'p', indexValueOf(definition, value) ?? '', id).sk;

describe('the order of index rows', () => {
  test('is the order of numbers', () => {
    const numbers = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.constantFrom(0, -0, 1e-300, -1e300),
    );
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [x, y] = [a === 0 ? 0 : a, b === 0 ? 0 : b];
        expect(compare(keyOf(number, String(x)), keyOf(number, String(y)))).toBe(
          Math.sign(x === y ? 0 : x - y || (x < y ? -1 : 1)),
        );
      }),
    );
  });

  test('is the order of texts without width and letter case, whatever record they are of', () => {
    const awkward = fc.constantFrom(...' !"#$%&~09aAzZｚあアｱ山𠮷\u0000\n\uffff');
    const words = fc.string({ unit: awkward, minLength: 1, maxLength: 6 });
    const ids = fc.stringMatching(/^\d{1,16}$/);
    fc.assert(
      fc.property(words, words, ids, ids, (a, b, idA, idB) => {
        fc.pre(compare(foldCase(a), foldCase(b)) !== 0);
        expect(compare(keyOf(text, a, idA), keyOf(text, b, idB))).toBe(compare(foldCase(a), foldCase(b)));
      }),
    );
  });

  test('is the order of moments', () => {
    const moments = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    const datetime = property({ type: 'datetime' });
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        expect(compare(keyOf(datetime, a.toISOString()), keyOf(datetime, b.toISOString()))).toBe(
          Math.sign(a.getTime() - b.getTime()),
        );
      }),
    );
  });
});

test("a value is never the beginning of another value's key", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
      fc.pre(foldCase(a) !== foldCase(b));
      expect(keyOf(text, b).startsWith(keyOf(text, a, ''))).toBe(false);
    }),
  );
});

test("texts that HubSpot's filters hold equal have one index value", () => {
  expect(indexValueOf(text, 'ＡＢＣ株式会社')).toBe(indexValueOf(text, 'abc株式会社'));
  expect(indexValueOf(property({ type: 'enumeration' }), 'NEW')).not.toBe(
    indexValueOf(property({ type: 'enumeration' }), 'new'),
  );
});

test('a long text is cut between characters and stays below the limit of a key', () => {
  const value = indexValueOf(text, '𠮷'.repeat(2000)) ?? '';
  expect(Buffer.byteLength(value)).toBeLessThanOrEqual(500);
  expect(value.isWellFormed()).toBe(true);
});

test('an empty value has no row', () => {
  expect(indexValueOf(text, '')).toBeUndefined();
});
