import { expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import { spelledOut } from '../../lib/account/scopes.ts';

test('a token that may do everything names every scope that an operation asks for', () => {
  const asked = operations.flatMap(({ scope }) => (scope && scope !== 'public' && !scope.includes('{') ? scope : []));
  expect(asked.length).toBeGreaterThan(50);
  const named = new Set(spelledOut(['*']));
  expect([...new Set(asked)].filter((scope) => !named.has(scope))).toEqual([]);
});

test('an operation that asks for a token may read the table, where tokens lie', () => {
  const blind = operations.filter(({ scope, uses }) => scope !== 'public' && !(uses ?? []).includes('table:read'));
  expect(blind.map(({ id }) => id)).toEqual([]);
});
