import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../lib/lists/filters/evaluate.ts';
import { needsOf } from '../../../lib/lists/filters/needs.ts';
import { FilterBranch } from '../../../lib/lists/filters/schema.ts';
import { type Happened, isOfRecordAlone, type View } from '../../../lib/lists/filters/view.ts';

const now = Date.parse('2026-11-25T03:00:00.000Z');
const dayMs = 86_400_000;
const at = (time: string) => Date.parse(time);

const viewOf = (properties: View['properties'], more: Partial<View> = {}): View => ({
  objectType: '0-1',
  id: '1',
  properties,
  lists: new Set(),
  log: [],
  associated: new Map(),
  referenced: new Map(),
  ...more,
});
const and = (filters: readonly object[], filterBranches: readonly object[] = []) => ({
  filterBranchType: 'AND',
  filters,
  filterBranches,
});
const holds = (branch: object, view: View, time = now) => evaluate(FilterBranch.parse(branch), view, time);
const on = (property: string, operation: object) => ({ filterType: 'PROPERTY', property, operation });
const meets = (value: string | undefined, operation: object, more: Partial<View> = {}) =>
  holds(and([on('p', operation)]), viewOf({ p: value }, more)).met;

/** The log of a property's values, the newest last. */
const history = (...values: readonly [string, string][]): Partial<View> => ({
  log: values
    .map(([time, to]): Happened => ({ type: 'record.updated', at: at(time), detail: { changes: { p: [null, to] } } }))
    .toReversed(),
});

