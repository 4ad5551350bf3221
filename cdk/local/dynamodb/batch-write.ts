import type { Action, Context } from './actions.ts';
import { CapacityMeter } from './capacity.ts';
import { validation } from './errors.ts';
import { capacityMode, listOf, requiredMap } from './request.ts';
import { isRecord } from './value.ts';
import { decide, readWrite, type Write } from './write.ts';

const MAX_REQUESTS = 25;
const MAX_BYTES = 16 * 1024 * 1024;

function readRequest({ storage }: Context, TableName: string, request: Record<string, unknown>): Write {
  const { PutRequest: put, DeleteRequest: remove, ...unknown } = request;
  if (Object.keys(unknown).length > 0 || isRecord(put) === isRecord(remove)) {
    throw validation(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return isRecord(put)
    ? readWrite(storage, 'put', { TableName, Item: requiredMap(put, 'Item') })
    : readWrite(storage, 'delete', { TableName, Key: requiredMap(isRecord(remove) ? remove : {}, 'Key') });
}

export const batchWriteItem: Action = (context, body) => {
  const requests = requiredMap(body, 'RequestItems');
  const names = Object.keys(requests);
  if (names.length === 0) throw validation('BatchWriteItem cannot have a null or no requests set');
  const lists = names.map((name) => ({ name, entries: listOf(requests, name) }));
  const empty = lists.find(({ entries }) => entries.length === 0);
  if (empty) throw validation(`The batch write request list for a table cannot be null or empty: ${empty.name}`);
  if (lists.reduce((sum, { entries }) => sum + entries.length, 0) > MAX_REQUESTS) {
    throw validation('Too many items requested for the BatchWriteItem call');
  }
  const writes = lists.flatMap(({ name, entries }) => entries.map((entry) => readRequest(context, name, entry)));
  const keys = new Set(writes.map(({ table, key }) => JSON.stringify([table.definition.name, key.pk, key.sk])));
  if (keys.size < writes.length) throw validation('Provided list of item keys contains duplicates');
  if (writes.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) {
    throw validation('Collective size of items in the batch cannot exceed 16MB');
  }
  const decisions = writes.map(decide);
  context.commit(decisions.filter(({ changed }) => changed).map(({ change }) => change));
  const meter = new CapacityMeter(capacityMode(body));
  for (const { change } of decisions) meter.write(change.table.definition, change.before, change.after);
  return { UnprocessedItems: {}, ...meter.list() };
};
