import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type * as z from 'zod/mini';
import { CrmError } from '../core/errors.ts';
import { pause } from './contention.ts';
import type { Key } from './keys.ts';
import type { Meter } from './meter.ts';
import { type Item, toTransactItem, type Write } from './write.ts';

export type Query = {
  readonly pk: string;
  /** The main table by default; `gsi1` reads `gsi1pk`/`gsi1sk`, always eventually consistent. */
  readonly index?: 'gsi1';
  readonly prefix?: string;
  /** Inclusive bounds of the sort key. Not together with `prefix`. */
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly descending?: boolean;
  readonly consistent?: boolean;
  readonly startAfter?: Record<string, unknown>;
};

export type Page<T> = { readonly items: readonly T[]; readonly lastKey?: Record<string, unknown> };

/** A write's condition did not hold. `failed` says which writes, with the stored item where there is one. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  readonly failed: readonly { readonly position: number; readonly item?: Record<string, unknown> }[];

  constructor(failed: ConditionFailed['failed']) {
    super('A condition of the transaction did not hold');
    this.failed = failed;
  }

  /** Whether the write at this position was one of those refused. */
  at(position: number) {
    return this.failed.find((each) => each.position === position);
  }
}

/** DynamoDB's limit on one transaction. */
export const transactionLimit = 100;
const batchGetLimit = 100;
/** DynamoDB leaves keys unread when it throttles, or when an answer would pass 16 MB: a hundred of the largest items take three calls. */
const batchGetTries = 12;
/** How long a commit fights for rows that other transactions hold before the caller gets a 503. */
const conflictBudgetMs = 7000;

/** The single table. One instance serves one request and meters what it costs. */
export class Table {
  private readonly client: DynamoDBDocumentClient;
  private readonly name: string;
  private readonly meter: Meter | undefined;

  constructor(client: DynamoDBDocumentClient, name: string, meter?: Meter) {
    this.client = client;
    this.name = name;
    this.meter = meter;
  }

  /** The item under a key, parsed. Strongly consistent unless told otherwise: 1 RRU for up to 4 KB. */
  async get<S extends z.ZodMiniType>(
    key: Key,
    schema: S,
    { consistent = true } = {},
  ): Promise<z.output<S> | undefined> {
    if (!canExist(key)) return undefined;
    const answer = await this.client.send(
      new GetCommand({ TableName: this.name, Key: key, ConsistentRead: consistent, ...this.metered }),
    );
    this.meter?.read(answer.ConsumedCapacity);
    return answer.Item && live(answer.Item) ? schema.parse(answer.Item) : undefined;
  }

  /** The items found under the keys, in no order; keys without an item are left out. Duplicate keys are read once. */
  async getMany<S extends z.ZodMiniType>(
    keys: readonly Key[],
    schema: S,
    { consistent = true } = {},
  ): Promise<z.output<S>[]> {
    const distinct = [...new Map(keys.filter(canExist).map(({ pk, sk }) => [`${pk}\n${sk}`, { pk, sk }])).values()];
    const found: z.output<S>[] = [];
    for (let start = 0; start < distinct.length; start += batchGetLimit) {
      for (const item of await this.batchGet(distinct.slice(start, start + batchGetLimit), consistent)) {
        if (live(item)) found.push(schema.parse(item));
      }
    }
    return found;
  }

  private async batchGet(keys: readonly Key[], consistent: boolean): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    let left: Record<string, unknown>[] = [...keys];
    for (let tries = 0; left.length > 0; tries += 1) {
      if (tries === batchGetTries)
        throw Object.assign(new Error('Keys stayed unread'), { name: 'ThrottlingException' });
      if (tries > 0) await pause(tries);
      const answer = await this.client.send(
        new BatchGetCommand({
          RequestItems: { [this.name]: { Keys: left, ConsistentRead: consistent } },
          ...this.metered,
        }),
      );
      this.meter?.read(answer.ConsumedCapacity);
      found.push(...(answer.Responses?.[this.name] ?? []));
      left = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return found;
  }

