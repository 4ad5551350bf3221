import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { associate } from '../../../lib/associations/store.ts';
import type { SearchFilter } from '../../../lib/objects/filter.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import { SchemaCreate } from '../../../lib/schemas/input.ts';
import { insertSchema } from '../../../lib/schemas/store.ts';
import { SearchRequest } from '../../../lib/search/schema.ts';
import { searchIds, searchRecords } from '../../../lib/search/search.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { random } from '../../support/random.ts';
import { type Known, naive } from './naive.ts';

let database: Database;
let objectType = '';
let contacts: readonly string[] = [];
const known: Known[] = [];

const texts = [
  '田中',
  '田中商事',
  'abc',
  'ABC',
  'abc def',
  'ａｂｃ',
  'サンプル',
  'ｻﾝﾌﾟﾙ',
  '𠮷野家',
  '﨑',
  'x#y',
  '$',
  ' ',
  'a'.repeat(600),
  `${'a'.repeat(599)}b`,
];
const numbers = ['-12.5', '-1', '0', '1', '2', '10', '1000000', '0.001'];
const days = ['2025-12-31', '2026-01-01', '2026-11-22', '1969-05-01'];
const times = ['2026-11-22T04:00:00.000Z', '2026-11-22T04:00:00.001Z', '2020-01-01T00:00:00.000Z'];
const options = ['A', 'a', 'b c'];
const values: Readonly<Record<string, readonly string[]>> = {
  text: texts,
  textarea: texts,
  number: numbers,
  day: days,
  time: times,
  option: options,
  flag: ['true', 'false'],
  ticks: ['A', 'A;a', 'b c;A', 'a'],
};
const names = Object.keys(values);

const property = (name: string, type: string, fieldType: string, choices: readonly string[] = []) => ({
  name,
  label: name,
  type,
  fieldType,
  ...(choices.length > 0 && { options: choices.map((value) => ({ label: value, value })) }),
});

beforeAll(async () => {
  database = await startDatabase();
  const { app } = database;
  const schema = await insertSchema(
    app,
    SchemaCreate.parse({
      name: 'things',
      labels: { singular: 'もの', plural: 'もの' },
      primaryDisplayProperty: 'text',
      properties: [
        property('text', 'string', 'text'),
        property('textarea', 'string', 'textarea'),
        property('number', 'number', 'number'),
        property('day', 'date', 'date'),
        property('time', 'datetime', 'date'),
        property('option', 'enumeration', 'select', options),
        property('flag', 'bool', 'booleancheckbox', ['true', 'false']),
        property('ticks', 'enumeration', 'checkbox', options),
      ],
      associatedObjects: ['CONTACT'],
    }),
  );
  objectType = schema.objectTypeId;
  contacts = await Promise.all([1, 2, 3].map(async () => (await createRecord(app, '0-1', { lastname: '田中' })).id));
  const draw = random(4);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;
  for (let n = 0; n < 90; n += 1) {
    const given = names.filter(() => draw() > 0.3).map((name) => [name, oneOf(values[name] ?? [])]);
    const record = await createRecord(app, objectType, Object.fromEntries(given));
    const near = contacts.filter(() => draw() > 0.75);
    for (const id of near) await associate(app, record, { objectType: '0-1', id }, 'default');
    const archived = draw() > 0.9;
    if (archived) await archiveRecord(app, objectType, record.id);
    known.push({ record, contacts: new Set(near), archived });
  }
}, 60_000);
afterAll(() => database.close());

