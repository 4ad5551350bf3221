import { ApiError } from './api-error.ts';
import { checkShape } from './input.ts';
import { longId } from './record-id.ts';
import { idOf, isDeleted, type Stored } from './records.ts';
import { represent, representAll, type Shown } from './represent.ts';
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
import { externalIdField, SeveralMatches, upsert } from './upsert.ts';

/** Create, read, change and delete one record. */
export const recordRoutes: readonly RestRoute[] = [
  restRoute('POST', '/sobjects/(\\w+)', 'create', create),
  restRoute('GET', '/sobjects/(\\w+)/([^/]+)', 'retrieve', (engine, request, [name = '', id = '']) => {
    const type = objectOfPath(name);
    return { status: 200, body: shown(engine, request, existing(engine, type, id)) };
  }),
  restRoute('PATCH', '/sobjects/(\\w+)/([^/]+)', 'update', (engine, request, [name = '', id = '']) => {
    const type = objectOfPath(name);
    const input = objectBody(request.body);
    checkShape(type, input);
    engine.writes.update(type, idOf(existing(engine, type, id)), input, request.author);
    return { status: 204 };
  }),
  restRoute('DELETE', '/sobjects/(\\w+)/([^/]+)', 'delete', (engine, request, [name = '', id = '']) => {
    const type = objectOfPath(name);
    engine.writes.remove(type, idOf(existing(engine, type, id)), request.author);
    return { status: 204 };
  }),
  restRoute('GET', '/sobjects/(\\w+)/(\\w+)/([^/]+)', 'retrieve', retrieveByExternalId),
  restRoute('PATCH', '/sobjects/(\\w+)/(\\w+)/([^/]+)', 'upsert', upsertOne),
  restRoute('DELETE', '/sobjects/(\\w+)/(\\w+)/([^/]+)', 'delete', (engine, request, parameters) => {
    const found = byExternalId(engine, parameters);
    if ('several' in found) return found.several;
    engine.writes.remove(found.record.type, idOf(found.record), request.author);
    return { status: 204 };
  }),
];

function create({ writes }: Engine, { body, author }: RestRequest, [name = '']: readonly string[]): RestAnswer {
  const type = objectOfPath(name);
  const input = objectBody(body);
  checkShape(type, input);
  return { status: 201, body: { id: writes.create(type, input, author), success: true, errors: [] } };
}

function retrieveByExternalId(engine: Engine, request: RestRequest, parameters: readonly string[]): RestAnswer {
  const found = byExternalId(engine, parameters);
  return 'several' in found ? found.several : { status: 200, body: shown(engine, request, found.record) };
}

function upsertOne(
  engine: Engine,
  request: RestRequest,
  [name = '', fieldName = '', value = '']: readonly string[],
): RestAnswer {
  const type = objectOfPath(name);
  const input = objectBody(request.body);
  checkShape(type, input);
  if (fieldName.toLowerCase() === 'id') {
    engine.writes.update(type, idOf(existing(engine, type, value)), input, request.author);
    return { status: 200, body: { id: longId(value), success: true, errors: [], created: false } };
  }
  const field = externalIdField(type, fieldName);
  if (Object.keys(input).some((key) => key.toLowerCase() === field.name.toLowerCase()))
    throw new ApiError('INVALID_FIELD', `The ${field.name} field should not be specified in the sobject data.`);
  try {
    const { id, created } = upsert({ type, field, value, input }, { ...engine, author: request.author });
    return { status: created ? 201 : 200, body: { id, success: true, errors: [], created } };
  } catch (error) {
    if (error instanceof SeveralMatches) return severalMatches(error.matches, request.version);
    throw error;
  }
}

/** Several records under one external id: the addresses of all of them, and nothing is done. */
const severalMatches = (matches: readonly Stored[], version = 'v63.0'): RestAnswer => ({
  status: 300,
  body: matches.map((match) => `/services/data/${version}/sobjects/${match.type.name}/${idOf(match)}`),
});

function byExternalId(
  { records }: Engine,
  [name = '', fieldName = '', value = '']: readonly string[],
): { record: Stored } | { several: RestAnswer } {
  const type = objectOfPath(name);
  const [record, ...others] = records.having(type, externalIdField(type, fieldName).name, value);
  if (!record) throw new ApiError('NOT_FOUND', 'The requested resource does not exist');
  return others.length > 0 ? { several: severalMatches([record, ...others]) } : { record };
}

function existing({ records }: Engine, type: SObject, text: string): Stored {
  const id = longId(text);
  if (!id) throw new ApiError('NOT_FOUND', 'Provided external ID field does not exist or is not accessible: ' + text);
  const record = records.get(id);
  if (!record || record.type !== type) throw new ApiError('NOT_FOUND', 'The requested resource does not exist');
  if (isDeleted(record)) throw new ApiError('ENTITY_IS_DELETED', 'entity is deleted');
  return record;
}

function shown({ records }: Engine, { query, version }: RestRequest, record: Stored): Shown {
  const fields = query.get('fields');
  if (!fields) return representAll(record, version);
  const paths = ['Id', ...fields.split(',')].map((name) => pathIn(record.type, name.trim()));
  return represent(record, paths, records, version);
}
