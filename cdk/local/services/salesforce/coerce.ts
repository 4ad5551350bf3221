import { ApiError } from './api-error.ts';
import type { Field, Value } from './field.ts';
import { readDay, readMoment } from './moment.ts';
import { longId } from './record-id.ts';

/** What JSON a field takes, and what is stored of it: text is trimmed, an empty one is null, an address is in lower case. */
export function coerce(field: Field, input: unknown): Value {
  if (input === null || input === undefined || input === '') return emptyOf(field);
  switch (field.type) {
    case 'boolean':
      return typeof input === 'boolean' ? input : wrongType(field, input);
    case 'double':
    case 'currency':
    case 'percent':
    case 'int':
      return number(field, input);
    case 'date':
      return (typeof input === 'string' ? readDay(input) : undefined) ?? wrongType(field, input);
    case 'datetime':
      return (typeof input === 'string' ? readMoment(input) : undefined) ?? wrongType(field, input);
    case 'id':
    case 'reference':
      return reference(field, input);
    default:
      return text(field, input);
  }
}

function emptyOf({ name, type }: Field): Value {
  if (type !== 'boolean') return null;
  throw new ApiError('INVALID_TYPE_ON_FIELD_IN_RECORD', `${name}: value not of required type: `, { fields: [name] });
}

/** Salesforce reads a body of a wrong type as broken JSON, which refuses the whole request. */
function wrongType({ type }: Field, input: unknown): never {
  const kind =
    typeof input === 'object' ? 'START_OBJECT' : `VALUE_${typeof input === 'boolean' ? input : typeof input}`;
  throw new ApiError(
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from ${kind.toUpperCase()} value ${typeof input === 'object' ? '{' : input} or request may be missing a required field at [line:1, column:1]`,
  );
}

function number(field: Field, input: unknown): number {
  const value = typeof input === 'string' ? Number(input) : input;
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrongType(field, input);
  if (field.type === 'int' && !Number.isInteger(value)) return wrongType(field, input);
  return value;
}

function reference(field: Field, input: unknown): string {
  const id = typeof input === 'string' ? longId(input.trim()) : undefined;
  if (id) return id;
  throw new ApiError('MALFORMED_ID', `${field.name}: id value of incorrect type: ${input}`, { fields: [field.name] });
}

const address = /^[^\s@<>()[\],;:"]+@[^\s@<>()[\],;:"]+\.[^\s@<>()[\],;:".]+$/;

function text(field: Field, input: unknown): string | null {
  if (typeof input !== 'string' && typeof input !== 'number') return wrongType(field, input);
  const trimmed = String(input).trim();
  if (trimmed === '') return null;
  const { name, length, type } = field;
  if (trimmed.length > length)
    throw new ApiError('STRING_TOO_LONG', `${name}: data value too large: ${trimmed} (max length=${length})`, {
      fields: [name],
    });
  if (type !== 'email') return trimmed;
  if (!address.test(trimmed))
    throw new ApiError('INVALID_EMAIL_ADDRESS', `${name}: invalid email address: ${trimmed}`, { fields: [name] });
  return trimmed.toLowerCase();
}
