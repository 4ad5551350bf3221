import { ApiError } from './api-error.ts';
import type { Field } from './field.ts';
import { checkShape, type Input } from './input.ts';
import { objectNamed, objectOfId } from './objects.ts';
import { longId } from './record-id.ts';
import { isDeleted } from './records.ts';
import { represent } from './represent.ts';
import {
  type Engine,
  objectBody,
  objectOfPath,
  type RestAnswer,
  type RestRequest,
  type RestRoute,
  restRoute,
} from './rest.ts';
import type { SObject } from './sobject.ts';
import { pathIn } from './soql/path.ts';
import { externalIdField, upsert } from './upsert.ts';

const mostRecords = 200;
const mostRetrieved = 2000;
/** Runs of records of one object: more than this many in one request are refused. */
const mostRuns = 10;

/** Up to 200 records in one call: results in order, and 200 even if all of them were refused. */
export const collectionRoutes: readonly RestRoute[] = [
  restRoute('POST', '/composite/sobjects', 'collections-create', createMany),
  restRoute('PATCH', '/composite/sobjects', 'collections-update', updateMany),
  restRoute('DELETE', '/composite/sobjects', 'collections-delete', deleteMany),
  restRoute('PATCH', '/composite/sobjects/(\\w+)/(\\w+)', 'collections-upsert', upsertMany),
  restRoute('POST', '/composite/sobjects/(\\w+)', 'collections-retrieve', retrieveMany),
  restRoute('GET', '/composite/sobjects/(\\w+)', 'collections-retrieve', (engine, request, [name = '']) => {
    const lists = { ids: request.query.get('ids')?.split(','), fields: request.query.get('fields')?.split(',') };
    return retrieveMany(engine, { ...request, body: lists }, [name]);
  }),
];

type Row = { readonly type: SObject; readonly input: Input };
type Done = { readonly id: string; readonly created?: boolean };
type Result = Record<string, unknown>;

function createMany(engine: Engine, { body, author }: RestRequest): RestAnswer {
  const { rows, allOrNone } = rowsOf(body);
  return each(engine, rows, allOrNone, ({ type, input }) => ({ id: engine.writes.create(type, input, author) }));
}

function updateMany(engine: Engine, { body, author }: RestRequest): RestAnswer {
  const { rows, allOrNone } = rowsOf(body);
  return each(engine, rows, allOrNone, ({ type, input: { Id, id = Id, ...input } }) => {
    if (id === undefined || id === null || id === '')
      throw new ApiError('MISSING_ARGUMENT', 'Id not specified in an update call', { fields: ['Id'] });
    const long = knownId(engine, type, String(id));
    engine.writes.update(type, long, input, author);
    return { id: long };
  });
}

function deleteMany(engine: Engine, { query, author }: RestRequest): RestAnswer {
  const ids = (query.get('ids') ?? '').split(',').filter(Boolean);
  atMost(ids.length, mostRecords);
  return each(engine, ids, query.get('allOrNone') === 'true', (text) => {
    const type = objectOfId(text);
    if (!type || !longId(text)) throw new ApiError('MALFORMED_ID', `bad id ${text}`);
    const id = knownId(engine, type, text);
    engine.writes.remove(type, id, author);
    return { id };
  });
}

function upsertMany(
  engine: Engine,
  { body, author }: RestRequest,
  [name = '', fieldName = '']: readonly string[],
): RestAnswer {
  const type = objectOfPath(name);
  const field = externalIdField(type, fieldName);
  const { rows, allOrNone } = rowsOf(body);
  const values = rows.map(({ input }) => externalValue(input, field));
  return each(engine, rows, allOrNone, (row, index) => {
    if (row.type !== type) throw new ApiError('INVALID_TYPE', `The record is no ${type.name}`);
    const [value, input] = values[index] ?? ['', {}];
    if (!value) throw new ApiError('MISSING_ARGUMENT', `${field.name} not specified`, { fields: [] });
    if (values.filter(([other]) => other === value).length > 1)
      throw new ApiError('DUPLICATE_VALUE', `Duplicate external id specified: ${value}`, { fields: [field.name] });
    return upsert({ type, field, value, input }, { ...engine, author });
  });
}

