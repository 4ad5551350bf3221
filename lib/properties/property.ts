import type { Actor } from '../../events/define.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType, PropertyDefinition, PropertyOption, PropertyType } from '../objects/definition.ts';
import type { PropertyCreate, PropertyUpdate } from './input.ts';
import type { PropertyOverride } from './schema.ts';

export type At = { readonly now: string; readonly actor: Actor };
type Properties = Pick<ObjectType, 'properties' | 'archivedProperties' | 'objectTypeId'>;

/** HubSpot's limits for one object type. */
export const mostCustom = 1000;
const mostUnique = 10;
/** Custom properties with index rows. A record, its event and its rows must stay far below the 100 items of a transaction. */
const mostIndexed = 30;

const fieldTypes: Readonly<Record<PropertyType, readonly string[]>> = {
  string: ['text', 'textarea', 'html', 'file', 'phonenumber'],
  number: ['number'],
  date: ['date'],
  datetime: ['date'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox'],
  bool: ['booleancheckbox'],
  phone_number: ['phonenumber', 'text'],
  json: ['text', 'textarea'],
  object_coordinates: ['text'],
};
/** Long texts and sets of options are not sorted or compared as a whole. */
const neverIndexed = ['textarea', 'html', 'file', 'checkbox'];

/** A new property of a type. @throws CrmError 400 or 409 */
export function createProperty(type: Properties, input: PropertyCreate, at: At): PropertyDefinition {
  if (type.properties.has(input.name)) throw nameTaken(input.name);
  requireName(input.name);
  requireRoom(type, input.hasUniqueValue ?? false);
  const definition = defined(input, at);
  requireConsistent(definition);
  return { ...definition, indexed: mayIndex(type, definition) };
}

/** Brings an archived property back under the new description; its type and uniqueness are those of the values that exist. */
export function restoreProperty(archived: PropertyDefinition, input: PropertyCreate, at: At): PropertyDefinition {
  if (archived.type !== input.type) throw immutable(input.name, 'type', archived.type);
  if (archived.hasUniqueValue !== (input.hasUniqueValue ?? false))
    throw immutable(input.name, 'hasUniqueValue', String(archived.hasUniqueValue));
  const restored = {
    ...defined(input, at),
    indexed: archived.indexed,
    ...(archived.createdAt && { createdAt: archived.createdAt }),
  };
  requireConsistent(restored);
  return restored;
}

/** What a PATCH makes of a property; unset fields keep their value and options are replaced as a whole. */
export function patchProperty(definition: PropertyDefinition, input: PropertyUpdate, at: At): PropertyDefinition {
  requireUnchanged(definition, input);
  const patched = { ...definition, ...changesOf(definition, input, at) };
  requireConsistent(patched);
  return patched;
}

/** The same for a property that HubSpot defines, as the difference that is stored. */
export function changesOf(definition: PropertyDefinition, input: PropertyUpdate, { now, actor }: At): PropertyOverride {
  const { label, description, groupName, fieldType, displayOrder, hidden, formField, options } = input;
  const { readOnlyOptions } = definition.modificationMetadata;
  if (options && readOnlyOptions)
    throw invalid(
      `The options of property ${definition.name} cannot be changed.`,
      'READ_ONLY_OPTIONS',
      definition.name,
    );
  const changes = { label, description, groupName, fieldType, displayOrder, hidden, formField };
  return {
    ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
    ...(options && { options: optionsOf(options) }),
    updatedAt: now,
    ...userOf(actor, 'updatedUserId'),
  };
}

/** @throws CrmError 400 when the property is HubSpot's, or the type itself needs it. */
export function archiveProperty(type: ObjectType, definition: PropertyDefinition, { now }: At): PropertyDefinition {
  const { name } = definition;
  if (!definition.modificationMetadata.archivable)
    throw invalid(`Property ${name} is defined by HubSpot and cannot be archived.`, 'CANNOT_DELETE_PROPERTY', name);
  if (type.requiredProperties.includes(name) || type.primaryDisplayProperty === name) {
    throw new CrmError(
      'VALIDATION_ERROR',
      `Property ${name} is used by the schema of ${type.name} and cannot be archived.`,
      {
        subCategory: 'PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE',
        context: { propertyName: [name] },
      },
    );
  }
  return { ...definition, archived: true, archivedAt: now, updatedAt: now };
}

export const propertyNotFound = (objectTypeId: string, name: string) =>
  new CrmError('OBJECT_NOT_FOUND', `Property "${name}" does not exist`, {
    context: { propertyName: [name], objectTypeId: [objectTypeId] },
  });

const nameTaken = (name: string) =>
  new CrmError('OBJECT_ALREADY_EXISTS', `Property with name '${name}' already exists`, {
    subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
    context: { propertyName: [name] },
  });

/** Every JavaScript object has something named `constructor`: no property of a record can be told from it. @throws CrmError 400 */
export function requireName(name: string): void {
  if (/^[a-z][a-z0-9_]{0,99}$/.test(name) && !(name in {})) return;
  throw invalid(
    `Name '${name}' must begin with a letter and hold only lower-case letters, digits and underscores, at most 100`,
    'INVALID_NAME',
    name,
  );
}

function requireRoom({ properties }: Properties, unique: boolean): void {
  const custom = [...properties.values()].filter(({ hubspotDefined }) => !hubspotDefined);
  if (custom.length >= mostCustom) throw limit(`An object type may have ${mostCustom} custom properties`);
  if (unique && custom.filter(({ hasUniqueValue }) => hasUniqueValue).length >= mostUnique) {
    throw limit(`An object type may have ${mostUnique} custom properties with unique values`);
  }
}

const limit = (message: string) =>
  new CrmError('VALIDATION_ERROR', message, { subCategory: 'PropertyValidationError.LIMIT_EXCEEDED' });

const defined = (input: PropertyCreate, { now, actor }: At): PropertyDefinition => ({
  name: input.name,
  label: input.label,
  type: input.type,
  fieldType: input.fieldType,
  groupName: input.groupName,
  description: input.description ?? '',
  options: optionsOf(input.options ?? []),
  displayOrder: input.displayOrder ?? -1,
  hasUniqueValue: input.hasUniqueValue ?? false,
  hidden: input.hidden ?? false,
  formField: input.formField ?? false,
  calculated: false,
  externalOptions: input.externalOptions ?? false,
  hubspotDefined: false,
  modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: false, readOnlyOptions: false },
  ...(input.referencedObjectType && { referencedObjectType: input.referencedObjectType }),
  ...(input.textDisplayHint && { textDisplayHint: input.textDisplayHint }),
  ...(input.showCurrencySymbol !== undefined && { showCurrencySymbol: input.showCurrencySymbol }),
  createdAt: now,
  updatedAt: now,
  ...userOf(actor, 'createdUserId'),
  ...userOf(actor, 'updatedUserId'),
  archived: false,
  indexed: false,
});

