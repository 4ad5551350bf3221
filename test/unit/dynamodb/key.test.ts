import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeKeyValue, endOfPrefix } from '../../../cdk/local/dynamodb/key.ts';
import { compareStrings } from '../../../cdk/local/dynamodb/value.ts';

const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });
const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

test('strings are compared by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(texts, texts, (left, right) => Math.sign(compareStrings(left, right)) === byBytes(left, right)),
  );
  expect(compareStrings('\uffee', '😀')).toBeLessThan(0);
});

test('a prefix ends where no string begins with it any more', () => {
  fc.assert(
    fc.property(texts, texts, (prefix, other) => {
      const end = endOfPrefix({ S: prefix });
      for (const text of [prefix, prefix + other, other]) {
        const isWithin = byBytes(text, prefix) >= 0 && (end === undefined || byBytes(text, end) < 0);
        expect(isWithin).toBe(text.startsWith(prefix));
      }
    }),
  );
  expect(endOfPrefix({ S: '\u{10ffff}' })).toBeUndefined();
  expect(endOfPrefix({ S: 'a\u{d7ff}' })).toBe('a\u{e000}');
});

test('binary keys keep the order of their bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
      (left, right) => {
        const [a, b] = [left, right].map((bytes) => encodeKeyValue({ B: Buffer.from(bytes).toString('base64') })) as [
          string,
          string,
        ];
        return Math.sign(Number(a > b) - Number(a < b)) === Buffer.compare(left, right);
      },
    ),
  );
});
