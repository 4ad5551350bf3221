import { ApiError } from './api-error.ts';
import { type Field, field, flag, readOnly, reference } from './field.ts';

export type SObject = {
  readonly name: string;
  /** The first three characters of its ids. */
  readonly prefix: string;
  readonly fields: readonly Field[];
  /** Each field under its name in lower case: names in requests may be written in any case. */
  readonly byName: ReadonlyMap<string, Field>;
};

const system: readonly Field[] = [
  field('Id', 'id', { length: 18, nillable: false, ...readOnly }),
  flag('IsDeleted', readOnly),
  field('CreatedDate', 'datetime', { nillable: false, ...readOnly }),
  reference('CreatedById', ['User'], { nillable: false, ...readOnly }),
  field('LastModifiedDate', 'datetime', { nillable: false, ...readOnly }),
  reference('LastModifiedById', ['User'], { nillable: false, ...readOnly }),
  field('SystemModstamp', 'datetime', { nillable: false, ...readOnly }),
];

/** An object with the fields that every object has. */
export function sobject(name: string, prefix: string, own: readonly Field[]): SObject {
  const [id, ...rest] = system;
  const fields = [...(id ? [id] : []), ...own, ...rest];
  return { name, prefix, fields, byName: new Map(fields.map((each) => [each.name.toLowerCase(), each])) };
}

/** A field by its name in any case. */
export const fieldOf = (type: SObject, name: string): Field | undefined => type.byName.get(name.toLowerCase());

/** @throws ApiError INVALID_FIELD */
export function knownField(type: SObject, name: string): Field {
  const found = fieldOf(type, name);
  if (!found) throw new ApiError('INVALID_FIELD', `No such column '${name}' on sobject of type ${type.name}`);
  return found;
}