describe('operations by HubSpot’s types', () => {
  test.each([
    ['a', { operationType: 'ALL_PROPERTY', operator: 'IS_NOT_BLANK' }, true],
    [undefined, { operationType: 'ALL_PROPERTY', operator: 'IS_BLANK' }, true],
    ['Tokyo Tower', { operationType: 'MULTISTRING', operator: 'CONTAINS_EXACTLY', values: ['tower'] }, true],
    ['Tokyo Towers', { operationType: 'MULTISTRING', operator: 'DOES_NOT_CONTAIN_EXACTLY', values: ['tower'] }, true],
    ['a;b', { operationType: 'ENUMERATION', operator: 'DOES_NOT_CONTAIN_ALL', values: ['a', 'c'] }, true],
    ['5', { operationType: 'number-ranged', operator: 'IS_NOT_BETWEEN', lowerBound: 6, upperBound: 9 }, true],
    ['5', { operationType: 'NUMBER_RANGED', operator: 'IS_BETWEEN', lowerBound: 5, upperBound: 9 }, true],
    ['true', { operationType: 'BOOL', operator: 'IS_NOT_EQUAL_TO', value: false }, true],
    ['2026-11-24T10:00:00Z', { operationType: 'DATE', operator: 'EQUAL', year: 2026, month: 'NOV', day: 24 }, true],
    ['2026-11-24T15:00:00Z', { operationType: 'DATE', operator: 'EQUAL', year: 2026, month: 'NOV', day: 24 }, false],
    ['2026-11-24T15:00:00Z', { operationType: 'DATE', operator: 'AFTER', year: 2026, month: 'NOV', day: 24 }, true],
    ['2026-11-24', { operationType: 'DATETIME', operator: 'IS_BEFORE_DATE', timestamp: at('2026-11-25T00:00Z') }, true],
    ['2026-11-25', { operationType: 'DATETIME', operator: 'IS_AFTER_DATE', timestamp: at('2026-11-25T00:00Z') }, false],
    ['1000', { operationType: 'RANGED_DATE', operator: 'IS_BETWEEN', lowerBound: 0, upperBound: 1000 }, true],
    ['2026-11-22T03:00:01Z', { operator: 'IS_LESS_THAN_X_DAYS_AGO', numberOfDays: 3 }, true],
    ['2026-11-22T03:00:00Z', { operator: 'IS_LESS_THAN_X_DAYS_AGO', numberOfDays: 3 }, false],
    ['2026-11-21T03:00:00Z', { operator: 'IS_MORE_THAN_X_DAYS_AGO', numberOfDays: 3 }, true],
    ['2026-11-26T03:00:00Z', { operator: 'IS_LESS_THAN_X_DAYS_FROM_NOW', numberOfDays: 3 }, true],
    ['2026-11-29T03:00:00Z', { operator: 'IS_MORE_THAN_X_DAYS_FROM_NOW', numberOfDays: 3 }, true],
    ['2026-11-23', { operator: 'IN_THIS_TIME_UNIT', timeUnit: 'WEEK' }, true],
    ['2026-11-22', { operator: 'IN_THIS_TIME_UNIT', timeUnit: 'WEEK' }, false],
    ['2026-11-22', { operator: 'IN_LAST_TIME_UNIT', timeUnit: 'WEEK' }, true],
    ['2026-12-31', { operator: 'IN_NEXT_TIME_UNIT', timeUnit: 'MONTH' }, true],
    ['2026-11-26', { operator: 'IN_THIS_TIME_UNIT_SO_FAR', timeUnit: 'MONTH' }, false],
    ['2026-10-01', { operator: 'IN_THIS_TIME_UNIT', timeUnit: 'QUARTER' }, true],
    ['2026-09-30', { operator: 'IN_LAST_TIME_UNIT', timeUnit: 'QUARTER', timeUnitCount: 2 }, true],
    ['2027-03-31', { operator: 'IN_THIS_TIME_UNIT', timeUnit: 'YEAR' }, false],
    [
      '2027-03-31',
      { operator: 'IN_THIS_TIME_UNIT', timeUnit: 'YEAR', useFiscalYear: true, fiscalYearStart: 'APRIL' },
      true,
    ],
  ])('%s, %o: %s', (value, operation, expected) => {
    expect(meets(value, operation)).toBe(expected);
  });

  test('another property of the record: its value, or a value in its stead', () => {
    const view = viewOf({ p: '2026-11-20', q: '2026-11-21', n: '3', m: '' });
    const compared = (property: string, operation: object) => holds(and([on(property, operation)]), view).met;
    expect(
      compared('p', { operationType: 'COMPARATIVE_DATE', operator: 'IS_BEFORE', comparisonPropertyName: 'q' }),
    ).toBe(true);
    expect(
      compared('n', { operationType: 'number-comparative', operator: 'IS_LESS_THAN', comparisonPropertyName: 'm' }),
    ).toBe(false);
    const instead = { comparisonPropertyName: 'm', defaultComparisonValue: '4' };
    expect(compared('n', { operationType: 'number-comparative', operator: 'IS_LESS_THAN', ...instead })).toBe(true);
    const point = { timeType: 'PROPERTY_REFERENCED', zoneId: 'Asia/Tokyo', property: 'q', referenceType: 'VALUE' };
    expect(compared('p', { operationType: 'TIME_POINT', operator: 'IS_BEFORE', timePoint: point })).toBe(true);
  });

  test('what a property ever was, and when it was changed', () => {
    const log = history(['2026-11-01T00:00Z', 'a;b'], ['2026-11-20T00:00Z', 'c']);
    expect(meets('c', { operationType: 'ENUMERATION', operator: 'HAS_EVER_BEEN_ANY_OF', values: ['b'] }, log)).toBe(
      true,
    );
    expect(meets('c', { operationType: 'ENUMERATION', operator: 'HAS_NEVER_BEEN_EXACTLY', values: ['b'] }, log)).toBe(
      true,
    );
    expect(meets('c', { operationType: 'STRING', operator: 'HAS_NEVER_CONTAINED', value: 'a' }, log)).toBe(false);
    expect(meets('c', { operator: 'UPDATED_IN_LAST_X_DAYS', numberOfDays: 5 }, log)).toBe(false);
    expect(meets('c', { operator: 'NOT_UPDATED_IN_LAST_X_DAYS', numberOfDays: 5 }, log)).toBe(true);
    const today = { timeType: 'INDEXED', zoneId: 'Asia/Tokyo', indexReference: { referenceType: 'TODAY' } };
    const week = { lowerBoundTimePoint: { ...today, offset: { days: -7 } }, upperBoundTimePoint: today };
    const updated = { operationType: 'TIME_RANGED', operator: 'IS_BETWEEN', propertyParser: 'UPDATED_AT', ...week };
    expect(meets('c', updated, log)).toBe(true);
  });

  test('moments of a filter are in its zone, and weeks, months and quarters have their own', () => {
    const point = (indexReference: object, more: object = {}) => ({
      operator: 'IS_BEFORE',
      timePoint: { timeType: 'INDEXED', zoneId: 'Asia/Tokyo', indexReference, ...more },
    });
    expect(meets('2026-11-22T14:59:59Z', point({ referenceType: 'WEEK', dayOfWeek: 'MONDAY' }))).toBe(true);
    expect(meets('2026-11-22T15:00:00Z', point({ referenceType: 'WEEK', dayOfWeek: 'MONDAY' }))).toBe(false);
    const newYork = point({ referenceType: 'TODAY' }, { zoneId: 'America/New_York' });
    expect([meets('2026-11-24T04:59:00Z', newYork), meets('2026-11-24T05:00:00Z', newYork)]).toEqual([true, false]);
    expect(meets('2026-10-30T23:00:00Z', point({ referenceType: 'MONTH', day: 1 }, { offset: { days: -1 } }))).toBe(
      false,
    );
    expect(meets('2026-09-30T14:00:00Z', point({ referenceType: 'QUARTER', month: 1, day: 1 }))).toBe(true);
    expect(meets('2025-12-31T14:00:00Z', point({ referenceType: 'YEAR', month: 1, day: 1 }))).toBe(true);
    expect(meets('2026-05-25T02:59:00Z', point({ referenceType: 'NOW' }, { offset: { months: -6 } }))).toBe(true);
  });
});

