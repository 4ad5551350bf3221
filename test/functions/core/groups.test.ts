import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { absent, alive } from '../../../lib/table/conditions.ts';
import { StaleRead } from '../../../lib/table/contention.ts';
import { commitGroups } from '../../../lib/table/groups.ts';
import { AlreadyDone, PreconditionFailed } from '../../../lib/table/once.ts';
import { alsoStep, commitOrThrow, onceStep, orStale, type Step } from '../../../lib/table/steps.ts';
import { Table } from '../../../lib/table/table.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const table = new Table(DynamoDBDocumentClient.from(new DynamoDBClient({})), 'table');

type Put = { Put?: { Item: { sk: string } }; ConditionCheck?: { Key: { sk: string } } };
let committed: string[][] = [];

/** A table in which these keys are taken: a transaction that puts one of them is refused, with what is stored there. */
function taken(...keys: readonly string[]) {
  dynamo.on(TransactWriteCommand).callsFake(({ TransactItems }: { TransactItems: Put[] }) => {
    const names = TransactItems.map((item) => item.Put?.Item.sk ?? `check ${item.ConditionCheck?.Key.sk}`);
    const CancellationReasons = names.map((name) =>
      keys.includes(name)
        ? { Code: 'ConditionalCheckFailed', Item: marshall({ pk: 'p', sk: name, by: 'another' }) }
        : { Code: 'None' },
    );
    if (CancellationReasons.some(({ Code }) => Code !== 'None')) {
      throw new TransactionCanceledException({
        message: 'x',
        $metadata: {},
        CancellationReasons: CancellationReasons as never,
      });
    }
    committed.push(names);
    return {};
  });
}
beforeEach(() => {
  dynamo.reset();
  committed = [];
});

const write = (sk: string) => ({ put: { pk: 'p', sk }, when: absent });
const step = (sk: string): Step => orStale(write(sk));
const check = (sk: string): Step => orStale({ check: { pk: 'p', sk }, when: alive });

describe('groups of steps', () => {
  test('share a transaction as long as they fit', async () => {
    taken();
    const groups = Array.from({ length: 30 }, (_, n) => Array.from({ length: 7 }, (_, part) => step(`${n}.${part}`)));
    expect(await commitGroups(table, groups)).toEqual(new Array(30).fill(undefined));
    expect(committed.map(({ length }) => length).sort((a, b) => a - b)).toEqual([14, 98, 98]);
  });

  test('are never torn: each lies in one transaction', async () => {
    taken();
    const groups = Array.from({ length: 5 }, (_, n) => Array.from({ length: 60 }, (_, part) => step(`${n}.${part}`)));
    await commitGroups(table, groups);
    expect(committed.map((names) => new Set(names.map((name) => name.split('.')[0])).size)).toEqual([1, 1, 1, 1, 1]);
  });

  test('that are refused keep nobody else out', async () => {
    taken('2.b', '4.a');
    const groups = ['1', '2', '3', '4', '5'].map((name) => [step(`${name}.a`), step(`${name}.b`)]);
    const outcomes = await commitGroups(table, groups);
    expect(outcomes.map((outcome) => outcome?.name)).toEqual([
      undefined,
      'StaleRead',
      undefined,
      'StaleRead',
      undefined,
    ]);
    expect(committed.flat()).toEqual(['1.a', '1.b', '3.a', '3.b', '5.a', '5.b']);
  });

  test('that write the same key go one after the other', async () => {
    taken();
    await commitGroups(table, [[step('a')], [step('a')]]);
    expect(committed).toEqual([['a'], ['a']]);
  });

  test('that all need the same record check it once in a transaction', async () => {
    taken();
    await commitGroups(
      table,
      ['1', '2', '3'].map((name) => [step(name), check('deal')]),
    );
    expect(committed).toEqual([['1', 'check deal', '2', '3']]);
  });

  test('without steps are done', async () => {
    expect(await commitGroups(table, [[], [step('a')].slice(1)])).toEqual([undefined, undefined]);
    expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(0);
  });

  test('in a transaction that DynamoDB finds too large are tried one by one', async () => {
    dynamo.on(TransactWriteCommand).callsFake(({ TransactItems }: { TransactItems: Put[] }) => {
      const names = TransactItems.map(({ Put }) => Put?.Item.sk ?? '');
      if (names.includes('large'))
        throw Object.assign(new Error('Item size has exceeded the maximum'), { name: 'ValidationException' });
      committed.push(names);
      return {};
    });
    const outcomes = await commitGroups(table, [[step('a')], [step('large')], [step('b')]]);
    expect(outcomes.map((outcome) => outcome?.name)).toEqual([undefined, 'CrmError', undefined]);
    expect(committed).toEqual([['a'], ['b']]);
  });
});

describe('what a refusal means', () => {
  const refusal = (...steps: readonly Step[]) => commitOrThrow(table, steps).catch((error: unknown) => error);

  test('a mark that is there says that all was done before, with what the first time left', async () => {
    taken('mark', 'a', 'own');
    const error = await refusal(step('a'), alsoStep(write('own')), onceStep({ pk: 'p', sk: 'mark' }));
    expect(error).toBeInstanceOf(AlreadyDone);
    expect((error as AlreadyDone).mark).toMatchObject({ sk: 'mark', by: 'another' });
  });

  test('a stale read makes every other refusal doubtful', async () => {
    taken('a', 'own');
    expect(await refusal(alsoStep(write('own')), step('a'), onceStep({ pk: 'p', sk: 'mark' }))).toBeInstanceOf(
      StaleRead,
    );
  });

  test("a caller's own condition is told as such", async () => {
    taken('own');
    expect(await refusal(step('a'), alsoStep(write('own')))).toBeInstanceOf(PreconditionFailed);
  });
});
