import { ApiError } from '../api-error.ts';
import type { Field, FieldType, Value } from '../field.ts';
import { longId } from '../record-id.ts';
import type { SObject } from '../sobject.ts';
import { type Path, pathIn } from './path.ts';
import type { Condition, Literal, Operator } from './syntax.ts';

/** A condition whose names are found and whose literals fit their fields. */
export type Bound =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Bound[] }
  | { readonly kind: 'not'; readonly part: Bound }
  | {
      readonly kind: 'compare';
      readonly path: Path;
      readonly operator: Exclude<Operator, 'like'>;
      readonly value: Value;
    }
  | { readonly kind: 'like'; readonly path: Path; readonly pattern: RegExp }
  | { readonly kind: 'in'; readonly path: Path; readonly negated: boolean; readonly values: readonly Value[] };

/** @throws ApiError INVALID_FIELD, INVALID_QUERY_FILTER_OPERATOR */
export function bind(condition: Condition, type: SObject): Bound {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { kind: condition.kind, parts: condition.parts.map((part) => bind(part, type)) };
    case 'not':
      return { kind: 'not', part: bind(condition.part, type) };
    case 'in': {
      const path = filterable(type, condition.path);
      return { ...condition, path, values: condition.values.map((value) => fitting(path.field, value)) };
    }
    case 'compare':
      return comparison(condition, type);
  }
}

function comparison({ path: text, operator, value }: Extract<Condition, { kind: 'compare' }>, type: SObject): Bound {
  const path = filterable(type, text);
  if (operator === 'like') return { kind: 'like', path, pattern: likePattern(path.field, value) };
  const ordered = operator !== '=' && operator !== '!=';
  if (ordered && path.field.type === 'boolean')
    throw new ApiError('INVALID_FIELD', `invalid operator on boolean field '${path.field.name}'`);
  return { kind: 'compare', path, operator, value: fitting(path.field, value) };
}

function filterable(type: SObject, text: string): Path {
  const path = pathIn(type, text);
  if (path.field.filterable) return path;
  throw new ApiError('INVALID_FIELD', `field '${path.field.name}' can not be filtered in a query call`);
}

const kinds: Readonly<Record<FieldType, Literal['kind']>> = {
  id: 'string',
  string: 'string',
  email: 'string',
  phone: 'string',
  url: 'string',
  textarea: 'string',
  picklist: 'string',
  reference: 'string',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  double: 'number',
  currency: 'number',
  percent: 'number',
  int: 'number',
};

function fitting(field: Field, literal: Literal): Value {
  if (literal.kind === 'null') return null;
  const wanted = kinds[field.type];
  if (literal.kind !== wanted) {
    const quotes = wanted === 'string' ? 'should be enclosed in quotes' : 'should not be enclosed in quotes';
    const type = wanted === 'number' ? field.type : wanted === 'datetime' ? 'dateTime' : wanted;
    throw new ApiError(
      'INVALID_FIELD',
      `value of filter criterion for field '${field.name}' must be of type ${type} and ${quotes}`,
    );
  }
  if (field.type !== 'id' && field.type !== 'reference') return literal.value;
  const id = longId(String(literal.value));
  if (!id) throw new ApiError('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`);
  return id;
}

const plain = new Set(['string', 'email', 'phone', 'url', 'textarea', 'picklist']);

/** `%` stands for any text and `_` for one character, unless a backslash stands before them. */
function likePattern(field: Field, literal: Literal): RegExp {
  if (literal.kind !== 'string' || !plain.has(field.type))
    throw new ApiError('INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${field.type} field '${field.name}'`);
  const source = literal.pattern.replace(/\\([\s\S])|([\s\S])/gu, (_, escaped: string | undefined, bare = '') => {
    if (escaped === undefined && bare === '%') return '[\\s\\S]*';
    if (escaped === undefined && bare === '_') return '[\\s\\S]';
    return (escaped ?? String(bare)).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'iu');
}