describe('what a record is associated with, where it is, what happened to it', () => {
  const firm = (city: string, typeIds: readonly number[]) => ({
    typeIds,
    view: viewOf({ city }, { objectType: '0-2' }),
  });
  const inCity = (city: string) => on('city', { operator: 'IS_EQUAL_TO', value: city });
  const association = (more: object = {}) => ({
    filterBranchType: 'ASSOCIATION',
    objectTypeId: '0-2',
    operator: 'IN_LIST',
    filters: [inCity('東京'), inCity('東京')],
    ...more,
  });
  const view = viewOf({}, { associated: new Map([['0-2', [firm('大阪', [279]), firm('東京', [279, 1])]]]) });

  test('one associated record must meet all of the filters', () => {
    expect(holds(and([], [association()]), view).met).toBe(true);
    expect(holds(and([], [association({ associationTypeId: 1 })]), view).met).toBe(true);
    expect(holds(and([], [association({ associationTypeId: 2 })]), view).met).toBe(false);
    expect(holds(and([], [association({ filters: [inCity('東京'), inCity('大阪')] })]), view).met).toBe(false);
    expect(holds(and([], [association({ operator: 'NOT_IN_LIST' })]), view).met).toBe(false);
    const either = { filters: [inCity('札幌'), inCity('大阪')], filterBranchOperator: 'OR' };
    expect(holds(and([], [association(either)]), view).met).toBe(true);
  });

  test('how many there are', () => {
    const count = (more: object) => ({
      filterType: 'NUM_ASSOCIATIONS',
      associationTypeId: 279,
      associationCategory: 'HUBSPOT_DEFINED',
      coalescingRefineBy: { type: 'NUM_OCCURRENCES', ...more },
    });
    expect(holds(and([count({ minOccurrences: 2 })]), view).met).toBe(true);
    expect(holds(and([count({ maxOccurrences: 1 })]), view).met).toBe(false);
    expect(holds(and([count({ maxOccurrences: 0 })]), viewOf({})).met).toBe(true);
  });

  test('mails that were opened and not clicked; mails of one send', () => {
    const mail = (type: string, messageKey: string, sendId: string): Happened => ({
      type,
      at: now - dayMs,
      detail: { messageKey, sendId },
    });
    const log = [mail('email.opened', 'm1', 's1'), mail('email.clicked', 'm1', 's1'), mail('email.opened', 'm2', 's2')];
    const opened = (more: object) =>
      and([{ filterType: 'EMAIL_EVENT', appId: '0', level: 'EMAIL', emailId: '', ...more }]);
    const mailed = viewOf({}, { log });
    expect(holds(opened({ operator: 'OPENED_BUT_LINK_NOT_CLICKED' }), mailed).met).toBe(true);
    expect(holds(opened({ operator: 'OPENED_BUT_LINK_NOT_CLICKED', emailId: 's1' }), mailed).met).toBe(false);
    expect(holds(opened({ operator: 'LINK_CLICKED', emailId: 's1' }), mailed).met).toBe(true);
    const lately = {
      type: 'RELATIVE_COMPARATIVE',
      comparison: 'AFTER',
      timeOffset: { amount: 2, offsetDirection: 'PAST', timeUnit: 'DAYS' },
    };
    const answer = holds(opened({ operator: 'OPENED', pruningRefineBy: lately }), mailed);
    expect(answer).toEqual({ met: true, until: now + dayMs });
  });

  test('events in HubSpot’s words', () => {
    const log: Happened[] = [
      {
        type: 'form.submitted',
        at: now - dayMs,
        detail: { formId: 'f1', submissionId: 's1', pageUri: 'https://a.jp/x' },
      },
      { type: 'record.updated', at: now, detail: { changes: { city: ['大阪', '東京'] } } },
    ];
    const event = (eventTypeId: string, filters: readonly object[], operator = 'HAS_COMPLETED') =>
      and([], [{ filterBranchType: 'UNIFIED_EVENTS', eventTypeId, operator, filters }]);
    const named = (name: string, value: string) => on(name, { operator: 'IS_EQUAL_TO', value });
    const seen = viewOf({ city: '東京' }, { log });
    expect(holds(event('4-1639801', [named('hs_form_id', 'f1')]), seen).met).toBe(true);
    expect(holds(event('4-1639801', [named('hs_form_id', 'f2')], 'HAS_NOT_COMPLETED'), seen).met).toBe(true);
    expect(holds(event('4-655002', [named('hs_name', 'city'), named('hs_value', '東京')]), seen).met).toBe(true);
  });

  test('what mail somebody wants', () => {
    const wants = (...acceptedStatuses: string[]) =>
      and([{ filterType: 'EMAIL_SUBSCRIPTION', subscriptionIds: ['1'], acceptedStatuses }]);
    const chosen = (status: 'SUBSCRIBED' | 'NOT_SUBSCRIBED') =>
      viewOf({}, { subscription: { types: { 1: { status, at: '2026-11-01T00:00:00Z', source: 'API' } } } });
    expect(holds(wants('OPT_IN'), chosen('SUBSCRIBED')).met).toBe(true);
    expect(holds(wants('OPT_OUT'), chosen('SUBSCRIBED')).met).toBe(false);
    expect(holds(wants('OPT_OUT'), chosen('NOT_SUBSCRIBED')).met).toBe(true);
    expect([holds(wants('NOT_OPTED'), viewOf({})).met, holds(wants('NOT_OPTED'), chosen('SUBSCRIBED')).met]).toEqual([
      true,
      false,
    ]);
  });
});

