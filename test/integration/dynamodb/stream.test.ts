import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DynamoEngine } from '../../../cdk/local/dynamodb/engine.ts';
import type { StreamRecord } from '../../../cdk/local/dynamodb/stream.ts';
import { key, N, S } from '../../support/dynamodb-values.ts';
import { tables } from './case.ts';

const main = { TableName: 'main' };
const HOUR = 60 * 60 * 1000;
const START = Date.parse('2026-04-01T00:00:00Z');

let folder: string;
let now: number;
let engine: DynamoEngine;

const open = (): DynamoEngine => new DynamoEngine({ file: join(folder, 'table.db'), now: () => now });
const put = (sk: string, more: Record<string, unknown> = {}) =>
  engine.execute('PutItem', { ...main, Item: { ...key('stream', sk), ...more } });
const records = (after = '0', limit = 100): StreamRecord[] => engine.readStream('main', { after, limit });
const shown = (all: readonly StreamRecord[]): unknown[] =>
  all.map(({ eventName, dynamodb }) => [eventName, dynamodb.Keys.sk]);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stream-'));
  now = START;
  engine = open();
  engine.execute('CreateTable', tables[0] as Record<string, unknown>);
});

afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the stream of a table', () => {
  test('has a record for each change, in order, with both images', () => {
    put('a', { v: N(1) });
    put('a', { v: N(2) });
    engine.execute('DeleteItem', { ...main, Key: key('stream', 'a') });
    expect(records().map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage?.v, dynamodb.NewImage?.v])).toEqual(
      [
        ['INSERT', undefined, N(1)],
        ['MODIFY', N(1), N(2)],
        ['REMOVE', N(2), undefined],
      ],
    );
    expect(records()[0]).toMatchObject({
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      eventSourceARN: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/main\/stream\//),
      dynamodb: {
        ApproximateCreationDateTime: START / 1000,
        Keys: key('stream', 'a'),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        SizeBytes: 25,
      },
    });
  });

  test('has no record of a write that changes nothing', () => {
    put('a', { v: N(1), w: S('x') });
    engine.execute('PutItem', { ...main, Item: { w: S('x'), v: N('1.0'), ...key('stream', 'a') } });
    engine.execute('DeleteItem', { ...main, Key: key('stream', 'absent') });
    engine.execute('UpdateItem', { ...main, Key: key('stream', 'a'), UpdateExpression: 'REMOVE zz' });
    expect(shown(records())).toEqual([['INSERT', S('a')]]);
  });

  test('has the records of a transaction together, and none of a cancelled one', () => {
    const transact = (...sks: string[]) =>
      engine.execute('TransactWriteItems', {
        TransactItems: sks.map((sk) => ({
          Put: { ...main, Item: key('stream', sk), ConditionExpression: 'attribute_not_exists(pk)' },
        })),
      });
    transact('a', 'b');
    expect(() => transact('c', 'a')).toThrow('Transaction cancelled');
    expect(shown(records())).toEqual([
      ['INSERT', S('a')],
      ['INSERT', S('b')],
    ]);
  });

  test('is read page by page, and its newest sequence number tells when all is read', () => {
    expect(engine.latestSequence('main')).toBe('0');
    for (const sk of ['a', 'b', 'c']) put(sk);
    const first = records('0', 2);
    const rest = records(first.at(-1)?.dynamodb.SequenceNumber);
    expect(shown([...first, ...rest])).toHaveLength(3);
    expect(rest.at(-1)?.dynamodb.SequenceNumber).toBe(engine.latestSequence('main'));
    expect(records(engine.latestSequence('main'))).toEqual([]);
  });

  test('goes on with higher sequence numbers after the file is opened again', () => {
    put('a');
    const before = engine.latestSequence('main');
    engine.close();
    engine = open();
    expect(engine.latestSequence('main')).toBe(before);
    put('b');
    expect(engine.latestSequence('main') > before).toBe(true);
    expect(shown(records())).toEqual([
      ['INSERT', S('a')],
      ['INSERT', S('b')],
    ]);
  });

  test('forgets records after a day without giving their numbers again', () => {
    put('a');
    const old = engine.latestSequence('main');
    now += 25 * HOUR;
    expect(records()).toEqual([]);
    engine.sweepExpired();
    expect(engine.latestSequence('main')).toBe(old);
    put('b');
    expect(shown(records(old))).toEqual([['INSERT', S('b')]]);
  });

  test('shows the young records that stand behind a page of old ones', () => {
    for (const sk of ['a', 'b', 'c']) put(sk);
    now += 25 * HOUR;
    put('d');
    expect(shown(records('0', 2))).toEqual([['INSERT', S('d')]]);
  });

  test('keeps what nobody has read when the clock is moved, which ages nothing', () => {
    engine.close();
    let real = START;
    engine = new DynamoEngine({ file: join(folder, 'table.db'), now: () => now, realNow: () => real });
    put('a');
    now += 48 * HOUR;
    engine.sweepExpired();
    put('b');
    expect(shown(records())).toEqual([
      ['INSERT', S('a')],
      ['INSERT', S('b')],
    ]);
    real += 73 * HOUR;
    engine.sweepExpired();
    expect(records()).toEqual([]);
  });

  test('is empty and ends nowhere for a table that has been thrown away', () => {
    put('a');
    engine.execute('DeleteTable', main);
    expect([engine.latestSequence('main'), records()]).toEqual(['0', []]);
  });

  test('tells its listeners once for each commit, until they leave', () => {
    const heard: string[] = [];
    const leave = engine.onStream((name) => heard.push(name));
    engine.execute('BatchWriteItem', {
      RequestItems: { main: ['a', 'b'].map((sk) => ({ PutRequest: { Item: key('stream', sk) } })) },
    });
    leave();
    put('c');
    expect(heard).toEqual(['main']);
  });

  test('shows only what its view asks for', () => {
    for (const view of ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE']) {
      const TableName = `view-${view}`;
      engine.execute('CreateTable', {
        ...tables[0],
        TableName,
        StreamSpecification: { StreamEnabled: true, StreamViewType: view },
      });
      engine.execute('PutItem', { TableName, Item: { ...key('stream', 'a'), v: N(1) } });
      engine.execute('DeleteItem', { TableName, Key: key('stream', 'a') });
      const images = engine
        .readStream(TableName, { limit: 10 })
        .flatMap(({ dynamodb }) => [dynamodb.NewImage !== undefined, dynamodb.OldImage !== undefined]);
      expect(images).toEqual([view === 'NEW_IMAGE', false, false, view === 'OLD_IMAGE']);
    }
  });
});

