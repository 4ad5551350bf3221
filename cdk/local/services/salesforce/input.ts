import { ApiError } from './api-error.ts';
import { coerce } from './coerce.ts';
import type { Field, Fields } from './field.ts';
import { objectNamed, objectOfId } from './objects.ts';
import { idOf, isDeleted, type Records, type Stored } from './records.ts';
import { fieldOf, knownField, type SObject } from './sobject.ts';
import { relationship } from './soql/path.ts';

/** A record as a request gives it. */
export type Input = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Refuses fields that do not exist and values of another JSON type: either refuses the whole request. @throws ApiError */
export function checkShape(type: SObject, input: Input): void {
  for (const [name, value] of Object.entries(input)) {
    if (name === 'attributes' || (isObject(value) && relationship(type, name))) continue;
    const field = knownField(type, name);
    try {
      coerce(field, value);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'JSON_PARSER_ERROR') throw error;
    }
  }
}

/** What a write would change, ready to be stored. @throws ApiError for a value or field that cannot be written */
export function readInput(type: SObject, input: Input, mode: 'create' | 'update', records: Records): Fields {
  const changes: Fields = {};
  const unwritable: string[] = [];
  for (const [name, value] of Object.entries(input)) {
    if (name === 'attributes') continue;
    const over = isObject(value) ? relationship(type, name) : undefined;
    const field = over ?? knownField(type, name);
    if (mode === 'create' ? !field.createable : !field.updateable) unwritable.push(field.name);
    else changes[field.name] = over ? byExternalId(over, value as Input, records) : coerce(field, value);
  }
  if (unwritable.length > 0)
    throw new ApiError(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: ${unwritable.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      { fields: unwritable },
    );
  for (const [name, id] of Object.entries(changes)) checkReference(knownField(type, name), id, records);
  return changes;
}

/** `{"Account": {"Tsunagi_Id__c": "1"}}` instead of an `AccountId`. */
function byExternalId({ name, referenceTo }: Field, value: Input, records: Records): string {
  const [pair, ...more] = Object.entries(value).filter(([key]) => key !== 'attributes');
  const targets = referenceTo.flatMap((target) => objectNamed(target) ?? []);
  const target = targets.find((each) => pair && fieldOf(each, pair[0])?.externalId);
  if (!pair || more.length > 0 || !target)
    throw new ApiError(
      'INVALID_FIELD',
      `The external foreign key reference does not reference a valid entity: ${name}`,
    );
  const [field, key] = [knownField(target, pair[0]), String(pair[1])];
  const [found] = records.having(target, field.name, key);
  if (found) return idOf(found);
  throw new ApiError(
    'INVALID_FIELD',
    `Foreign key external ID: ${key} not found for field ${field.name} in entity ${target.name}`,
  );
}

function checkReference(field: Field, id: unknown, records: Records): void {
  if (field.type !== 'reference' || typeof id !== 'string') return;
  const target = objectOfId(id);
  if (!target || !field.referenceTo.includes(target.name))
    throw new ApiError('FIELD_INTEGRITY_EXCEPTION', `${field.name}: id value of incorrect type: ${id}`, {
      fields: [field.name],
    });
  const record = records.get(id);
  if (!record)
    throw new ApiError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', { fields: [field.name] });
  if (isDeleted(record)) throw new ApiError('ENTITY_IS_DELETED', 'entity is deleted', { fields: [field.name] });
  if (field.name === 'OwnerId') checkOwner(record);
}

function checkOwner({ fields }: Stored): void {
  if (fields.IsActive === true) return;
  throw new ApiError(
    'INACTIVE_OWNER_OR_USER',
    `operation performed with inactive user [${fields.Id}] as owner of record`,
    { fields: ['OwnerId'] },
  );
}
