import { keyOfAll, type Letters, written } from './letters.ts';
import { lexicon } from './lexicon/lexicon.ts';
import { kanaOf } from './romaji.ts';

const reads = (list: ReadonlySet<string>, key: string) => kanaOf(key).some((kana) => list.has(kana));
const isRomajiSurname = (piece: Letters): boolean => reads(lexicon().surnames.readings, keyOfAll(piece));
export const isRomajiGiven = (piece: Letters): boolean => reads(lexicon().given.readings, keyOfAll(piece));

type Order = {
  readonly lastname: readonly Letters[];
  readonly firstname: readonly Letters[];
  readonly confidence: number;
};

/**
 * Which of the Latin pieces are the family name: the one in capitals or before a comma, the only one that is a Japanese family name, or
 * the last one, as in the West.
 */
export function latinOrder(pieces: readonly Letters[], comma: boolean): Order {
  const first = pieces.slice(0, 1);
  const last = pieces.slice(-1);
  const familyFirst = (confidence: number): Order => ({ lastname: first, firstname: pieces.slice(1), confidence });
  const familyLast = (confidence: number): Order => ({ lastname: last, firstname: pieces.slice(0, -1), confidence });
  if (comma) return familyFirst(0.97);
  const [inCapitals, lastInCapitals] = [first, last].map((each) =>
    each.every((piece) => /^\p{Lu}{2,}$/u.test(written(piece))),
  );
  if (inCapitals && !lastInCapitals) return familyFirst(0.97);
  if (lastInCapitals && !inCapitals) return familyLast(0.97);
  const surname = [first, last].map((each) => each.every(isRomajiSurname));
  const given = [first, last].map((each) => each.every(isRomajiGiven));
  if (surname[0] && given[1] && !(surname[1] && given[0])) return familyFirst(0.96);
  if (surname[1] && given[0] && !(surname[0] && given[1])) return familyLast(0.96);
  return familyLast(surname[0] && surname[1] ? 0.6 : 0.8);
}

/** `TARO`, `taro`: as it is usually written; names with capitals inside stay as they are. */
export const usualCase = (name: string): string =>
  /^(?:[a-z]+|[A-Z]{2,})$/.test(name) ? name.slice(0, 1).toUpperCase() + name.slice(1).toLowerCase() : name;
