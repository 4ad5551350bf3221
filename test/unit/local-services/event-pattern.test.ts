import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { matches, validatePattern } from '../../../cdk/local/services/event-pattern.ts';

type Case = readonly [
  what: string,
  pattern: Record<string, unknown>,
  hits: readonly unknown[],
  misses: readonly unknown[],
];

/** Each case is about the one field `v`. */
const onField: readonly Case[] = [
  ['an exact text', { v: ['a', 'b'] }, ['a', 'b', ['x', 'b']], ['A', '', null, undefined, ['x'], { a: 1 }]],
  ['the empty text', { v: [''] }, [''], [' ', null, undefined]],
  ['a number, which is not a text', { v: [5] }, [5, 5.0], ['5', 6]],
  ['true, false and null', { v: [true, null] }, [true, null], [false, 'true', undefined, 0]],
  ['a prefix', { v: [{ prefix: 'eve' }] }, ['event#1', 'eve'], ['Event', 'ev', 5, undefined]],
  ['a prefix in any case', { v: [{ prefix: { 'equals-ignore-case': 'EVE' } }] }, ['Event', 'eve'], ['ev']],
  ['a suffix', { v: [{ suffix: '.png' }] }, ['a.png'], ['a.PNG', 'png']],
  ['a suffix in any case', { v: [{ suffix: { 'equals-ignore-case': '.PNG' } }] }, ['a.pNg'], ['a.jpg']],
  ['a text in any case', { v: [{ 'equals-ignore-case': 'Straße' }] }, ['sTRAße'], ['strasse']],
  ['anything but a text', { v: [{ 'anything-but': 'a' }] }, ['b', 5, null, ['a', 'b']], ['a', undefined, ['a'], []]],
  ['anything but some numbers', { v: [{ 'anything-but': [1, 2] }] }, [3, '1'], [1, 2, undefined]],
  ['anything but a prefix', { v: [{ 'anything-but': { prefix: 'a' } }] }, ['b', 7], ['abc', undefined]],
  ['anything but several prefixes', { v: [{ 'anything-but': { prefix: ['a', 'b'] } }] }, ['c'], ['abc', 'b']],
  ['anything but a suffix', { v: [{ 'anything-but': { suffix: 'z' } }] }, ['za'], ['az']],
  ['anything but a wildcard', { v: [{ 'anything-but': { wildcard: '*/x/*' } }] }, ['a/y/b'], ['a/x/b']],
  [
    'anything but texts in any case',
    { v: [{ 'anything-but': { 'equals-ignore-case': ['A', 'b'] } }] },
    ['c'],
    ['a', 'B'],
  ],
  ['equal to a number', { v: [{ numeric: ['=', 3] }] }, [3, 3.0], ['3', 4]],
  ['a range of numbers', { v: [{ numeric: ['>', 0, '<=', 5] }] }, [0.1, 5], [0, 5.01, '3']],
  ['a lower limit', { v: [{ numeric: ['>=', -1.5] }] }, [-1.5, 10], [-2]],
  ['existence', { v: [{ exists: true }] }, ['', 0, null, false, ['a']], [undefined, {}, { a: 1 }, []]],
  ['absence', { v: [{ exists: false }] }, [undefined, { a: 1 }, []], ['', null, ['a']]],
  ['absence or a value', { v: [{ exists: false }, 'a'] }, [undefined, 'a'], ['b']],
  ['a wildcard', { v: [{ wildcard: 'a*c*e' }] }, ['ace', 'abcde', 'a-c-c-e'], ['aec', 'abcdef', 'ae']],
  ['a wildcard that may not overlap itself', { v: [{ wildcard: 'ab*ba' }] }, ['abba', 'abxba'], ['aba']],
  ['an escaped star', { v: [{ wildcard: 'a\\*b\\\\*' }] }, ['a*b\\', 'a*b\\c'], ['axb\\']],
  ['an IPv4 block', { v: [{ cidr: '10.0.0.0/24' }] }, ['10.0.0.255'], ['10.0.1.0', 'ten', '::a00:1']],
  ['an IPv6 block', { v: [{ cidr: '2001:db8::/32' }] }, ['2001:db8:1::1'], ['2001:db9::1', '10.0.0.1']],
];

describe('a pattern on one field', () => {
  test.each(onField)('matches %s', (_, pattern, hits, misses) => {
    for (const v of hits)
      expect({ v, matched: matches(pattern, v === undefined ? {} : { v }) }).toEqual({ v, matched: true });
    for (const v of misses)
      expect({ v, matched: matches(pattern, v === undefined ? {} : { v }) }).toEqual({ v, matched: false });
  });
});

