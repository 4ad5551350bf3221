import * as z from 'zod/mini';
import { PropertyType } from '../objects/definition.ts';

const text = z.string().check(z.maxLength(65_536));
const label = z.string().check(z.trim(), z.minLength(1), z.maxLength(1000));

const OptionInput = z.object({
  label: z.string().check(z.minLength(1), z.maxLength(1000)),
  value: z.string().check(z.minLength(1), z.maxLength(1000)),
  displayOrder: z.optional(z.int()),
  hidden: z._default(z.boolean(), false),
  description: z.optional(z.nullable(text)),
});

const changeable = {
  description: z.optional(text),
  displayOrder: z.optional(z.int()),
  hidden: z.optional(z.boolean()),
  formField: z.optional(z.boolean()),
  options: z.optional(z.array(OptionInput).check(z.maxLength(5000))),
  hasUniqueValue: z.optional(z.boolean()),
  calculationFormula: z.optional(z.string()),
  externalOptions: z.optional(z.boolean()),
  referencedObjectType: z.optional(z.string()),
};

export const PropertyCreate = z.object({
  ...changeable,
  name: z.string(),
  label,
  type: PropertyType,
  fieldType: z.string(),
  groupName: z.string(),
  textDisplayHint: z.optional(z.string()),
  showCurrencySymbol: z.optional(z.boolean()),
});
export type PropertyCreate = z.output<typeof PropertyCreate>;

export const PropertyUpdate = z.object({
  ...changeable,
  label: z.optional(label),
  type: z.optional(PropertyType),
  fieldType: z.optional(z.string()),
  groupName: z.optional(z.string()),
});
export type PropertyUpdate = z.output<typeof PropertyUpdate>;

export const GroupCreate = z.object({ name: z.string(), label, displayOrder: z.optional(z.int()) });
export type GroupCreate = z.output<typeof GroupCreate>;
export const GroupUpdate = z.object({ label: z.optional(label), displayOrder: z.optional(z.int()) });
export type GroupUpdate = z.output<typeof GroupUpdate>;
