import { ApiError } from './api-error.ts';
import type { Field } from './field.ts';
import type { Input } from './input.ts';
import { idOf, type Records, type Stored } from './records.ts';
import type { SObject } from './sobject.ts';
import { fieldOf } from './sobject.ts';
import type { Author, Writes } from './writes.ts';

/** The field that an upsert goes by. @throws ApiError */
export function externalIdField(type: SObject, name: string): Field {
  const field = fieldOf(type, name);
  if (field?.externalId) return field;
  throw new ApiError(
    'INVALID_FIELD',
    `Field name provided, ${name} does not match an External ID, Salesforce Id, or indexed field for ${type.name}`,
  );
}

/** Several records have the value that should name one. */
export class SeveralMatches extends ApiError {
  readonly matches: readonly Stored[];

  constructor(field: Field, matches: readonly Stored[]) {
    const ids = matches.map(idOf).join(', ');
    super('DUPLICATE_EXTERNAL_ID', `${field.name}: more than one record found for external id field: [${ids}]`);
    this.matches = matches;
  }
}

/** Changes the record that has the value, or makes one that has it. @throws ApiError, SeveralMatches */
export function upsert(
  { type, field, value, input }: { type: SObject; field: Field; value: string; input: Input },
  { records, writes, author }: { records: Records; writes: Writes; author: Author },
): { id: string; created: boolean } {
  const [match, ...others] = records.having(type, field.name, value);
  if (match && others.length > 0) throw new SeveralMatches(field, [match, ...others]);
  if (!match) return { id: writes.create(type, { ...input, [field.name]: value }, author), created: true };
  writes.update(type, idOf(match), input, author);
  return { id: idOf(match), created: false };
}
