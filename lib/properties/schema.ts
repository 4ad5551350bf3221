import * as z from 'zod/mini';
import { PropertyDefinition } from '../objects/definition.ts';
import { ValidationRule } from '../objects/validation-rules.ts';

/** What may be changed about a property that HubSpot defines. */
export const PropertyOverride = z.partial(
  z.pick(PropertyDefinition, {
    label: true,
    description: true,
    groupName: true,
    fieldType: true,
    displayOrder: true,
    hidden: true,
    formField: true,
    options: true,
    updatedAt: true,
    updatedUserId: true,
  }),
);
export type PropertyOverride = z.output<typeof PropertyOverride>;

/** A property in the table: a whole definition of ours, or changes to one that stands in code. */
export const StoredProperty = z.object({
  sk: z.string(),
  name: z.string(),
  definition: z.optional(PropertyDefinition),
  override: z.optional(PropertyOverride),
  /** In a row of its own: rules for the property's values. */
  rules: z.optional(z.array(ValidationRule)),
});
export type StoredProperty = z.output<typeof StoredProperty>;

export const StoredGroup = z.object({
  sk: z.string(),
  name: z.string(),
  label: z.string(),
  displayOrder: z.number(),
  archived: z.boolean(),
});
export type StoredGroup = z.output<typeof StoredGroup>;
