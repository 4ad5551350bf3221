import type { Stored } from './capacity.ts';
import { conditionFailed, invalidParameter, validation } from './errors.ts';
import { ExpressionAttributes } from './expression/attributes.ts';
import { matches } from './expression/evaluate.ts';
import type { Condition, UpdateAction } from './expression/syntax.ts';
import type { Values } from './expression/types.ts';
import { applyUpdate } from './expression/update.ts';
import { type EncodedKey, keyAttributes, keyInIndex, keyOfItem, keyOfParameter } from './key.ts';
import { optionalText, requiredMap, requiredText } from './request.ts';
import type { Storage } from './storage.ts';
import type { Change, TableStore } from './table-store.ts';
import { checkDepth, equalItems, type Item, itemSize, newItem, readItem } from './value.ts';

const MAX_ITEM_BYTES = 400 * 1024;

/** A write that is well formed; whether it may happen depends on the stored item. */
export type Write = {
  readonly kind: 'put' | 'update' | 'delete' | 'check';
  readonly table: TableStore;
  readonly key: EncodedKey;
  /** The item to put, or the key of any other write. */
  readonly item: Item;
  /** Bytes of `item`, by AWS's rule. */
  readonly size: number;
  readonly actions: readonly UpdateAction[];
  readonly condition: Condition | undefined;
  readonly values: Values;
  readonly returnsItemOnFailure: boolean;
};

/** A change that may be stored, with what it finds in place of the item. */
export type Decision = { readonly change: Change; readonly changed: boolean };

/** Reads a write of a request and raises everything that is wrong with it whatever the table holds. */
export function readWrite(storage: Storage, kind: Write['kind'], body: Record<string, unknown>): Write {
  const tableName = requiredText(body, 'TableName');
  const raw = requiredMap(body, kind === 'put' ? 'Item' : 'Key');
  const attributes = new ExpressionAttributes(
    body,
    kind === 'update' ? ['UpdateExpression', 'ConditionExpression'] : ['ConditionExpression'],
  );
  const updateText = optionalText(body, 'UpdateExpression');
  const conditionText = optionalText(body, 'ConditionExpression');
  const actions = updateText === undefined ? [] : attributes.update(updateText);
  const condition =
    conditionText === undefined ? undefined : attributes.condition('ConditionExpression', conditionText).tree;
  attributes.finish();
  const item = readItem(raw);
  const table = storage.table(tableName);
  const { key: schema } = table.definition;
  const key = kind === 'put' ? keyOfItem(schema, item) : keyOfParameter(schema, item);
  const size = itemSize(item);
  if (kind === 'put' && size > MAX_ITEM_BYTES) {
    throw validation('Item size has exceeded the maximum allowed size');
  }
  return {
    kind,
    table,
    key,
    item,
    size,
    actions,
    condition,
    values: attributes.values,
    returnsItemOnFailure: body.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

const store = (item: Item, size: number): Stored => ({ item, text: JSON.stringify(item), size });

/** The item that an update makes of the stored one, or of the bare key. */
function updated({ table, item, actions, values }: Write, before: Stored | undefined): Stored {
  for (const { name } of keyAttributes(table.definition.key)) {
    if (actions.some((action) => action.path[0] === name)) {
      throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
  // A copy of its own: the values of the stored item stay as they were for the answer and the stream.
  const next = before ? Object.assign(newItem(), JSON.parse(before.text) as Item) : item;
  applyUpdate(next, actions, values);
  for (const value of Object.values(next)) checkDepth(value);
  const size = itemSize(next);
  if (size > MAX_ITEM_BYTES) throw validation('Item size to update has exceeded the maximum allowed size');
  return store(next, size);
}

/** Looks at the stored item: raises a failed condition or an update that does not fit, or says what changes. */
export function decide(write: Write): Decision {
  const { kind, table, key, condition, values } = write;
  const before = table.get(key);
  if (condition && !matches(condition, before?.item ?? newItem(), values)) {
    throw conditionFailed(write.returnsItemOnFailure ? before?.item : undefined);
  }
  if (kind === 'check') return { change: { table, key, before, after: before, indexKeys: [] }, changed: false };
  if (kind === 'delete') return { change: { table, key, before, indexKeys: [] }, changed: before !== undefined };
  const after = kind === 'put' ? store(write.item, write.size) : updated(write, before);
  const indexKeys = table.definition.indexes.map((index) =>
    keyInIndex(index.name, index.key, after.item, kind === 'update'),
  );
  const changed = !before || (before.text !== after.text && !equalItems(before.item, after.item));
  return { change: { table, key, before, after, indexKeys }, changed };
}
