import type { Key, RecordRef } from './keys.ts';

/** The rows of all tokens that begin with the same letter: no partition holds a whole type, and a beginning is one range of keys. */
export const textPartition = (objectType: string, token: string) =>
  `text#${objectType}#${String.fromCodePoint(token.codePointAt(0) ?? 0x30)}`;
/** Tokens hold letters and digits only, so `#` ends one, and the records of a token lie in the order of their ids. */
export const textKey = (objectType: string, token: string, id: string): Key => ({
  pk: textPartition(objectType, token),
  sk: `${token}#${id}`,
});
/** The tokens that a record has rows for, in the record's partition. */
export const textStateKey = ({ objectType, id }: RecordRef): Key => ({ pk: `${objectType}#${id}`, sk: 'text' });
