import { isKana, keyOfAll, type Letters, toKatakana } from './letters.ts';
import { type Lexicon, lexicon, type NameList } from './lexicon/lexicon.ts';

/** A family name and a given name, and by how much this cut is better than the next best one. */
export type Split = { readonly lastname: Letters; readonly firstname: Letters; readonly confidence: number };

/** What a word's place in the list is worth, by rank, and what its length tells of a word that is in none. */
const surnameBonus = [8, 6.4, 5] as const;
const givenBonus = [4.6, 4, 3.2] as const;
const surnameLength = [-1.8, 0, -2.5, -4, -7, -9];
const knownSurnameLength = [-1.8, 0, 0.6, 1, 1, 1];
const knownGivenLength = [-1.2, 0, -0.3, 0, 0, 0];
const givenLength = [-1.2, 0, -1.6, -4.5, -7, -9];
const seldom = -3;

/** The logarithm of how much likelier a letter stands at its place in such names than anywhere in names. */
function lettersScore(list: NameList, other: NameList, word: readonly string[]): number {
  let score = 0;
  for (const [index, letter] of word.entries()) {
    const own = list.positions.get(letter);
    const total = sumOf(own) + sumOf(other.positions.get(letter));
    const here = own === undefined ? 0 : placeOf(own, index, word.length);
    score += Math.max(seldom, Math.log((here + 0.3) / (total + 1)));
  }
  return score / word.length;
}

const sumOf = (counts: readonly [number, number, number] | undefined) =>
  counts === undefined ? 0 : counts[0] + counts[1] + counts[2];

function placeOf([first, middle, last]: readonly [number, number, number], index: number, length: number): number {
  if (length === 1) return Math.max(first, last) / 2;
  if (index === 0) return first;
  return index === length - 1 ? last : middle;
}

const surnameScore = ({ surnames, given }: Lexicon, letters: readonly string[]): number =>
  bonusOf(surnames, surnameBonus, letters) +
  lettersScore(surnames, given, letters) +
  ((surnames.ranks.has(letters.join('')) ? knownSurnameLength : surnameLength)[letters.length - 1] ?? -12);

const givenScore = ({ surnames, given }: Lexicon, letters: readonly string[]): number =>
  bonusOf(given, givenBonus, letters) +
  lettersScore(given, surnames, letters) +
  ((given.ranks.has(letters.join('')) ? knownGivenLength : givenLength)[letters.length - 1] ?? -12);

function bonusOf(list: NameList, bonus: readonly [number, number, number], letters: readonly string[]): number {
  const rank = list.ranks.get(letters.join(''));
  return rank === undefined ? 0 : bonus[rank];
}

export const isSurname = (letters: Letters): boolean => knows(lexicon().surnames, letters);
export const isGiven = (letters: Letters): boolean => knows(lexicon().given, letters);

function knows(list: NameList, letters: Letters): boolean {
  const key = keyOfAll(letters);
  return list.ranks.has(key) || (isKana(key) && list.readings.has(toKatakana(key)));
}

/** How much likelier a word is a family name than a given name; above 0: a family name. */
export function surnameLead(letters: Letters): number {
  const words = lexicon();
  const keys = letters.map(({ key }) => key);
  return surnameScore(words, keys) - givenScore(words, keys) - 2;
}

/** A margin of this much is as likely right as wrong to be left to people; the curve passes the threshold at about `margin + 3 / steepness`. */
const confidenceOf = (margin: number): number => 1 / (1 + Math.exp(-(margin - 0.6) * 1.6));

/**
 * The best cut of a name without blanks into family and given name, among all of them; undefined when it has one letter. Names of kana
 * are cut by their readings, others by the names and the letters of the lexicon.
 */
export function splitName(letters: Letters): Split | undefined {
  if (letters.length < 2) return undefined;
  return isKana(keyOfAll(letters)) ? splitKana(letters) : splitKanji(letters);
}

/** A given name is often written in kana after a family name in kanji, and seldom half in kanji and half in kana. */
function scriptScore(keys: readonly string[], at: number): number {
  const given = keys.slice(at).join('');
  if (isKana(given)) return isKana(keys[at - 1] ?? '') ? 0 : 3;
  return /\p{Script=Han}[ァ-ヺ]/u.test(given) ? -2 : 0;
}

function splitKanji(letters: Letters): Split {
  const words = lexicon();
  const keys = letters.map(({ key }) => key);
  const scores = keys.slice(1).map((_, before) => {
    const at = before + 1;
    return surnameScore(words, keys.slice(0, at)) + givenScore(words, keys.slice(at)) + scriptScore(keys, at);
  });
  const best = Math.max(...scores);
  const at = scores.indexOf(best) + 1;
  const next = Math.max(...scores.filter((_, index) => index !== at - 1), best - 12);
  const confidence = confidenceOf(best - next) * trustIn(words, keys, at);
  return { lastname: letters.slice(0, at), firstname: letters.slice(at), confidence };
}

/** How far the margin can be trusted: two known names fully, an unknown given name less, least when another cut has a known one. */
function trustIn({ surnames, given }: Lexicon, keys: readonly string[], at: number): number {
  if (keys.length === 2) return 1;
  if (!surnames.ranks.has(keys.slice(0, at).join(''))) return 0.9;
  const known = (index: number) => given.ranks.has(keys.slice(index).join(''));
  if (known(at)) return 1;
  return keys.some((_, index) => index > 0 && known(index)) ? 0.9 : 0.96;
}

/** Kana names have few letters to tell by: one possible cut is likely right, of several the longest family name is a guess. */
function splitKana(letters: Letters): Split | undefined {
  const { surnames, given } = lexicon();
  const key = toKatakana(keyOfAll(letters));
  const cuts = [...key].flatMap((_, at) => {
    const fits = at > 0 && surnames.readings.has(key.slice(0, at)) && given.readings.has(key.slice(at));
    return fits ? [at] : [];
  });
  const at = cuts.at(-1);
  if (at === undefined) return undefined;
  const confidence = cuts.length === 1 && at > 1 && key.length - at > 1 ? 0.9 : 0.6;
  return { lastname: letters.slice(0, at), firstname: letters.slice(at), confidence };
}