function externalValue(input: Input, field: Field): [value: string, rest: Input] {
  const isKey = ([key]: readonly [string, unknown]) => key.toLowerCase() === field.name.toLowerCase();
  const value = Object.entries(input).find(isKey)?.[1];
  const rest = Object.entries(input).filter((entry) => !isKey(entry));
  return [value === undefined || value === null ? '' : String(value).trim(), Object.fromEntries(rest)];
}

function retrieveMany({ records }: Engine, { body, version }: RestRequest, [name = '']: readonly string[]): RestAnswer {
  const type = objectOfPath(name);
  const { ids, fields } = objectBody(body);
  if (!Array.isArray(ids) || !Array.isArray(fields))
    throw new ApiError('MISSING_ARGUMENT', 'The ids and fields parameters are required');
  atMost(ids.length, mostRetrieved);
  const paths = fields.map((field) => pathIn(type, String(field).trim()));
  const found = ids.map((text) => {
    const record = records.get(longId(String(text)) ?? '');
    return record && record.type === type && !isDeleted(record) ? represent(record, paths, records, version) : null;
  });
  return { status: 200, body: found };
}

function rowsOf(body: unknown): { rows: Row[]; allOrNone: boolean } {
  const { records, allOrNone = false } = objectBody(body);
  if (!Array.isArray(records)) throw new ApiError('MISSING_ARGUMENT', 'The records parameter is required');
  atMost(records.length, mostRecords);
  const rows = records.map((record: unknown): Row => {
    const input = objectBody(record);
    const { type: name } = objectBody(input.attributes ?? {});
    const type = objectNamed(String(name ?? ''));
    if (!type) throw new ApiError('INVALID_TYPE', `sObject type '${name ?? ''}' is not supported.`);
    checkShape(type, input);
    return { type, input };
  });
  if (rows.filter(({ type }, index) => type !== rows[index - 1]?.type).length > mostRuns)
    throw new ApiError(
      'INVALID_OPERATION',
      `Cannot have more than ${mostRuns} chunks in a single operation. Please rearrange the data to reduce chunking.`,
    );
  return { rows, allOrNone: allOrNone === true };
}

function atMost(count: number, most: number): void {
  if (count > most)
    throw new ApiError(
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${most} records into this call`,
    );
}

function knownId({ records }: Engine, type: SObject, text: string): string {
  const id = longId(text);
  if (!id) throw new ApiError('MALFORMED_ID', `Record ID: id value of incorrect type: ${text}`, { fields: ['Id'] });
  if (records.get(id)?.type !== type) throw new ApiError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  return id;
}

/** Carries the results out of a transaction that is undone. */
class Undone extends Error {
  readonly results: readonly Result[];

  constructor(results: readonly Result[]) {
    super('a record of an allOrNone request was refused');
    this.results = results;
  }
}

function each<T>(
  { store }: Engine,
  items: readonly T[],
  allOrNone: boolean,
  run: (item: T, index: number) => Done,
): RestAnswer {
  try {
    return store.attempt(() => {
      const results = items.map((item, index) => attempt(() => run(item, index)));
      if (allOrNone && results.some(({ success }) => !success)) throw new Undone(results);
      return { status: 200, body: results };
    });
  } catch (error) {
    if (error instanceof Undone) return { status: 200, body: error.results.map(casualty) };
    throw error;
  }
}

function attempt(run: () => Done): Result {
  try {
    return { ...run(), success: true, errors: [] };
  } catch (error) {
    if (error instanceof ApiError) return { success: false, errors: [error.toRow()] };
    throw error;
  }
}

const casualty = (result: Result): Result =>
  result.success
    ? {
        success: false,
        errors: [
          {
            statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
            message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
            fields: [],
          },
        ],
      }
    : result;
