import { ApiError } from '../api-error.ts';
import type { Value } from '../field.ts';
import { objectNamed } from '../objects.ts';
import { idOf, isDeleted, type Records, type Stored } from '../records.ts';
import type { SObject } from '../sobject.ts';
import { bind } from './bind.ts';
import { candidates } from './candidates.ts';
import { meets, sorted } from './evaluate.ts';
import { type Path, pathIn, valueAt } from './path.ts';
import type { AggregateName, Query, Selected } from './syntax.ts';

/** A query whose object and fields exist. */
export type Prepared = { readonly query: Query; readonly type: SObject; readonly paths: readonly Path[] };

const largestOffset = 2000;

/** @throws ApiError INVALID_TYPE, INVALID_FIELD, NUMBER_OUTSIDE_VALID_RANGE, MALFORMED_QUERY */
export function prepareQuery(query: Query): Prepared {
  const type = objectNamed(query.from);
  if (!type)
    throw new ApiError(
      'INVALID_TYPE',
      `sObject type '${query.from}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  const paths = query.select.map(({ path }) => pathIn(type, path));
  const names = query.select.map(({ path }) => path.toLowerCase());
  const double = names.find((name, index) => names.indexOf(name) < index);
  if (double && isPlain(query)) throw new ApiError('INVALID_FIELD', `duplicate field selected: ${double}`);
  if (query.offset > largestOffset)
    throw new ApiError('NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${largestOffset}`);
  if (!isPlain(query) && query.select.some(({ kind }) => kind === 'field'))
    throw new ApiError('MALFORMED_QUERY', 'Field must be grouped or aggregated');
  return { query, type, paths };
}

/** Whether the answer is records, not numbers about them. */
export const isPlain = ({ select }: Query): boolean =>
  select.length > 0 && select.every(({ kind }) => kind === 'field');

/** The records that a query finds, in its order. */
export function runQuery({ query, type }: Prepared, records: Records, options: { deleted: boolean }): Stored[] {
  const condition = query.where && bind(query.where, type);
  const orders = query.orderBy.map((order) => ({ ...order, path: pathIn(type, order.path) }));
  const ids = condition && candidates(condition, type, records);
  const list = ids ? [...ids].sort().flatMap((id) => ofType(records.get(id), type)) : records.all(type, options);
  const found = list.filter(
    (record) => (options.deleted || !isDeleted(record)) && (!condition || meets(condition, record, records)),
  );
  const end = query.limit === undefined ? undefined : query.offset + query.limit;
  return isPlain(query) ? sorted(found, orders, records).slice(query.offset, end) : found;
}

const ofType = (record: Stored | undefined, type: SObject): Stored[] =>
  record && record.type === type ? [record] : [];

/** The one row of `SELECT COUNT(Id), MAX(CreatedDate) newest`. */
export function aggregated({ query, type }: Prepared, found: readonly Stored[], records: Records) {
  let unnamed = 0;
  const values = query.select.map((selected) => {
    const alias = (selected.kind === 'aggregate' && selected.alias) || `expr${unnamed++}`;
    return [alias, aggregate(selected, type, found, records)] as const;
  });
  return { attributes: { type: 'AggregateResult' }, ...Object.fromEntries(values) };
}

function aggregate(selected: Selected, type: SObject, found: readonly Stored[], records: Records): Value {
  if (selected.kind !== 'aggregate') return null;
  const path = pathIn(type, selected.path);
  const values = found.map((record) => valueAt(record, path, records)).filter((value) => value !== null);
  return reduce(selected.name, values);
}

function reduce(name: AggregateName, values: readonly NonNullable<Value>[]): Value {
  const sum = () => values.reduce<number>((total, value) => total + Number(value), 0);
  const ordered = () => values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  switch (name) {
    case 'count':
      return values.length;
    case 'count_distinct':
      return new Set(values).size;
    case 'min':
      return ordered()[0] ?? null;
    case 'max':
      return ordered().at(-1) ?? null;
    case 'sum':
      return values.length === 0 ? null : sum();
    case 'avg':
      return values.length === 0 ? null : sum() / values.length;
  }
}

/** Ids in the order of a query, so that its pages stay the same while records change. */
export const idsOf = (found: readonly Stored[]): string[] => found.map(idOf);
