import type { ObjectType, PropertyDefinition } from '../../../lib/objects/definition.ts';
import { standardTypeOf } from '../../../lib/objects/object-types.ts';
import { standardPropertiesOf } from '../../../lib/objects/standard-properties/properties.ts';

const base: Omit<PropertyDefinition, 'name' | 'type' | 'fieldType'> = {
  label: 'a property',
  groupName: 'contactinformation',
  description: '',
  options: [],
  displayOrder: -1,
  hasUniqueValue: false,
  hidden: false,
  formField: false,
  calculated: false,
  externalOptions: false,
  hubspotDefined: false,
  modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: false },
  archived: false,
  indexed: true,
};

/** A custom property of some kind. */
export const property = (
  given: Partial<PropertyDefinition> & Pick<PropertyDefinition, 'type'> = { type: 'string' },
): PropertyDefinition => ({ ...base, name: 'custom', fieldType: 'text', ...given });

/** A standard type as it is when nobody changed it, with these properties more. */
export function objectType(segment: string, more: readonly PropertyDefinition[] = []): ObjectType {
  const type = standardTypeOf(segment);
  if (!type) throw new Error(`No standard type ${segment}`);
  const { scope: _, ...facts } = type;
  return {
    ...facts,
    portalId: 123,
    custom: false,
    properties: new Map([...standardPropertiesOf(type), ...more].map((each) => [each.name, each])),
    archivedProperties: new Map(),
  };
}