describe('a pattern on several fields', () => {
  it('wants every field and looks into nested objects', () => {
    const pattern = { source: ['tsunagi'], detail: { objectType: ['deals'], changes: { stage: { to: ['won'] } } } };
    const event = {
      source: 'tsunagi',
      detail: { objectType: 'deals', changes: { stage: { from: 'open', to: 'won' } } },
    };
    expect(matches(pattern, event)).toBe(true);
    expect(matches(pattern, { ...event, source: 'other' })).toBe(false);
    expect(matches(pattern, { source: 'tsunagi', detail: { objectType: 'deals' } })).toBe(false);
  });

  it('takes any alternative of $or together with the fields beside it', () => {
    const pattern = { a: [1], $or: [{ b: [1] }, { c: { d: [2] }, $or: [{ e: [1] }, { e: [2] }] }] };
    expect(matches(pattern, { a: 1, b: 1 })).toBe(true);
    expect(matches(pattern, { a: 1, c: { d: 2 }, e: 2 })).toBe(true);
    expect(matches(pattern, { a: 1, c: { d: 2 }, e: 3 })).toBe(false);
    expect(matches(pattern, { b: 1 })).toBe(false);
  });

  it('wants one array element to satisfy a whole object', () => {
    const pattern = { people: { first: ['John'], last: ['Smith'] } };
    expect(
      matches(pattern, {
        people: [
          { first: 'John', last: 'Doe' },
          { first: 'Jane', last: 'Smith' },
        ],
      }),
    ).toBe(false);
    expect(
      matches(pattern, {
        people: [
          { first: 'Jane', last: 'Smith' },
          { first: 'John', last: 'Smith' },
        ],
      }),
    ).toBe(true);
  });

  it('denies absence when any array element has the field', () => {
    const pattern = { people: { left: [{ exists: false }] } };
    expect(matches(pattern, { people: [{ first: 'a' }, { left: 1 }] })).toBe(false);
    expect(matches(pattern, { people: [{ first: 'a' }] })).toBe(true);
    expect(matches(pattern, {})).toBe(true);
  });

  it('filters stream records inside their attribute values', () => {
    const filter = { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'event#' }] } } } };
    const record = (eventName: string, sk: string) => ({
      eventName,
      dynamodb: { Keys: { pk: { S: 'contacts#1' }, sk: { S: sk } } },
    });
    expect(matches(filter, record('INSERT', 'event#01'))).toBe(true);
    expect(matches(filter, record('MODIFY', 'event#01'))).toBe(false);
    expect(matches(filter, record('INSERT', 'record'))).toBe(false);
  });
});

describe('a pattern that AWS refuses', () => {
  const bad: readonly unknown[] = [
    {},
    { a: 'text' },
    { a: 5 },
    { a: [] },
    { a: {} },
    { a: [['x']] },
    { a: [{}] },
    { a: [{ prefix: 'x', suffix: 'y' }] },
    { a: [{ unknown: 'x' }] },
    { a: [{ prefix: 5 }] },
    { a: [{ prefix: { suffix: 'x' } }] },
    { a: [{ exists: 'yes' }] },
    { a: [{ 'anything-but': [] }] },
    { a: [{ 'anything-but': ['a', 1] }] },
    { a: [{ 'anything-but': { numeric: ['=', 1] } }] },
    { a: [{ 'anything-but': { prefix: [] } }] },
    { a: [{ numeric: ['=', '5'] }] },
    { a: [{ numeric: ['!', 5] }] },
    { a: [{ numeric: ['>', 5, '>', 6] }] },
    { a: [{ numeric: ['>', 5, '<', 5] }] },
    { a: [{ numeric: ['>', 6e9] }] },
    { a: [{ wildcard: 'a**b' }] },
    { a: [{ wildcard: 'a\\b' }] },
    { a: [{ cidr: '10.0.0.0' }] },
    { a: [{ cidr: '10.0.0.0/33' }] },
    { $or: [{ a: [1] }] },
    { $or: { a: [1] } },
    { $or: [{ a: [1] }, 'x'] },
  ];
  test.each(bad.map((pattern) => [JSON.stringify(pattern), pattern] as const))('is refused: %s', (_, pattern) => {
    expect(() => validatePattern(pattern as Record<string, unknown>)).toThrow('Event pattern is not valid');
  });
});

describe('whatever the values are', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const name = fc.string({ minLength: 1 }).filter((text) => text !== '$or' && text !== '__proto__');

  it('a pattern made of an event matches that event, and more fields in the event change nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(name, leaf, { minKeys: 1 }), fc.dictionary(name, leaf), (event, more) => {
        const pattern = Object.fromEntries(Object.entries(event).map(([key, value]) => [key, [value]]));
        expect(matches(pattern, event)).toBe(true);
        expect(matches(pattern, { ...more, ...event })).toBe(true);
      }),
    );
  });

  it('anything-but is the opposite of the literal for a single value', () => {
    fc.assert(
      fc.property(fc.string(), leaf, (refused, v) => {
        expect(matches({ v: [{ 'anything-but': refused }] }, { v })).toBe(!matches({ v: [refused] }, { v }));
      }),
    );
  });

  it('a wildcard agrees with the regular expression that says the same', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const wildcard = fc
      .array(text, { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('*').replaceAll(/\*+/g, '*'));
    fc.assert(
      fc.property(wildcard, text, (pattern, v) => {
        const expression = new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')}$`);
        expect(matches({ v: [{ wildcard: pattern }] }, { v })).toBe(expression.test(v));
      }),
      { numRuns: 1000 },
    );
  });

  it('a numeric range agrees with comparing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -100, max: 100 }),
        (low, width, v) => {
          expect(matches({ v: [{ numeric: ['>=', low, '<', low + width] }] }, { v })).toBe(v >= low && v < low + width);
        },
      ),
    );
  });
});