describe('time to live', () => {
  const enable = (Enabled: boolean) =>
    engine.execute('UpdateTimeToLive', { ...main, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled } });
  const at = (offset: number): Record<string, unknown> => ({ expiresAt: N((START + offset) / 1000) });

  test('deletes what has expired, in the name of the service', () => {
    put('before', at(HOUR / 2));
    enable(true);
    put('after', at(HOUR));
    put('later', at(3 * HOUR));
    put('text', { expiresAt: S('1') });
    put('ancient', { expiresAt: N(1) });
    expect(engine.sweepExpired()).toBe(0);
    now += 2 * HOUR;
    const seen = engine.latestSequence('main');
    expect(engine.sweepExpired()).toBe(2);
    const removed = records(seen);
    expect(shown(removed)).toEqual([
      ['REMOVE', S('before')],
      ['REMOVE', S('after')],
    ]);
    for (const record of removed)
      expect(record.userIdentity).toEqual({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });
    expect(engine.sweepExpired()).toBe(0);
  });

  test('follows a changed date, and stops when it is switched off', () => {
    enable(true);
    put('a', at(HOUR));
    put('b', at(HOUR));
    put('a', at(9 * HOUR));
    now += 2 * HOUR;
    expect(engine.sweepExpired()).toBe(1);
    enable(false);
    now += 10 * HOUR;
    expect(engine.sweepExpired()).toBe(0);
    expect(engine.execute('GetItem', { ...main, Key: key('stream', 'a') }).Item).toBeDefined();
  });
});

describe('the token of a transaction', () => {
  const increment = (ClientRequestToken: string) =>
    engine.execute('TransactWriteItems', {
      ClientRequestToken,
      TransactItems: [
        {
          Update: {
            ...main,
            Key: key('stream', 'n'),
            UpdateExpression: 'ADD v :v',
            ExpressionAttributeValues: { ':v': N(1) },
          },
        },
      ],
    });
  const value = (): unknown =>
    (engine.execute('GetItem', { ...main, Key: key('stream', 'n') }).Item as { v: unknown }).v;

  test('counts for ten minutes and over a restart', () => {
    increment('token');
    engine.close();
    engine = open();
    now += HOUR / 6 - 1;
    increment('token');
    expect(value()).toEqual(N(1));
    now += 1;
    increment('token');
    expect(value()).toEqual(N(2));
  });

  test('is not used up by a transaction that was cancelled', () => {
    const guarded = () =>
      engine.execute('TransactWriteItems', {
        ClientRequestToken: 'guarded',
        TransactItems: [
          { ConditionCheck: { ...main, Key: key('stream', 'guard'), ConditionExpression: 'attribute_exists(pk)' } },
          { Put: { ...main, Item: key('stream', 'x') } },
        ],
      });
    expect(guarded).toThrow('Transaction cancelled');
    put('guard');
    guarded();
    expect(shown(records()).at(-1)).toEqual(['INSERT', S('x')]);
  });
});
