import { expect, test } from 'vitest';
import { CrmError } from '../../../lib/core/errors.ts';
import { absent, alive } from '../../../lib/table/conditions.ts';
import { commitGroups } from '../../../lib/table/groups.ts';
import type { Step } from '../../../lib/table/steps.ts';
import { ConditionFailed, type Table } from '../../../lib/table/table.ts';
import type { Write } from '../../../lib/table/write.ts';

/** A table that refuses puts of some keys and remembers the transactions that it took. */
function tableThatRefuses(...refused: string[]) {
  const transactions: (readonly Write[])[] = [];
  const commit = async (writes: readonly Write[]) => {
    const failed = writes.flatMap((write, position) =>
      'put' in write && refused.includes(write.put.pk) ? [{ position }] : [],
    );
    if (failed.length > 0) throw new ConditionFailed(failed);
    transactions.push(writes);
  };
  return { table: { commit } as unknown as Table, transactions };
}

const taken = new CrmError('CONFLICT', 'taken');
const put = (pk: string): Step => ({ write: { put: { pk, sk: 's' }, when: absent }, refused: () => taken });
const check = (pk: string): Step => ({ write: { check: { pk, sk: 's' }, when: alive }, refused: () => taken });
const groupOf = (name: string, size: number) =>
  Array.from({ length: size }, (_, position) => put(`${name}${position}`));

test('groups share transactions of at most a hundred writes', async () => {
  const { table, transactions } = tableThatRefuses();
  const outcomes = await commitGroups(
    table,
    Array.from({ length: 10 }, (_, position) => groupOf(`g${position}-`, 30)),
  );

  expect(outcomes.every((outcome) => outcome === undefined)).toBe(true);
  expect(transactions.map((writes) => writes.length)).toEqual([90, 90, 90, 30]);
});

test('a group that is refused keeps no other one out', async () => {
  const { table, transactions } = tableThatRefuses('b');
  const outcomes = await commitGroups(table, [[put('a')], [put('b'), put('b2')], [put('c')]]);

  expect(outcomes).toEqual([undefined, taken, undefined]);
  expect(transactions.map((writes) => writes.length)).toEqual([2]);
});

test('a check that groups have in common is made once', async () => {
  const { table, transactions } = tableThatRefuses();
  await commitGroups(table, [
    [put('a'), check('deal')],
    [put('b'), check('deal')],
  ]);

  expect(transactions.map((writes) => writes.length)).toEqual([3]);
});

test('groups that write the same key do not share a transaction', async () => {
  const { table, transactions } = tableThatRefuses();
  await commitGroups(table, [[put('a')], [put('a')], [check('a')]]);

  expect(transactions).toHaveLength(3);
});

test('groups without steps cost nothing', async () => {
  const { table, transactions } = tableThatRefuses();

  expect(await commitGroups(table, [[], []])).toEqual([undefined, undefined]);
  expect(transactions).toEqual([]);
});
