import { validation } from './errors.ts';
import { encodeKeyValue, keyAttributes, keyOfItem } from './key.ts';
import type { KeyRange } from './key-condition.ts';
import type { IndexDefinition, TableDefinition } from './table-definition.ts';
import type { RangeQuery } from './table-store.ts';
import { type AttributeValue, attributeOf, compareStrings, readItem, typeOf } from './value.ts';

/** The place that `ExclusiveStartKey` names: all keys of table and index, within the range of the query. */
export function readStartKey(
  definition: TableDefinition,
  index: IndexDefinition | undefined,
  raw: Record<string, unknown>,
  { hash, from, to }: KeyRange,
): RangeQuery['after'] {
  const item = readItem(raw);
  const attributes = [...keyAttributes(definition.key), ...(index ? keyAttributes(index.key) : [])];
  const names = new Set(attributes.map((attribute) => attribute.name));
  const fits = attributes.every(({ name, type }) => {
    const value = attributeOf(item, name);
    return value !== undefined && typeOf(value) === type;
  });
  if (!fits || Object.keys(item).length !== names.size) throw validation('The provided starting key is invalid');
  const schema = index?.key ?? definition.key;
  const sort = schema.range ? encodeKeyValue(attributeOf(item, schema.range.name) as AttributeValue) : '';
  const partition = encodeKeyValue(attributeOf(item, schema.hash.name) as AttributeValue);
  const below = from && compareStrings(sort, from.value) < 0;
  const above = to && compareStrings(sort, to.value) > 0;
  if (partition !== hash || below || above) {
    throw validation('The provided starting key does not match the range key predicate');
  }
  return { sort, key: keyOfItem(definition.key, item) };
}
