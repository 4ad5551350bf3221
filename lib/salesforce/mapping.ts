import { CrmError, type ErrorDetail } from '../core/errors.ts';
import type { ObjectType, PropertyDefinition } from '../objects/definition.ts';
import type { Field } from './client.ts';
import {
  contactType,
  type FieldMapping,
  type Sobject,
  type StoredMapping,
  sobjects,
  type ValueKind,
} from './schema.ts';

/** The fields of each sobject that people are, as the org describes them. */
export type Described = Readonly<Record<Sobject, readonly Field[]>>;

const texts = ['string', 'phone', 'email', 'url', 'textarea', 'picklist', 'combobox'];
const numbers = ['double', 'int', 'long', 'currency', 'percent'];
const days = ['date', 'datetime'];

/** Types that hold the same on both sides (HubSpot's table); undefined = they do not fit. */
function kindOf(
  { type, fieldType, textDisplayHint }: PropertyDefinition,
  salesforceType: string,
): ValueKind | undefined {
  const fits = (types: readonly string[], kind: ValueKind) => (types.includes(salesforceType) ? kind : undefined);
  switch (type) {
    case 'string':
    case 'phone_number': {
      if (fieldType === 'textarea' || fieldType === 'html') return fits(['textarea'], 'text');
      return fits(texts, textDisplayHint === 'email' || salesforceType === 'email' ? 'email' : 'text');
    }
    case 'number':
      return fits(numbers, 'number');
    case 'bool':
      return fits(['boolean'], 'boolean');
    case 'date':
      return fits(days, 'date');
    case 'datetime':
      return salesforceType === 'date' ? 'date' : fits(days, 'datetime');
    case 'enumeration':
      return fieldType === 'checkbox'
        ? fits(['multipicklist'], 'multiple')
        : fits(['picklist', 'combobox', 'string'], 'text');
    case 'json':
    case 'object_coordinates':
      return undefined;
  }
}

/**
 * Checks mappings against the property definitions and the org. @throws CrmError 400 that names each row (`[2].salesforceField`) and
 * what is wrong with it
 */
export function checkMappings(
  mappings: readonly FieldMapping[],
  { type, described }: { type: ObjectType; described: Described },
): StoredMapping[] {
  const errors: ErrorDetail[] = [];
  const stored = mappings.flatMap((mapping, position) => {
    const problem = (name: keyof FieldMapping, message: string) => {
      errors.push({ message, code: 'INVALID_VALUE', in: `[${position}].${name}` });
      return [];
    };
    const earlier = mappings.slice(0, position);
    if (!['contacts', 'contact', contactType].includes(mapping.objectType))
      return problem('objectType', `${mapping.objectType} is not synced; contacts are`);
    if (earlier.some(({ property }) => property === mapping.property))
      return problem('property', `${mapping.property} is mapped twice`);
    if (earlier.some(({ salesforceField }) => salesforceField === mapping.salesforceField))
      return problem('salesforceField', `${mapping.salesforceField} is mapped twice`);
    const checked = checkMapping(mapping, type, described);
    return 'field' in checked ? [checked] : problem(checked.where, checked.message);
  });
  const [first] = errors;
  if (first) {
    const message = errors.map((error) => `${error.in}: ${error.message}`).join('; ');
    throw new CrmError('VALIDATION_ERROR', `Field mappings are not valid: ${message}`, { errors });
  }
  return stored;
}

type Refused = { readonly where: keyof FieldMapping; readonly message: string };

function checkMapping(mapping: FieldMapping, type: ObjectType, described: Described): StoredMapping | Refused {
  const { property, salesforceField: name, rule } = mapping;
  const definition = type.properties.get(property);
  if (!definition) return { where: 'property', message: `Property ${property} does not exist` };
  if (definition.modificationMetadata.readOnlyValue && rule !== 'none')
    return { where: 'property', message: `${property} is read only: only the system writes it` };
  const having = sobjects.flatMap((sobject) => {
    const field = described[sobject].find((each) => each.name === name);
    return field ? [{ sobject, field }] : [];
  });
  if (having.length === 0) return { where: 'salesforceField', message: `Neither Contact nor Lead has a field ${name}` };
  const kinds = having.map(({ field }) => kindOf(definition, field.type));
  const [kind] = kinds;
  if (kind === undefined || kinds.includes(undefined)) {
    const types = [...new Set(having.map(({ field }) => field.type))].join(', ');
    return {
      where: 'salesforceField',
      message: `${property} (${definition.fieldType}) does not fit ${name} (${types})`,
    };
  }
  if (having.some(({ field }) => !field.updateable) && rule !== 'always_salesforce' && rule !== 'none')
    return { where: 'rule', message: `${name} cannot be written: only always_salesforce and none are possible` };
  return { property, field: name, rule, kind, sobjects: having.map(({ sobject }) => sobject) };
}