const propertyFilter: fc.Arbitrary<SearchFilter> = fc.constantFrom(...names).chain((propertyName) => {
  const value = fc.constantFrom(...(values[propertyName] ?? []).flatMap((each) => each.split(';')));
  const of = (operator: SearchFilter['operator'], rest: fc.Arbitrary<object>) =>
    rest.map((operands) => ({ propertyName, operator, ...operands }) as SearchFilter);
  const one = value.map((each) => ({ value: each }));
  const several = fc.array(value, { minLength: 1, maxLength: 4 }).map((each) => ({ values: each }));
  return fc.oneof(
    ...(['EQ', 'NEQ', 'LT', 'LTE', 'GT', 'GTE'] as const).map((operator) => of(operator, one)),
    ...(['IN', 'NOT_IN'] as const).map((operator) => of(operator, several)),
    ...(['HAS_PROPERTY', 'NOT_HAS_PROPERTY'] as const).map((operator) => of(operator, fc.constant({}))),
    of(
      'BETWEEN',
      fc.tuple(value, value).map(([low, high]) => ({ value: low, highValue: high })),
    ),
    ...(propertyName.startsWith('text')
      ? (['CONTAINS_TOKEN', 'NOT_CONTAINS_TOKEN'] as const).map((operator) =>
          of(
            operator,
            fc.constantFrom('abc*', 'd*', '田中', 'サンプル').map((each) => ({ value: each })),
          ),
        )
      : []),
  );
});
const associationFilter: fc.Arbitrary<SearchFilter> = fc
  .tuple(
    fc.constantFrom('associations.contact', 'associations.contacts', 'associations.0-1'),
    fc.constantFrom('EQ', 'NEQ', 'IN', 'NOT_IN', 'HAS_PROPERTY', 'NOT_HAS_PROPERTY'),
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 3 }),
  )
  .map(([propertyName, operator, picked]) => {
    const ids = picked.map((at) => contacts[at] ?? '');
    const operands = operator.endsWith('IN') ? { values: ids } : operator.endsWith('EQ') ? { value: ids[0] } : {};
    return { propertyName, operator, ...operands } as SearchFilter;
  });
const group = fc.array(
  fc.oneof({ weight: 4, arbitrary: propertyFilter }, { weight: 1, arbitrary: associationFilter }),
  {
    minLength: 1,
    maxLength: 3,
  },
);
const asked = fc.record({
  groups: fc.array(group, { maxLength: 3 }),
  sort: fc.option(fc.record({ name: fc.constantFrom(...names), descending: fc.boolean() }), { nil: undefined }),
  limit: fc.integer({ min: 7, max: 40 }),
});
type Asked = { groups: SearchFilter[][]; sort: { name: string; descending: boolean } | undefined; limit: number };

const requestOf = ({ groups, sort, limit }: Asked) => ({
  filterGroups: groups.map((filters) => ({ filters })),
  ...(sort && { sorts: [{ propertyName: sort.name, direction: sort.descending ? 'DESCENDING' : 'ASCENDING' }] }),
  limit,
});

async function everyPage(wanted: Asked, limits?: Parameters<typeof searchRecords>[3]) {
  const ids: string[] = [];
  const totals: { count: number; exact: boolean }[] = [];
  const rows: number[] = [];
  let after: string | undefined;
  do {
    const request = SearchRequest.parse({ ...requestOf(wanted), ...(after && { after }) });
    const page = await searchRecords(database.app, objectType, request, limits);
    ids.push(...page.records.map(({ id }) => id));
    rows.push(page.records.length);
    totals.push(page.total);
    after = page.after;
  } while (after !== undefined);
  return { ids, totals, rows };
}

const expectedOf = ({ groups, sort }: Asked) => naive(known, { groups, ...(sort && { sort }) });

test('finds what a naive evaluator finds, in its order, page by page, and counts it exactly', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (wanted) => {
      const expected = expectedOf(wanted);
      const { ids, totals, rows } = await everyPage(wanted);
      expect(ids).toEqual(expected);
      if (wanted.groups.length > 0)
        expect(totals.every(({ count, exact }) => exact && count === expected.length)).toBe(true);
      expect(rows.slice(0, -1).every((count) => count === wanted.limit)).toBe(true);
    }),
    { numRuns: 30, seed: 7 },
  );
}, 240_000);