  /** One page of a partition, at most 1 MB. `lastKey` is there when more may follow. */
  async query<S extends z.ZodMiniType>(query: Query, schema: S): Promise<Page<z.output<S>>> {
    const [pkName, skName] = query.index ? ['gsi1pk', 'gsi1sk'] : ['pk', 'sk'];
    if (!canExist({ pk: query.pk, sk: query.prefix ?? '' }) || !canFind(query, skName)) return { items: [] };
    const range = sortCondition(query);
    const answer = await this.client.send(
      new QueryCommand({
        TableName: this.name,
        IndexName: query.index,
        KeyConditionExpression: `#pk = :pk${range.expression}`,
        ExpressionAttributeNames: { '#pk': pkName, ...(range.expression && { '#sk': skName }) },
        ExpressionAttributeValues: { ':pk': query.pk, ...range.values },
        Limit: query.limit,
        ScanIndexForward: !query.descending,
        ConsistentRead: query.index ? undefined : (query.consistent ?? true),
        ExclusiveStartKey: query.startAfter,
        ...this.metered,
      }),
    );
    this.meter?.read(answer.ConsumedCapacity);
    const items = (answer.Items ?? []).filter(live).map((item) => schema.parse(item));
    return answer.LastEvaluatedKey ? { items, lastKey: answer.LastEvaluatedKey } : { items };
  }

  /**
   * All items of a partition, page after page to its end. For partitions that what people define keeps small, and for workers that must
   * see everything: nothing is left out.
   */
  async all<S extends z.ZodMiniType>(query: Omit<Query, 'startAfter' | 'limit'>, schema: S): Promise<z.output<S>[]> {
    const items: z.output<S>[] = [];
    let startAfter: Record<string, unknown> | undefined;
    do {
      const page = await this.query({ ...query, ...(startAfter && { startAfter }) }, schema);
      items.push(...page.items);
      startAfter = page.lastKey;
    } while (startAfter);
    return items;
  }

  /**
   * All of the writes or none, in one transaction (at most 100). A conflict with another transaction, or a throttle, is retried with
   * jitter; the same client token on each try makes an answer that was lost harmless.
   * @throws ConditionFailed when a condition did not hold; CrmError 400 when it is more than DynamoDB takes.
   */
  async commit(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return;
    if (writes.length > transactionLimit)
      throw tooLarge(`it needs ${writes.length} writes, the most is ${transactionLimit}`);
    const command = new TransactWriteCommand({
      TransactItems: writes.map((write) => toTransactItem(this.name, write)),
      ClientRequestToken: randomUUID(),
      ...this.metered,
    });
    const until = performance.now() + conflictBudgetMs;
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await this.client.send(command);
        this.meter?.write(answer.ConsumedCapacity);
        return;
      } catch (error) {
        if (!mayRetry(error) || performance.now() > until) throw refusal(error);
      }
      await pause(tries);
    }
  }

  /**
   * Adds one to a counter that expires, and returns what it is now. Not in a transaction, so that hundreds at once do not conflict;
   * an answer that is lost and repeated counts twice, which a limit can bear.
   */
  async count(key: Key, expiresAt: number): Promise<number> {
    const answer = await this.client.send(
      new UpdateCommand({
        TableName: this.name,
        Key: key,
        UpdateExpression: 'SET expiresAt = :expiresAt ADD #count :one',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':expiresAt': expiresAt, ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
        ...this.metered,
      }),
    );
    this.meter?.write(answer.ConsumedCapacity);
    return Number(answer.Attributes?.count ?? 0);
  }

  /**
   * One conditional update outside a transaction, for an item that many write at once: they take turns instead of conflicting. Returns
   * the item as it is now. An answer that is lost and repeated meets its own change, so the condition must tell the two apart.
   * @throws ConditionFailed with the stored item
   */
  async update<S extends z.ZodMiniType>(write: Extract<Write, { update: Key }>, schema: S): Promise<z.output<S>> {
    const { Update } = toTransactItem(this.name, write);
    if (!Update) throw new Error('Only an update can be written so');
    try {
      const answer = await this.client.send(new UpdateCommand({ ...Update, ReturnValues: 'ALL_NEW', ...this.metered }));
      this.meter?.write(answer.ConsumedCapacity);
      return schema.parse(answer.Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new ConditionFailed([{ position: 0, ...(error.Item && { item: unmarshall(error.Item) }) }]);
    }
  }

  private get metered() {
    return this.meter ? ({ ReturnConsumedCapacity: 'TOTAL' } as const) : {};
  }
}

