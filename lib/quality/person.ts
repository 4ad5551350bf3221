import type { Letters } from './letters.ts';
import { isGiven, isSurname, splitName } from './split.ts';

/** How sure it is that these letters are a person's name: what may be cut off beside them depends on it. */
export function personhood(letters: Letters): number {
  if (letters.length === 0) return 0;
  if (isSurname(letters)) return 1;
  const split = splitName(letters);
  if (split && isSurname(split.lastname) && isGiven(split.firstname)) return Math.max(split.confidence, 0.9);
  if (isGiven(letters)) return 0.9;
  return split && isSurname(split.lastname) && letters.length <= 6 ? split.confidence * 0.9 : 0.3;
}

export const looksLikePerson = (letters: Letters): boolean => personhood(letters) >= 0.7;