const small = { gathered: 6, sorted: 3, counted: 1000, records: 20, rows: 1000 };
/** By a property without an index so many cannot be sorted. */
const sortable = ({ sort }: Asked) => sort === undefined || !['textarea', 'ticks'].includes(sort.name);

test('finds the same when candidates are too many to be taken in hand', async () => {
  await fc.assert(
    fc.asyncProperty(asked.filter(sortable), async (wanted) => {
      const expected = expectedOf(wanted);
      const { ids, totals } = await everyPage(wanted, small);
      expect(ids).toEqual(expected);
      for (const { count, exact } of totals) {
        if (wanted.groups.length === 0) continue;
        expect(exact ? count === expected.length : count <= expected.length).toBe(true);
      }
    }),
    { numRuns: 30, seed: 8 },
  );
}, 240_000);

test('an offset gives the same as the cursor', async () => {
  await fc.assert(
    fc.asyncProperty(
      asked.filter(sortable),
      fc.integer({ min: 0, max: 60 }),
      fc.boolean(),
      async (wanted, offset, tight) => {
        const request = SearchRequest.parse({ ...requestOf(wanted), after: String(offset) });
        const page = await searchRecords(
          database.app,
          objectType,
          request,
          tight ? { ...small, records: 1000 } : undefined,
        );
        const expected = expectedOf(wanted).slice(offset, offset + wanted.limit);
        expect(page.records.map(({ id }) => id)).toEqual(expected);
      },
    ),
    { numRuns: 25, seed: 9 },
  );
}, 60_000);

test('a job gets every id once, in the order of the ids', async () => {
  const filters = [{ propertyName: 'number', operator: 'GTE' as const, value: '0' }];
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await searchIds(database.app, objectType, { filters }, { limit: 7, ...(after && { after }) });
    ids.push(...page.ids);
    after = page.after;
  } while (after !== undefined);
  expect(ids).toEqual(naive(known, { groups: [filters] }));
});

describe('by their ids, as clients go through all records', () => {
  const idFilter = (operator: SearchFilter['operator'], value: string): SearchFilter => ({
    propertyName: 'hs_object_id',
    operator,
    value,
  });
  const search = (request: Parameters<typeof SearchRequest.parse>[0], limits?: Parameters<typeof searchRecords>[3]) =>
    searchRecords(database.app, objectType, SearchRequest.parse(request), limits);
  const few = [{ propertyName: 'number', operator: 'GTE' as const, value: '0' }];

  test.each([
    ['all', []],
    ['those of a filter', few],
  ])('each page begins after the greatest id of the last one: %s', async (_, filters) => {
    const ids: string[] = [];
    for (let last = '0'; ; last = ids.at(-1) ?? '') {
      const { records } = await search(
        {
          filterGroups: [{ filters: [...filters, idFilter('GT', last)] }],
          sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
          limit: 5,
        },
        small,
      );
      if (records.length === 0) break;
      ids.push(...records.map(({ id }) => id));
    }
    expect(ids).toEqual(naive(known, { groups: filters.length > 0 ? [filters] : [] }));
  });

  test.each([undefined, small])('downwards, and between two ids', async (limits) => {
    const all = naive(known, { groups: [] });
    const [low = '', high = ''] = [all[10], all[60]];
    const filters = [idFilter('GTE', low), idFilter('LT', high)];
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await search({ filters, sorts: ['-hs_object_id'], limit: 7, ...(after && { after }) }, limits);
      ids.push(...page.records.map(({ id }) => id));
      after = page.after;
    } while (after !== undefined);
    expect(ids).toEqual(all.slice(10, 60).reverse());
    const newest = await search({ sorts: ['-hs_object_id'], limit: 3 }, limits);
    expect(newest.records.map(({ id }) => id)).toEqual(all.slice(-3).reverse());
  });
});