/** DynamoDB's limits on keys. Nothing lies under a longer one, and to ask for it is an error there. */
const canExist = ({ pk, sk }: Key) => Buffer.byteLength(pk) <= 2048 && Buffer.byteLength(sk) <= 1024;

/** Bounds in the wrong order, and a start outside of them (a cursor of another period), are errors to DynamoDB. */
function canFind({ prefix, from, to, startAfter }: Query, skName: string): boolean {
  const isAfter = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other)) > 0;
  if (from !== undefined && to !== undefined && isAfter(from, to)) return false;
  const start = startAfter?.[skName];
  if (typeof start !== 'string') return true;
  if (prefix !== undefined) return start.startsWith(prefix);
  return !(from !== undefined && isAfter(from, start)) && !(to !== undefined && isAfter(start, to));
}

/** DynamoDB deletes expired items within days, not at once: a read must not see them. */
const live = (item: Item) => typeof item.expiresAt !== 'number' || item.expiresAt > Date.now() / 1000;

function sortCondition({ prefix, from, to }: Query): { expression: string; values: Record<string, string> } {
  if (prefix !== undefined) return { expression: ' AND begins_with(#sk, :prefix)', values: { ':prefix': prefix } };
  if (from !== undefined && to !== undefined)
    return { expression: ' AND #sk BETWEEN :from AND :to', values: { ':from': from, ':to': to } };
  if (from !== undefined) return { expression: ' AND #sk >= :from', values: { ':from': from } };
  if (to !== undefined) return { expression: ' AND #sk <= :to', values: { ':to': to } };
  return { expression: '', values: {} };
}

const reasonsOf = (error: unknown) =>
  error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];

/** Only other writers stood in the way: no condition failed, so the same writes may be tried again. */
function mayRetry(error: unknown): boolean {
  if (error instanceof Error && error.name === 'TransactionInProgressException') return true;
  const codes = reasonsOf(error).map(({ Code }) => Code ?? 'None');
  const busy = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
  return codes.some((code) => busy.includes(code)) && codes.every((code) => code === 'None' || busy.includes(code));
}

/** The document client leaves the items of an error in DynamoDB's own form. */
function refusal(error: unknown): unknown {
  const reasons = reasonsOf(error);
  const failed = reasons.flatMap(({ Code, Item }, position) =>
    Code === 'ConditionalCheckFailed' ? [{ position, ...(Item && { item: unmarshall(Item) }) }] : [],
  );
  if (failed.length > 0) return new ConditionFailed(failed);
  const size = [error, ...reasons].find(isTooLarge);
  return size ? tooLarge('an item may have 400 KB, a transaction 4 MB, an indexed value 1 KB') : error;
}

function isTooLarge(problem: unknown): boolean {
  const text = problem instanceof Error ? problem.message : ((problem as { Message?: string }).Message ?? '');
  return /size (has exceeded|exceeded|of)|exceeded the maximum|exceed(s|ed)? .*size|too large/i.test(text);
}

const tooLarge = (why: string) =>
  new CrmError('VALIDATION_ERROR', `The change is too large to be made at once: ${why}. Nothing was changed.`, {
    subCategory: 'REQUEST_TOO_LARGE',
  });
