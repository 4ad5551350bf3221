import { expect, test } from 'vitest';
import { type Change, enlisted } from '../../../lib/sends/recipient.ts';
import { together } from '../../../lib/sends/together.ts';

const change = (contactId: string): Change =>
  enlisted({ sendId: '1', contactId, email: 'a@example.co.jp', source: 0 }, '2026-11-25T04:00:00.000Z');

test('changes that come while others are written are written together, and each learns whether it holds', async () => {
  const batches: string[][] = [];
  const release: (() => void)[] = [];
  const commit = together(async (changes) => {
    batches.push(changes.map(({ after }) => after.contactId));
    await new Promise<void>((resolve) => release.push(resolve));
    return changes.filter(({ after }) => after.contactId === '3').map((each) => ({ change: each, stored: undefined }));
  });
  const answers = ['1', '2', '3'].map((id) => commit(change(id)));
  while (release.length < 1) await Promise.resolve();
  release[0]?.();
  await answers[0];
  while (release.length < 2) await Promise.resolve();
  release[1]?.();
  expect(await Promise.all(answers)).toEqual([true, true, false]);
  expect(batches).toEqual([['1'], ['2', '3']]);
});

test('a write that fails is told to those it was for, and the next one is tried', async () => {
  let calls = 0;
  const commit = together(async () => {
    calls += 1;
    if (calls === 1) throw new Error('busy');
    return [];
  });
  await expect(commit(change('1'))).rejects.toThrow('busy');
  expect(await commit(change('2'))).toBe(true);
});

test('with patience, those who are expected are written together; nobody waits longer than that for who does not come', async () => {
  const batches: string[][] = [];
  const write = async (changes: readonly Change[]) => {
    batches.push(changes.map(({ after }) => after.contactId));
    return [];
  };
  let expected = 3;
  const commit = together(write, { ms: 60_000, expected: () => expected });
  await Promise.all(['1', '2', '3'].map((id) => commit(change(id))));
  expected = 1;
  await commit(change('4'));
  expect(batches).toEqual([['1', '2', '3'], ['4']]);
  const hasty = together(write, { ms: 1, expected: () => 2 });
  expect(await hasty(change('5'))).toBe(true);
});
