import type { PropertyDefinition } from '../objects/definition.ts';
import type { DependentCondition, DependentFormField, FieldType, FormDefinition, FormField } from './schema.ts';

/** Fields whose values are among their options. */
const choices: ReadonlySet<FieldType> = new Set(['dropdown', 'radio', 'multiple_checkboxes', 'payment_link_radio']);
export const isChoice = ({ fieldType }: Pick<FormField, 'fieldType'>): boolean => choices.has(fieldType);

/** A field of any depth with what must hold for it to be asked. */
export type AskedField = {
  readonly field: FormField | DependentFormField;
  readonly onlyIf?: { readonly controlling: FormField; readonly condition: DependentCondition };
};

/** How a field is named in values, across object types. */
export const fieldKey = ({ objectTypeId, name }: { readonly objectTypeId: string; readonly name: string }) =>
  `${objectTypeId}/${name}`;

/** All fields of a form in the order of the page, dependent ones after the field that brings them up. */
export const fieldsOf = ({ fieldGroups }: Pick<FormDefinition, 'fieldGroups'>): AskedField[] =>
  fieldGroups.flatMap(({ fields }) => fields.flatMap(withDependents));

export const withDependents = (field: FormField): AskedField[] => [
  { field },
  ...field.dependentFields.map(({ dependentCondition, dependentField }) => ({
    field: dependentField,
    onlyIf: { controlling: field, condition: dependentCondition },
  })),
];

/**
 * The field with everything that HubSpot's body has for its type: the property's label and options where the field has none of its own,
 * and the usual validation.
 */
export function completed<F extends FormField | DependentFormField>(
  field: F,
  property: PropertyDefinition | undefined,
): F {
  const { options, defaultValues, defaultValue, validation, useCountryCodeSelect, allowMultipleFiles, ...rest } = field;
  const own =
    field.fieldType === 'email' || field.fieldType === 'number' || isPhone(field.fieldType)
      ? { validation: { ...usualValidation(field.fieldType), ...validation } }
      : {};
  return {
    ...rest,
    label: field.label ?? property?.label ?? field.name,
    ...own,
    ...(isChoice(field)
      ? { options: optionsOf(field, property), defaultValues: defaultValues ?? [] }
      : defaultValue !== undefined && { defaultValue }),
    ...(field.fieldType === 'phone' && { useCountryCodeSelect: useCountryCodeSelect ?? false }),
    ...(field.fieldType === 'file' && { allowMultipleFiles: allowMultipleFiles ?? false }),
  } as F;
}

const isPhone = (type: FieldType) => type === 'phone' || type === 'mobile_phone';

function usualValidation(type: FieldType) {
  if (type === 'email') return { useDefaultBlockList: false, blockedEmailDomains: [] };
  return isPhone(type) ? { minAllowedDigits: 7, maxAllowedDigits: 20 } : { minAllowedDigits: 0, maxAllowedDigits: 32 };
}

function optionsOf(field: FormField | DependentFormField, property: PropertyDefinition | undefined) {
  const own = field.options ?? [];
  if (own.length > 0)
    return own.map((option, position) => ({
      ...option,
      displayOrder: option.displayOrder < 0 ? position : option.displayOrder,
    }));
  const shown = (property?.options ?? []).filter(({ hidden }) => !hidden);
  return shown.map(({ label, value }, displayOrder) => ({ label, value, displayOrder }));
}
