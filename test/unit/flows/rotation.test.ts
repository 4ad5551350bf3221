import { expect, test } from 'vitest';
import { candidatesOf, nextInTurn } from '../../../lib/flows/rotation.ts';

const owner = (id: string, { archived = false, team = '' } = {}) => ({
  id,
  email: `${id}@example.co.jp`,
  firstName: '',
  lastName: '',
  userId: Number(id),
  archived,
  teams: team ? [{ id: team, name: team, primary: true }] : [],
  createdAt: '',
  updatedAt: '',
});
const among = (named: Partial<Parameters<typeof candidatesOf>[1]>) => ({
  owner_ids: [],
  user_ids: [],
  team_ids: [],
  ...named,
});

test('people come in the order in which they are named, each once', () => {
  const owners = [owner('1'), owner('2', { team: 't' }), owner('3', { team: 't' })];
  const ids = candidatesOf(owners, among({ owner_ids: ['3', '9'], user_ids: ['1'], team_ids: ['t'] })).map(
    ({ id }) => id,
  );
  expect(ids).toEqual(['3', '1', '2']);
});

test('turns go round and pass over archived owners', () => {
  const owners = [owner('1'), owner('2', { archived: true }), owner('3')];
  expect(nextInTurn(owners, undefined)?.id).toBe('1');
  expect(nextInTurn(owners, '1')?.id).toBe('3');
  expect(nextInTurn(owners, '3')?.id).toBe('1');
  expect(nextInTurn(owners, 'gone')?.id).toBe('1');
  expect(nextInTurn([owner('2', { archived: true })], undefined)).toBeUndefined();
});
