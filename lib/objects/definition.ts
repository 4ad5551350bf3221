import * as z from 'zod/mini';
import { ValidationRule } from './validation-rules.ts';

export const PropertyType = z.enum([
  'string',
  'number',
  'date',
  'datetime',
  'enumeration',
  'bool',
  'phone_number',
  'json',
  'object_coordinates',
]);
export type PropertyType = z.output<typeof PropertyType>;

export const PropertyOption = z.object({
  label: z.string(),
  value: z.string(),
  displayOrder: z.optional(z.number()),
  hidden: z._default(z.boolean(), false),
  description: z.optional(z.string()),
});
export type PropertyOption = z.output<typeof PropertyOption>;

/** A property as HubSpot's API shows it, and `indexed`: whether a record's value gets an index row. */
export const PropertyDefinition = z.object({
  name: z.string(),
  label: z.string(),
  type: PropertyType,
  fieldType: z.string(),
  groupName: z.string(),
  description: z.string(),
  options: z.array(PropertyOption),
  displayOrder: z.number(),
  hasUniqueValue: z.boolean(),
  hidden: z.boolean(),
  formField: z.boolean(),
  calculated: z.boolean(),
  externalOptions: z.boolean(),
  hubspotDefined: z.boolean(),
  modificationMetadata: z.object({
    archivable: z.boolean(),
    readOnlyDefinition: z.boolean(),
    readOnlyValue: z.boolean(),
    readOnlyOptions: z.optional(z.boolean()),
  }),
  referencedObjectType: z.optional(z.string()),
  calculationFormula: z.optional(z.string()),
  showCurrencySymbol: z.optional(z.boolean()),
  textDisplayHint: z.optional(z.string()),
  dataSensitivity: z.optional(z.string()),
  createdAt: z.optional(z.string()),
  updatedAt: z.optional(z.string()),
  createdUserId: z.optional(z.string()),
  updatedUserId: z.optional(z.string()),
  archived: z.boolean(),
  archivedAt: z.optional(z.string()),
  /** Rules for the values that it gets. */
  validationRules: z.optional(z.array(ValidationRule)),
  /** Decided when the property is made and never changed: the index rows that exist follow it. */
  indexed: z.boolean(),
});
export type PropertyDefinition = z.output<typeof PropertyDefinition>;

export type PipelineProperties = { readonly pipelineProperty: string; readonly stageProperty: string };

/** Everything that decides what a record of a type may hold. */
export type ObjectType = {
  readonly portalId: number;
  readonly objectTypeId: string;
  /** The plural path name of a standard type, the name of a custom one. */
  readonly name: string;
  readonly singular: string;
  readonly custom: boolean;
  readonly fullyQualifiedName?: string;
  readonly labels: { readonly singular: string; readonly plural: string };
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
  /** Not writable any more; their values and index rows are still on the records. */
  readonly archivedProperties: ReadonlyMap<string, PropertyDefinition>;
  /** `a|b`: one of the two. */
  readonly requiredProperties: readonly string[];
  readonly defaultProperties: readonly string[];
  readonly searchableProperties: readonly string[];
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  readonly primaryDisplayProperty: string;
  readonly pipeline?: PipelineProperties;
};