test('what must be read: an answer of the record alone needs nothing else', () => {
  const alone = FilterBranch.parse(and([on('city', { operator: 'IS_KNOWN' })]));
  const more = FilterBranch.parse(and([], [and([{ filterType: 'IN_LIST', listId: '7', operator: 'IN_LIST' }])]));
  expect(isOfRecordAlone(needsOf(alone, '0-1'))).toBe(true);
  expect(isOfRecordAlone(needsOf(more, '0-1'))).toBe(false);
  expect([...needsOf(alone, '0-1').properties]).toEqual(['city']);
});

test('a tree that is too deep is refused, and no tree makes the parser fall over', () => {
  let deep: object = and([]);
  for (let depth = 0; depth < 50_000; depth += 1) deep = and([], [deep]);
  expect(FilterBranch.safeParse(deep).success).toBe(false);
});

/** A tree, and what it means: the same said twice, by different people. */
type Said = { readonly branch: object; readonly means: (p: string | undefined, time: number) => boolean };
const letters = ['a', 'b', 'c'];
const leaf: fc.Arbitrary<{ readonly filter: object; readonly means: Said['means'] }> = fc.oneof(
  fc.constantFrom(...letters).map((letter) => ({
    filter: on('p', { operator: 'IS_EQUAL_TO', value: letter }),
    means: (p: string | undefined) => p === letter,
  })),
  fc.boolean().map((accepts) => ({ filter: { filterType: 'CONSTANT', shouldAccept: accepts }, means: () => accepts })),
  fc.integer({ min: 0, max: 6 }).map((days) => ({
    filter: on('date', { operator: 'IS_LESS_THAN_X_DAYS_AGO', numberOfDays: days }),
    means: (_: string | undefined, time: number) => date > time - days * dayMs && date <= time,
  })),
  fc.integer({ min: -3, max: 3 }).map((days) => ({
    filter: on('date', {
      operator: 'IS_BEFORE',
      timePoint: {
        timeType: 'INDEXED',
        zoneId: 'Asia/Tokyo',
        indexReference: { referenceType: 'TODAY' },
        offset: { days },
      },
    }),
    means: (_: string | undefined, time: number) =>
      date < (Math.floor((time + 9 * 3_600_000) / dayMs) + days) * dayMs - 9 * 3_600_000,
  })),
);
const date = at('2026-11-24T10:11:12.000Z');
const rules: Readonly<Record<string, (answers: readonly boolean[]) => boolean>> = {
  OR: (answers) => answers.includes(true),
  AND: (answers) => !answers.includes(false),
  NOT_ANY: (answers) => !answers.includes(true),
  NOT_ALL: (answers) => answers.includes(false),
};
const treeOf = (depth: number): fc.Arbitrary<Said> =>
  fc
    .record({
      filterBranchType: fc.constantFrom(...Object.keys(rules)),
      leaves: fc.array(leaf, { maxLength: 3 }),
      trees: depth === 0 ? fc.constant<readonly Said[]>([]) : fc.array<Said>(treeOf(depth - 1), { maxLength: 3 }),
    })
    .map(({ filterBranchType, leaves, trees }) => ({
      branch: {
        filterBranchType,
        filters: leaves.map(({ filter }) => filter),
        filterBranches: trees.map(({ branch }) => branch),
      },
      means: (p, time) =>
        (rules[filterBranchType] ?? (() => false))([...leaves, ...trees].map(({ means }) => means(p, time))),
    }));
const tree = treeOf(3);
const times = fc.integer({ min: -4 * 24, max: 8 * 24 }).map((hours) => date + hours * 3_600_000 + 1234);

test('any tree of any depth means what it says, and stays so until it says', () => {
  fc.assert(
    fc.property(
      tree,
      fc.option(fc.constantFrom(...letters), { nil: undefined }),
      times,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (said, p, time, part) => {
        const view = viewOf({ p, date: new Date(date).toISOString() });
        const { met, until } = holds(said.branch, view, time);
        expect(met).toBe(said.means(p, time));
        const end = Math.min(until, time + 20 * dayMs);
        expect(until).toBeGreaterThan(time);
        expect(said.means(p, Math.floor(time + (end - 1 - time) * part))).toBe(met);
        expect(said.means(p, end - 1)).toBe(met);
      },
    ),
    { numRuns: 400 },
  );
});
