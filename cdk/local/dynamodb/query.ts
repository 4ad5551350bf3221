import type { Action } from './actions.ts';
import { CapacityMeter, projectOnIndex, readUnits } from './capacity.ts';
import { invalidParameter, validation } from './errors.ts';
import { ExpressionAttributes } from './expression/attributes.ts';
import { matches } from './expression/evaluate.ts';
import { project } from './expression/project.ts';
import type { Condition, Path } from './expression/syntax.ts';
import { keyAttributes, keyPart } from './key.ts';
import { type KeyRange, readKeyCondition } from './key-condition.ts';
import { readStartKey } from './query-start.ts';
import { capacityMode, constraint, optionalMap, optionalText, requiredText } from './request.ts';
import type { IndexDefinition, TableDefinition } from './table-definition.ts';
import type { RangeQuery, TableStore } from './table-store.ts';
import { type Item, itemSize } from './value.ts';

const PAGE_BYTES = 1024 * 1024;

type Query = {
  readonly table: TableStore;
  readonly index: IndexDefinition | undefined;
  readonly range: RangeQuery;
  readonly filter: Condition | undefined;
  readonly paths: readonly Path[] | undefined;
  readonly attributes: ExpressionAttributes;
};

function findIndex({ indexes }: TableDefinition, name: string | undefined): IndexDefinition | undefined {
  if (name === undefined) return undefined;
  const index = indexes.find((candidate) => candidate.name === name);
  if (index) return index;
  throw validation(`The table does not have the specified index: ${name}`);
}

function checkSelect(body: Record<string, unknown>, index: IndexDefinition | undefined): void {
  const { Select: select, ProjectionExpression: projection } = body;
  if (select === 'SPECIFIC_ATTRIBUTES' && projection === undefined) {
    throw validation(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (projection !== undefined && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES') {
    const what = select === 'COUNT' ? 'only the Count' : String(select);
    throw validation(`Cannot specify the ProjectionExpression when choosing to get ${what}`);
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && !index) {
    throw validation('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (select === 'ALL_ATTRIBUTES' && index?.projected) {
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
}

/** An index can only show and filter by what it holds. */
function checkProjected(
  { key }: TableDefinition,
  index: IndexDefinition | undefined,
  paths: readonly Path[],
  message: (missing: string) => string,
): void {
  if (!index?.projected) return;
  const held = new Set([...keyAttributes(key), ...keyAttributes(index.key)].map((attribute) => attribute.name));
  const missing = paths
    .map(([name]) => String(name))
    .filter((name) => !held.has(name) && !index.projected?.includes(name));
  if (missing.length > 0) throw invalidParameter(message(`[${missing.join(', ')}]`));
}

function checkFilterPaths(
  definition: TableDefinition,
  index: IndexDefinition | undefined,
  paths: readonly Path[],
): void {
  const keys = keyAttributes(index?.key ?? definition.key).map((attribute) => attribute.name);
  const key = keys.find((name) => paths.some((path) => path[0] === name));
  if (key !== undefined) {
    throw validation(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`);
  }
  checkProjected(
    definition,
    index,
    paths,
    (missing) => `Secondary index ${index?.name} does not project one or more filter attributes: ${missing}`,
  );
}

function readLimit(body: Record<string, unknown>): number | undefined {
  const limit = typeof body.Limit === 'number' ? body.Limit : undefined;
  if (limit !== undefined && limit < 1) throw constraint(limit, 'limit', 'have value greater than or equal to 1');
  return limit;
}

function readQuery(body: Record<string, unknown>, table: TableStore): Query {
  const { definition } = table;
  const attributes = new ExpressionAttributes(body, [
    'KeyConditionExpression',
    'FilterExpression',
    'ProjectionExpression',
  ]);
  const keyText = optionalText(body, 'KeyConditionExpression');
  if (keyText === undefined) {
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const { tree } = attributes.condition('KeyConditionExpression', keyText);
  const index = findIndex(definition, optionalText(body, 'IndexName'));
  const filterText = optionalText(body, 'FilterExpression');
  const filter = filterText === undefined ? undefined : attributes.condition('FilterExpression', filterText);
  const projectionText = optionalText(body, 'ProjectionExpression');
  const paths = projectionText === undefined ? undefined : attributes.projection(projectionText);
  attributes.finish();
  if (filter) checkFilterPaths(definition, index, filter.paths);
  checkSelect(body, index);
  checkProjected(
    definition,
    index,
    paths ?? [],
    (missing) => `Global secondary index ${index?.name} does not project ${missing}`,
  );
  if (index && body.ConsistentRead === true) {
    throw validation('Consistent reads are not supported on global secondary indexes');
  }
  const keys: KeyRange = readKeyCondition(index?.key ?? definition.key, tree, attributes.values);
  const start = optionalMap(body, 'ExclusiveStartKey');
  const range: RangeQuery = {
    ...keys,
    index: index && definition.indexes.indexOf(index),
    forward: body.ScanIndexForward !== false,
    after: start && readStartKey(definition, index, start, keys),
    limit: readLimit(body),
  };
  return { table, index, range, filter: filter?.tree, paths, attributes };
}

type Page = { readonly items: Item[]; scanned: number; bytes: number; last: Item | undefined };

/** Reads until the limit or one megabyte is reached; `last` is then the item to go on from. */
function readPage({ table, index, range, filter, attributes }: Query): Page {
  const { definition } = table;
  const page: Page = { items: [], scanned: 0, bytes: 0, last: undefined };
  for (const { item, size } of table.range(range)) {
    const visible = index?.projected ? projectOnIndex(definition.key, index, item) : item;
    page.scanned += 1;
    page.bytes += index?.projected ? itemSize(visible) : size;
    if (!filter || matches(filter, visible, attributes.values)) page.items.push(visible);
    if (page.scanned === range.limit || page.bytes > PAGE_BYTES) {
      page.last = item;
      break;
    }
  }
  return page;
}

export const query: Action = ({ storage }, body) => {
  const tableName = requiredText(body, 'TableName');
  const read = readQuery(body, storage.table(tableName));
  const { table, index, paths } = read;
  const page = readPage(read);
  const meter = new CapacityMeter(capacityMode(body));
  if (index) meter.read(tableName, 0);
  meter.read(tableName, readUnits(page.bytes, body.ConsistentRead === true), index?.name);
  const keys = [table.definition.key, ...(index ? [index.key] : [])];
  return {
    ...(body.Select !== 'COUNT' && { Items: paths ? page.items.map((item) => project(item, paths)) : page.items }),
    Count: page.items.length,
    ScannedCount: page.scanned,
    ...(page.last && { LastEvaluatedKey: keyPart(page.last, ...keys) }),
    ...meter.single(),
  };
};
