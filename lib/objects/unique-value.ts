import type { PropertyDefinition } from './definition.ts';
import { normaliseEmail } from './email-address.ts';
import { foldCase } from './index-value.ts';

/** A value as unique rows spell it: width, blanks around and letter case do not make it another one. */
export const uniqueValueOf = (
  { textDisplayHint }: Pick<PropertyDefinition, 'textDisplayHint'>,
  value: string,
): string => (textDisplayHint === 'email' ? normaliseEmail(value) : foldCase(value).trim());
