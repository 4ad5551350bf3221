import { foldVariants } from '../text/kanji-variants.ts';

/** A letter as a person wrote it, with the marks that belong to it, and what it is compared by. */
export type Letter = { readonly raw: string; readonly key: string };
export type Letters = readonly Letter[];

/** Marks that belong to the letter before them: variation selectors, combining marks, the half-width marks of kana. */
const clusters = /[\s\S][\p{M}\uff9e\uff9f\u200d]*/gu;
const selectors = /[\u{fe00}-\u{fe0f}]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * What names are compared by: width, case, old forms and variation selectors do not count. Never shown, never stored as a name. The key of
 * a text is the keys of its letters.
 */
export const foldName = (text: string): string =>
  foldVariants(text.toWellFormed().replace(selectors, '').normalize('NFKC').toLowerCase())
    .replace(/ヶ/g, 'ケ')
    .replace(/ヵ/g, 'カ');

/** Names are written with a few thousand letters; those of other texts are not kept. */
const known = new Map<string, Letter>();
const mostKnown = 8000;

function letterOf(raw: string): Letter {
  const found = known.get(raw);
  if (found) return found;
  const letter = { raw, key: foldName(raw) };
  if (known.size < mostKnown) known.set(raw, letter);
  return letter;
}

export const lettersOf = (text: string): Letters => (text.toWellFormed().match(clusters) ?? []).map(letterOf);

export const keyOfAll = (letters: Letters): string => letters.map(({ key }) => key).join('');

/**
 * The letters as they go into a name: half-width kana and full-width Latin letters in their usual width, every other character as the
 * person wrote it, old forms and variation selectors too.
 */
export const written = (letters: Letters): string =>
  letters
    .map(({ raw }) => (/[\uff01-\uff5e\uff61-\uff9f]/.test(raw) ? raw.normalize('NFKC') : raw))
    .join('')
    .trim();

/** The letters that a pattern matches in the keys, with what is before and after; a letter is never cut in two. */
export function cutAt(
  letters: Letters,
  pattern: RegExp,
): { readonly before: Letters; readonly found: Letters; readonly after: Letters } | undefined {
  const match = pattern.exec(keyOfAll(letters));
  if (!match || match[0] === '') return undefined;
  const from = match.index;
  const to = from + match[0].length;
  let at = 0;
  const parts: { before: Letter[]; found: Letter[]; after: Letter[] } = { before: [], found: [], after: [] };
  for (const letter of letters) {
    const end = at + letter.key.length;
    parts[end <= from ? 'before' : at >= to ? 'after' : 'found'].push(letter);
    at = end;
  }
  return parts;
}

export const toKatakana = (text: string): string =>
  text.replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));
export const isKana = (text: string): boolean => /^[ぁ-ゖァ-ヺー]+$/u.test(text);
export const isLatin = (text: string): boolean =>
  /^[\p{Script=Latin}\p{M}\s.,'’-]+$/u.test(text) && /\p{Script=Latin}/u.test(text);
