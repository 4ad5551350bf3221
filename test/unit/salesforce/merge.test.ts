import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Base,
  baseAfter,
  type FieldState,
  mergeField,
  needsLatest,
  type Side,
} from '../../../lib/salesforce/merge.ts';

const state = (
  rule: FieldState['rule'],
  ours: string | null,
  salesforce: string | null,
  base?: [ours: string | null, salesforce: string | null],
): FieldState => ({ rule, ours, salesforce, base: base && { ours: base[0], salesforce: base[1] } });

const toOurs = (value: string | null) => ({ write: 'tsunagi', value });
const toTheirs = (value: string | null) => ({ write: 'salesforce', value });

describe('each rule does what HubSpot says of it', () => {
  test.each([
    ['prefer: any value of Salesforce comes', state('prefer_salesforce', 'a', 'b', ['a', 'a']), toOurs('b')],
    ['prefer: it comes at the first meeting, too', state('prefer_salesforce', 'a', 'b'), toOurs('b')],
    ['prefer: an edit of ours loses to a value there', state('prefer_salesforce', 'c', 'b', ['b', 'b']), toOurs('b')],
    ['prefer: what is blank there is filled', state('prefer_salesforce', 'a', null), toTheirs('a')],
    ['prefer: a new value of ours fills a blank', state('prefer_salesforce', 'a', null, [null, null]), toTheirs('a')],
    ['prefer: cleared there is cleared here', state('prefer_salesforce', 'a', null, ['a', 'a']), toOurs(null)],
    ['prefer: cleared there wins over an edit here', state('prefer_salesforce', 'b', null, ['a', 'a']), toOurs(null)],
    ['prefer: ours cleared comes back', state('prefer_salesforce', null, 'a', ['a', 'a']), toOurs('a')],
    ['always: a value there comes', state('always_salesforce', 'a', 'b'), toOurs('b')],
    ['always: always blank there leaves ours', state('always_salesforce', 'a', null), undefined],
    ['always: an edit of ours is never sent', state('always_salesforce', 'a', null, [null, null]), undefined],
    ['always: cleared there is cleared here', state('always_salesforce', 'a', null, ['a', 'a']), toOurs(null)],
    ['two way: an edit of ours is sent', state('two_way', 'b', 'a', ['a', 'a']), toTheirs('b')],
    ['two way: an edit there comes', state('two_way', 'a', 'b', ['a', 'a']), toOurs('b')],
    ['two way: cleared here is cleared there', state('two_way', null, 'a', ['a', 'a']), toTheirs(null)],
    ['two way: cleared there is cleared here', state('two_way', 'a', null, ['a', 'a']), toOurs(null)],
    ['two way: at the first meeting a blank is filled', state('two_way', null, 'b'), toOurs('b')],
    ['two way: in both directions', state('two_way', 'a', null), toTheirs('a')],
    ['none: nothing, ever', state('none', 'a', 'b', ['x', 'y']), undefined],
    ['the same on both sides: nothing', state('two_way', 'a', 'a'), undefined],
    ['as it was on both sides: nothing', state('two_way', 'a', 'b', ['a', 'b']), undefined],
  ])('%s', (_, given, merged) => {
    expect(needsLatest(given)).toBe(false);
    expect(mergeField(given, 'salesforce')).toEqual(merged);
    expect(mergeField(given, 'tsunagi')).toEqual(merged);
  });

  test('two way, changed on both sides: the latest counts', () => {
    const both = state('two_way', 'b', 'c', ['a', 'a']);
    expect(needsLatest(both)).toBe(true);
    expect(mergeField(both, 'tsunagi')).toEqual(toTheirs('b'));
    expect(mergeField(both, 'salesforce')).toEqual(toOurs('c'));
  });
});

const value = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null });
const rule = fc.constantFrom('prefer_salesforce', 'always_salesforce', 'two_way', 'none' as const);
const edit = fc.record({ side: fc.constantFrom<Side>('tsunagi', 'salesforce'), value, sync: fc.boolean() });

type Pair = { ours: string | null; salesforce: string | null; base: Base | undefined };

/** One meeting of both sides; the answer says whether anything was written. */
function meet(pair: Pair, given: FieldState['rule'], latest: Side): boolean {
  const before = { rule: given, ...pair };
  const merged = mergeField(before, latest);
  pair.base = baseAfter(before, merged);
  if (merged?.write === 'tsunagi') pair.ours = merged.value;
  if (merged?.write === 'salesforce') pair.salesforce = merged.value;
  return merged !== undefined;
}

test('after any edits one meeting settles a field: the next ones write nothing, so nothing echoes or loops', () => {
  fc.assert(
    fc.property(rule, value, value, fc.array(edit, { maxLength: 12 }), (given, ours, salesforce, edits) => {
      const pair: Pair = { ours, salesforce, base: undefined };
      let latest: Side = 'salesforce';
      for (const { side, value: next, sync } of edits) {
        pair[side === 'tsunagi' ? 'ours' : 'salesforce'] = next;
        latest = side;
        if (sync) meet(pair, given, latest);
      }
      meet(pair, given, latest);
      expect(meet(pair, given, latest)).toBe(false);
      expect(meet(pair, given, latest === 'tsunagi' ? 'salesforce' : 'tsunagi')).toBe(false);
      if (given === 'two_way' || given === 'prefer_salesforce') expect(pair.ours).toBe(pair.salesforce);
      if (given === 'always_salesforce' && pair.salesforce !== null) expect(pair.ours).toBe(pair.salesforce);
    }),
    { numRuns: 2000 },
  );
});

test('two way: when both met after each edit, both have the last edit', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
      const pair: Pair = { ours: null, salesforce: null, base: { ours: null, salesforce: null } };
      for (const { side, value: next } of edits) {
        pair[side === 'tsunagi' ? 'ours' : 'salesforce'] = next;
        meet(pair, 'two_way', side);
      }
      expect([pair.ours, pair.salesforce]).toEqual([edits.at(-1)?.value, edits.at(-1)?.value]);
    }),
  );
});

test('Salesforce is never written under "always" and "none", ours never under "none"', () => {
  fc.assert(
    fc.property(
      rule,
      value,
      value,
      fc.option(fc.tuple(value, value), { nil: undefined }),
      (given, ours, theirs, base) => {
        const merged = mergeField(state(given, ours, theirs, base), 'tsunagi');
        if (given === 'none') expect(merged).toBeUndefined();
        if (given === 'always_salesforce') expect(merged?.write).not.toBe('salesforce');
      },
    ),
  );
});
