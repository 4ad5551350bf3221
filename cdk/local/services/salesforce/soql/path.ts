import { ApiError } from '../api-error.ts';
import type { Field, Value } from '../field.ts';
import { objectNamed } from '../objects.ts';
import type { Records, Stored } from '../records.ts';
import { fieldOf, type SObject } from '../sobject.ts';

/** Where a value is found from a record: over references to a field. */
export type Path = { readonly references: readonly Field[]; readonly field: Field };

/** SOQL follows five references and no more. */
const longest = 5;

/** Finds a path of names, `Email` or `Contact.Account.Name`. @throws ApiError INVALID_FIELD */
export function pathIn(type: SObject, text: string): Path {
  const names = text.split('.');
  // The object's own name may stand before its fields.
  if (names.length > 1 && names[0]?.toLowerCase() === type.name.toLowerCase()) names.shift();
  const last = names.pop() ?? '';
  if (names.length > longest)
    throw new ApiError('INVALID_FIELD', `SOQL relationships of more than ${longest} levels are not supported: ${text}`);
  const references: Field[] = [];
  let types = [type];
  for (const name of names) {
    const reference = first(types, (each) => relationship(each, name));
    if (!reference) throw new ApiError('INVALID_FIELD', `Didn't understand relationship '${name}' in field path.`);
    references.push(reference);
    types = reference.referenceTo.flatMap((target) => objectNamed(target) ?? []);
  }
  const field = first(types, (each) => fieldOf(each, last));
  if (field) return { references, field };
  throw new ApiError(
    'INVALID_FIELD',
    `No such column '${last}' on entity '${types[0]?.name ?? type.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

/** The reference that is followed under this name. */
export const relationship = (type: SObject, name: string): Field | undefined =>
  type.fields.find(({ relationshipName }) => relationshipName?.toLowerCase() === name.toLowerCase());

const first = (types: readonly SObject[], find: (type: SObject) => Field | undefined): Field | undefined => {
  for (const type of types) {
    const found = find(type);
    if (found) return found;
  }
  return undefined;
};

/** The record that references lead to; undefined when one of them is empty. */
export function follow(record: Stored, references: readonly Field[], records: Records): Stored | undefined {
  let at: Stored | undefined = record;
  for (const { name } of references) {
    const id: Value | undefined = at?.fields[name];
    at = typeof id === 'string' ? records.get(id) : undefined;
  }
  return at;
}

export function valueAt(record: Stored, { references, field }: Path, records: Records): Value {
  return (references.length === 0 ? record : follow(record, references, records))?.fields[field.name] ?? null;
}