const userOf = (actor: Actor, field: 'createdUserId' | 'updatedUserId') =>
  actor.kind === 'user' ? { [field]: actor.id } : {};

const optionsOf = (given: NonNullable<PropertyCreate['options']>): PropertyOption[] =>
  given.map(({ label, value, displayOrder, hidden, description }, position) => ({
    label,
    value,
    displayOrder: displayOrder ?? position,
    hidden,
    ...(description && { description }),
  }));

function requireConsistent(definition: PropertyDefinition): void {
  const { name, type, fieldType, options, externalOptions, hasUniqueValue } = definition;
  if (!fieldTypes[type].includes(fieldType)) {
    throw invalid(
      `fieldType '${fieldType}' does not go with type '${type}': use one of [${fieldTypes[type].join(', ')}]`,
      'INVALID_FIELD_TYPE',
      name,
    );
  }
  if (hasUniqueValue && !['string', 'number'].includes(type))
    throw invalid('Only string and number properties can have unique values', 'INVALID_UNIQUE', name);
  const values = options.map(({ value }) => value);
  const twice = values.find((value, position) => values.indexOf(value) !== position);
  if (twice !== undefined) throw invalidOptions(`Option value '${twice}' is there twice`, name);
  if (type === 'bool' && values.toSorted().join() !== 'false,true')
    throw invalidOptions("A bool property needs exactly the options 'true' and 'false'", name);
  if (type === 'enumeration' && values.length === 0 && !externalOptions)
    throw invalidOptions('An enumeration needs at least one option', name);
  const parted = values.find((value) => value.includes(';'));
  if (parted !== undefined)
    throw invalidOptions(`Option value '${parted}' holds a semicolon, which separates options`, name);
}

const invalid = (message: string, code: string, name: string) =>
  new CrmError('VALIDATION_ERROR', message, {
    errors: [{ message, code, context: { propertyName: [name] } }],
    context: { propertyName: [name] },
  });

const invalidOptions = (message: string, name: string) => invalid(message, 'INVALID_OPTIONS', name);

function requireUnchanged(definition: PropertyDefinition, input: PropertyUpdate): void {
  const { name, type, hasUniqueValue, modificationMetadata } = definition;
  if (modificationMetadata.readOnlyDefinition)
    throw invalid(`The definition of property ${name} is read only.`, 'READ_ONLY_DEFINITION', name);
  if (input.type !== undefined && input.type !== type) throw immutable(name, 'type', type);
  if (input.hasUniqueValue !== undefined && input.hasUniqueValue !== hasUniqueValue)
    throw immutable(name, 'hasUniqueValue', String(hasUniqueValue));
}

/** Records already hold values of this kind, with rows that fit it. */
const immutable = (name: string, field: string, value: string) =>
  invalid(
    `The ${field} of property ${name} is ${value} and cannot be changed once the property exists.`,
    'IMMUTABLE_FIELD',
    name,
  );

function mayIndex(
  { properties, archivedProperties }: Properties,
  { hasUniqueValue, fieldType }: PropertyDefinition,
): boolean {
  if (hasUniqueValue) return true;
  const taken = [...properties.values(), ...archivedProperties.values()].filter(
    ({ hubspotDefined, indexed }) => !hubspotDefined && indexed,
  );
  return !neverIndexed.includes(fieldType) && taken.length < mostIndexed;
}
