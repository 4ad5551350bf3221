import type { PropertyDefinition, PropertyOption, PropertyType } from '../definition.ts';

/** A standard property as written down: only what differs from the usual. */
export type StandardProperty = Pick<PropertyDefinition, 'name' | 'label' | 'type' | 'fieldType' | 'options'> &
  Extra & { readonly groupName: string };

type Extra = {
  readonly description?: string;
  readonly hasUniqueValue?: boolean;
  readonly hidden?: boolean;
  readonly formField?: boolean;
  readonly calculated?: boolean;
  readonly externalOptions?: boolean;
  readonly referencedObjectType?: string;
  readonly showCurrencySymbol?: boolean;
  readonly textDisplayHint?: string;
  /** Only the system writes it. */
  readonly readOnly?: boolean;
  readonly indexed?: boolean;
};

type OptionData = readonly [value: string, label: string];

/** The makers of one group's properties, so that a type's file reads as a list of names and labels. */
export function group(groupName: string) {
  const property =
    (type: PropertyType, fieldType: string, usual: Extra = {}) =>
    (name: string, label: string, extra: Extra = {}): StandardProperty => ({
      name,
      label,
      type,
      fieldType,
      groupName,
      options: [],
      ...usual,
      ...extra,
    });
  const choice =
    (fieldType: string, usual: Extra) =>
    (name: string, label: string, options: readonly OptionData[], extra: Extra = {}): StandardProperty => ({
      ...property('enumeration', fieldType, usual)(name, label, extra),
      options: optionsOf(options),
    });
  return {
    text: property('string', 'text'),
    textarea: property('string', 'textarea'),
    html: property('string', 'html'),
    phone: property('string', 'phonenumber', { indexed: true, textDisplayHint: 'phone_number' }),
    number: property('number', 'number', { indexed: true }),
    date: property('date', 'date', { indexed: true }),
    datetime: property('datetime', 'date', { indexed: true }),
    select: choice('select', { indexed: true }),
    radio: choice('radio', { indexed: true }),
    checkbox: choice('checkbox', {}),
    flag: (name: string, label: string, extra: Extra = {}): StandardProperty => ({
      ...property('bool', 'booleancheckbox', { indexed: true })(name, label, extra),
      options: optionsOf([
        ['true', 'はい'],
        ['false', 'いいえ'],
      ]),
    }),
    owner: property('enumeration', 'select', { indexed: true, externalOptions: true, referencedObjectType: 'OWNER' }),
  };
}

const optionsOf = (options: readonly OptionData[]): PropertyOption[] =>
  options.map(([value, label], displayOrder) => ({ label, value, displayOrder, hidden: false }));

/** The whole definition, as it is when nobody changed it. */
export const standardDefinition = ({
  readOnly = false,
  indexed = false,
  ...given
}: StandardProperty): PropertyDefinition => ({
  ...given,
  description: given.description ?? '',
  displayOrder: -1,
  hasUniqueValue: given.hasUniqueValue ?? false,
  hidden: given.hidden ?? false,
  formField: given.formField ?? (!readOnly && !given.hidden),
  calculated: given.calculated ?? false,
  externalOptions: given.externalOptions ?? false,
  hubspotDefined: true,
  modificationMetadata: {
    archivable: false,
    readOnlyDefinition: readOnly,
    readOnlyValue: readOnly,
    readOnlyOptions: readOnly || (given.externalOptions ?? false),
  },
  archived: false,
  indexed: indexed || (given.hasUniqueValue ?? false),
});
