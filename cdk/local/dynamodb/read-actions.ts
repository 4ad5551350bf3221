import type { Action, Context } from './actions.ts';
import { CapacityMeter, readUnits } from './capacity.ts';
import { DynamoError, invalidParameter, transactionCanceled, validation } from './errors.ts';
import { ExpressionAttributes } from './expression/attributes.ts';
import { project } from './expression/project.ts';
import type { Path } from './expression/syntax.ts';
import { type EncodedKey, keyOfParameter } from './key.ts';
import { capacityMode, checkParameters, listOf, optionalText, requiredMap, requiredText } from './request.ts';
import type { TableStore } from './table-store.ts';
import { type Item, isRecord, readItem } from './value.ts';

const MAX_BATCH_KEYS = 100;
const MAX_TRANSACTION_ACTIONS = 100;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

type Selection = { readonly table: TableStore; readonly paths: readonly Path[] | undefined };

function readSelection({ storage }: Context, tableName: string, body: Record<string, unknown>): Selection {
  const attributes = new ExpressionAttributes(body, ['ProjectionExpression']);
  const text = optionalText(body, 'ProjectionExpression');
  const paths = text === undefined ? undefined : attributes.projection(text);
  attributes.finish();
  return { table: storage.table(tableName), paths };
}

function selected(item: Item, { paths }: Selection): Item {
  return paths ? project(item, paths) : item;
}

export const getItem: Action = (context, body) => {
  const tableName = requiredText(body, 'TableName');
  const raw = requiredMap(body, 'Key');
  const selection = readSelection(context, tableName, body);
  const { table } = selection;
  const found = table.get(keyOfParameter(table.definition.key, readItem(raw)));
  const meter = new CapacityMeter(capacityMode(body));
  meter.read(tableName, readUnits(found?.size ?? 0, body.ConsistentRead === true));
  return { ...(found && { Item: selected(found.item, selection) }), ...meter.single() };
};

type BatchRead = Selection & {
  readonly name: string;
  readonly request: Record<string, unknown>;
  readonly keys: readonly { readonly key: EncodedKey; readonly item: Item }[];
};

function readBatchTable(context: Context, name: string, request: unknown): BatchRead {
  if (!isRecord(request)) throw invalidParameter('Expected a map of keys');
  checkParameters('BatchGetItem.RequestItems', request);
  const raw = listOf(request, 'Keys');
  if (raw.length === 0) {
    throw validation(`The list of keys in RequestItems for BatchGetItem is required: ${name} has empty list`);
  }
  const selection = readSelection(context, name, request);
  const keys = raw.map((entry) => {
    const item = readItem(entry);
    return { item, key: keyOfParameter(selection.table.definition.key, item) };
  });
  if (new Set(keys.map(({ key }) => JSON.stringify([key.pk, key.sk]))).size < keys.length) {
    throw validation('Provided list of item keys contains duplicates');
  }
  return { ...selection, name, request, keys };
}

function countKeys(requests: Record<string, unknown>): number {
  const lists = Object.values(requests).map((request) => (isRecord(request) ? listOf(request, 'Keys').length : 0));
  return lists.reduce((sum, length) => sum + length, 0);
}

export const batchGetItem: Action = (context, body) => {
  const requests = requiredMap(body, 'RequestItems');
  const names = Object.keys(requests);
  if (names.length === 0) throw validation('BatchGetItem must have some requests set');
  if (countKeys(requests) > MAX_BATCH_KEYS) throw validation('Too many items requested for the BatchGetItem call');
  const reads = names.map((name) => readBatchTable(context, name, requests[name]));
  const meter = new CapacityMeter(capacityMode(body));
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, unknown> = {};
  let bytes = 0;
  for (const read of reads) {
    const items: Item[] = [];
    const unprocessed: Item[] = [];
    for (const { key, item } of read.keys) {
      const found = bytes > MAX_ANSWER_BYTES ? undefined : read.table.get(key);
      const size = found?.size ?? 0;
      if (bytes + size > MAX_ANSWER_BYTES || bytes > MAX_ANSWER_BYTES) {
        unprocessed.push(item);
        // The answer is full: everything from here on is left to the caller.
        bytes = Number.POSITIVE_INFINITY;
        continue;
      }
      bytes += size;
      meter.read(read.name, readUnits(size, read.request.ConsistentRead === true));
      if (found) items.push(selected(found.item, read));
    }
    Responses[read.name] = items;
    if (unprocessed.length > 0) UnprocessedKeys[read.name] = { ...read.request, Keys: unprocessed };
  }
  return { Responses, UnprocessedKeys, ...meter.list() };
};

type TransactionRead = Selection & { readonly name: string; readonly key: EncodedKey };

function readTransactionGet(context: Context, entry: Record<string, unknown>): TransactionRead {
  const names = Object.keys(entry).filter((name) => entry[name] !== undefined);
  const get = entry.Get;
  if (names.length !== 1 || !isRecord(get)) throw validation('TransactItems can only contain Get');
  checkParameters('TransactGetItems.Get', get);
  const name = requiredText(get, 'TableName');
  const raw = requiredMap(get, 'Key');
  const selection = readSelection(context, name, get);
  return { ...selection, name, key: keyOfParameter(selection.table.definition.key, readItem(raw)) };
}

/** Key errors of single gets cancel the transaction, with a reason for each get. */
function readTransactionGets(context: Context, entries: readonly Record<string, unknown>[]): TransactionRead[] {
  const read = entries.map((entry) => {
    try {
      return readTransactionGet(context, entry);
    } catch (error) {
      if (error instanceof DynamoError && error.message.startsWith('The provided key element')) return error;
      throw error;
    }
  });
  const gets = read.flatMap((result) => (result instanceof DynamoError ? [] : [result]));
  if (gets.length === read.length) return gets;
  throw transactionCanceled(
    read.map((result) =>
      result instanceof DynamoError ? { Code: 'ValidationError', Message: result.message } : { Code: 'None' },
    ),
  );
}

export const transactGetItems: Action = (context, body) => {
  const entries = listOf(body, 'TransactItems');
  checkTransactionLength(entries);
  const reads = readTransactionGets(context, entries);
  if (new Set(reads.map(({ name, key }) => JSON.stringify([name, key.pk, key.sk]))).size < reads.length) {
    throw validation('Transaction request cannot include multiple operations on one item');
  }
  const meter = new CapacityMeter(capacityMode(body), true);
  let bytes = 0;
  const Responses = reads.map((read) => {
    const found = read.table.get(read.key);
    bytes += found?.size ?? 0;
    meter.read(read.name, readUnits(found?.size ?? 0, true));
    return found ? { Item: selected(found.item, read) } : {};
  });
  if (bytes > MAX_TRANSACTION_BYTES) {
    throw validation('Collective size of items in transaction cannot exceed 4MB');
  }
  return { Responses, ...meter.list() };
};

export function checkTransactionLength(entries: readonly unknown[]): void {
  const rule = (bound: string): string =>
    `1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`;
  if (entries.length === 0) throw validation(rule('greater than or equal to 1'));
  if (entries.length > MAX_TRANSACTION_ACTIONS) throw validation(rule('less than or equal to 100'));
}
