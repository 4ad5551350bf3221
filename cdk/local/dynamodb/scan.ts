import type { Action } from './actions.ts';
import { CapacityMeter, readUnits } from './capacity.ts';
import { keyOfParameter, keyPart } from './key.ts';
import { capacityMode, constraint, optionalMap, requiredText } from './request.ts';
import { type Item, readItem } from './value.ts';

const pageBytes = 1024 * 1024;

/** The whole table page after page, for operators' tools; functions have no grant for it. Partitions come in the order of their keys. */
export const scan: Action = ({ storage }, body) => {
  const tableName = requiredText(body, 'TableName');
  const table = storage.table(tableName);
  const { key } = table.definition;
  const start = optionalMap(body, 'ExclusiveStartKey');
  const limit = typeof body.Limit === 'number' ? body.Limit : undefined;
  if (limit !== undefined && limit < 1) throw constraint(limit, 'limit', 'have value greater than or equal to 1');
  const items: Item[] = [];
  let bytes = 0;
  let last: Item | undefined;
  for (const { item, size } of table.everything(start && keyOfParameter(key, readItem(start)))) {
    items.push(item);
    bytes += size;
    if (items.length === limit || bytes > pageBytes) {
      last = item;
      break;
    }
  }
  const meter = new CapacityMeter(capacityMode(body));
  meter.read(tableName, readUnits(bytes, body.ConsistentRead === true));
  return {
    Items: items,
    Count: items.length,
    ScannedCount: items.length,
    ...(last && { LastEvaluatedKey: keyPart(last, key) }),
    ...meter.single(),
  };
};
