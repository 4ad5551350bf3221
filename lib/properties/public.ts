import * as z from 'zod/mini';
import { PropertyDefinition } from '../objects/definition.ts';
import { BooleanText, ObjectTypePath } from '../objects/schema.ts';
import { PropertyCreate } from './input.ts';

export const PropertyPath = z.extend(ObjectTypePath, { propertyName: z.string() });
export const GroupPath = z.extend(ObjectTypePath, { groupName: z.string() });

export const PropertyQuery = z.object({ archived: z.optional(BooleanText), dataSensitivity: z.optional(z.string()) });

/** A property as HubSpot's API shows it. */
export const PublicProperty = z.omit(PropertyDefinition, {
  indexed: true,
  textDisplayHint: true,
  validationRules: true,
});

export const PublicGroup = z.object({
  name: z.string(),
  label: z.string(),
  displayOrder: z.number(),
  archived: z.boolean(),
});

const inputs = <S extends z.ZodMiniType>(input: S) =>
  z.array(input).check(z.maxLength(100, 'takes at most 100 inputs'));
const Named = z.object({ name: z.string() });

export const PropertyBatchCreate = z.object({ inputs: inputs(PropertyCreate) });
export const PropertyBatchRead = z.object({ inputs: inputs(Named), archived: z._default(z.boolean(), false) });
export const PropertyBatchArchive = z.object({ inputs: inputs(Named) });
