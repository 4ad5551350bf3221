import { readNumber } from './decimal.ts';
import type { PropertyDefinition } from './definition.ts';
import { normaliseEmail } from './email-address.ts';
import { foldCase } from './index-value.ts';

/** A value as unique rows spell it: width, blanks around and letter case do not make it another one, nor do a number's zeros. */
export function uniqueValueOf(
  { type, textDisplayHint }: Pick<PropertyDefinition, 'type' | 'textDisplayHint'>,
  value: string,
): string {
  if (textDisplayHint === 'email') return normaliseEmail(value);
  const folded = foldCase(value).trim();
  return type === 'number' ? (readNumber(folded) ?? folded) : folded;
}
