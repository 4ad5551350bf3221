import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { flag, limitOf, pageOf, sliceOf } from '../../../lib/core/page.ts';

const request = { origin: 'https://crm.example.co.jp', url: '/crm/v3/owners?email=a%40b.jp&limit=2&after=1' };

test('the last page has no paging at all: clients test the key for truth', () => {
  expect(pageOf(['a'], undefined, request)).toEqual({ results: ['a'] });
});

test('the link of the next page is absolute and keeps what was asked', () => {
  const { paging } = pageOf(['a'], 'x&y', request);
  expect(paging?.next.after).toBe('x&y');
  const link = new URL(paging?.next.link ?? '');
  expect(link.origin + link.pathname).toBe('https://crm.example.co.jp/crm/v3/owners');
  expect(Object.fromEntries(link.searchParams)).toEqual({ email: 'a@b.jp', limit: '2', after: 'x&y' });
});

const items = ['1', '2', '3', '4', '5'].map((id) => ({ id }));
const ids = (results: readonly { id: string }[]) => results.map(({ id }) => id).join('');

test('pages of a list in memory follow each other without a gap or a repetition', () => {
  const pages: string[] = [];
  let after: string | undefined;
  do {
    const page = sliceOf(items, after, 2);
    pages.push(ids(page.results));
    after = page.after;
  } while (after !== undefined);
  expect(pages).toEqual(['12', '34', '5']);
});

test('a page that ends with the list is the last one', () => {
  expect(sliceOf(items, '3', 2)).toEqual({ results: items.slice(3), after: undefined });
});

test('a cursor whose item has gone goes on with the next one', () => {
  expect(ids(sliceOf(items, '25', 2).results)).toBe('34');
});

test('a limit is a whole number between one and the most, and has a usual value', () => {
  const limit = z.object({ limit: limitOf(20, 100) });
  const taken = (value?: string) => limit.safeParse(value === undefined ? {} : { limit: value });
  expect(taken().data).toEqual({ limit: 20 });
  expect(taken('100').data).toEqual({ limit: 100 });
  for (const wrong of ['0', '101', '1.5', '-1', 'ten', '1e9']) expect(taken(wrong).success, wrong).toBe(false);
});

test('a flag is one of two words, and not set when it is absent', () => {
  const archived = z.object({ archived: flag });
  expect(archived.parse({})).toEqual({ archived: false });
  expect(archived.parse({ archived: 'true' })).toEqual({ archived: true });
  expect(archived.parse({ archived: 'false' })).toEqual({ archived: false });
  for (const wrong of ['1', 'TRUE', '']) expect(archived.safeParse({ archived: wrong }).success, wrong).toBe(false);
});
