import { dialled, phoneDigits } from '../objects/phone-words.ts';
import { foldVariants } from './kanji-variants.ts';

/** What a query asks of a record's tokens: this one, or with `prefix` one that begins so. */
export type QueryToken = { readonly token: string; readonly prefix: boolean };

/** A run of Japanese letters, or a word of anything else; both folded. */
export type Piece = { readonly run: string } | { readonly word: string };

/** Longer words are told apart by their beginning only: a token is part of a key. */
const longestWord = 64;

/** Selectors that say which form of a character is meant (葛󠄀). */
const selectors = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu;
/** What people type for a hyphen, a long vowel or a range, after NFKC. */
const dashes = /[‐‑‒–—―−ー─━〜~∼]/g;
const small = 'ぁぃぅぇぉっゃゅょゎゕゖ';
const large = 'あいうえおつやゆよわかけ';
const kana = 'ぁ-ゖゝゞ';

/**
 * A text as it is compared: width, letter case, katakana and hiragana, small kana, long vowels, accents and variants of kanji do not
 * count, and every hyphen is the same one. Folding twice changes nothing. For matching only: what people typed is never rewritten.
 */
export function foldText(text: string): string {
  const narrow = text.replace(selectors, '').normalize('NFKC').toLowerCase().normalize('NFKC');
  const hiragana = narrow
    .replace(/[ァ-ヶヽヾ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60))
    .replace(/[ぁぃぅぇぉっゃゅょゎゕゖ]/g, (letter) => large.charAt(small.indexOf(letter)))
    .replace(/[\u00c0-\u024f\u1e00-\u1eff]/g, (letter) => letter.normalize('NFD').charAt(0))
    .replace(/[\u0300-\u036f\u3099\u309a]/g, '');
  return foldVariants(hiragana)
    .replace(dashes, '-')
    .replace(between, '')
    .replace(longVowel, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** ジョン・スミス is ジョンスミス, サーバー is サーバ. */
const between = new RegExp(`(?<=[${kana}])[-・]+(?=[${kana}])`, 'g');
const longVowel = new RegExp(`(?<=[${kana}])-+`, 'g');

const letters = '\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Han}〆';
const piece = new RegExp(`[${letters}]+|(?![${letters}])[\\p{L}\\p{N}](?:(?![${letters}])[\\p{L}\\p{N}\\p{M}])*`, 'gu');
const japanese = new RegExp(`^[${letters}]`, 'u');
/** 03-1234-5678, 2022-12-01: also found when the hyphens are left out. */
const numberGroups = /(?<![a-z\d])\d+(?:-\d+)+/g;
const wholeNumberGroups = /(?<![a-z\d])\d+(?:-\d+)+(?!-?[a-z\d])/g;
const blanksInside = new RegExp(`(?<=[${letters}]) (?=[${letters}])`, 'gu');

/** The pieces of a folded text in their order. */
const piecesOf = (folded: string): Piece[] =>
  (folded.match(piece) ?? []).map((found) =>
    japanese.test(found) ? { run: found } : { word: [...found].slice(0, longestWord).join('') },
  );

/** The pieces of a value. Blanks inside Japanese text do not part it: 田中 太郎 is found by 田中太郎. */
export function valuePieces(text: string): Piece[] {
  const folded = foldText(text);
  const joined = (folded.match(numberGroups) ?? []).map((digits) => ({ word: digits.replaceAll('-', '') }));
  return [...piecesOf(folded.replace(blanksInside, '')), ...joined];
}

/** The pieces that a record must all have to match a query. A number with hyphens is one word, and so is a telephone number. */
export function queryPieces(query: string): Piece[] {
  const number = phoneQuery(query);
  if (number !== undefined) return [{ word: number }];
  return piecesOf(foldText(query).replace(wholeNumberGroups, (digits) => digits.replaceAll('-', '')));
}

/** 03-1234-5678, (03)1234, ＋81 3 1234 5678 内線12, and nothing else: digits, with enough of them or a sign between that says so. */
function phoneQuery(query: string): string | undefined {
  const { number } = dialled(query);
  if (!/^\+?[\d\s()-]+$/.test(number)) return undefined;
  const digits = phoneDigits(number);
  const least = /^\S+$/.test(number) && /[-()+]/.test(number) ? 3 : 9;
  return digits.length >= least ? digits : undefined;
}

/**
 * The tokens under which a value is found: its words, and of each Japanese run the pairs of neighbours and the last letter, so that one
 * letter is found as the beginning of a token. In the order of the text, each once.
 */
export const tokensOf = (text: string): string[] => [...new Set(valuePieces(text).flatMap(tokensOfPiece))];

export function tokensOfPiece(each: Piece): string[] {
  if ('word' in each) return [each.word];
  const run = [...each.run];
  return run.map((letter, at) => `${letter}${run[at + 1] ?? ''}`);
}

/** What a text must have to hold a piece: all of its tokens but the last letter of a longer run, which need not be the text's last. */
export function neededFor(each: Piece): QueryToken[] {
  const tokens = tokensOfPiece(each);
  if (tokens.length === 1) return tokens.map((token) => ({ token, prefix: true }));
  return tokens.slice(0, -1).map((token) => ({ token, prefix: false }));
}

/** In so many texts that they part nothing from anything: rows for them would cost more than they help. */
const everywhere = new Set('株式 式会 会社 co jp com ne net www http https'.split(' '));
export const isTelling = (token: string): boolean => !everywhere.has(token);
/** A beginning that one of them has, too, would miss the records that have nothing else. */
const isAsked = ({ token, prefix }: QueryToken): boolean =>
  prefix ? ![...everywhere].some((each) => each.startsWith(token)) : isTelling(token);

/**
 * The tokens under which every record lies that matches a query; the words of a query may be the beginning of words. Those that are
 * everywhere are left out, so there may be none though the query has words.
 */
export function queryTokens(query: string): QueryToken[] {
  const tokens = queryPieces(query).flatMap(neededFor);
  return [...new Map(tokens.filter(isAsked).map((each) => [each.token, each])).values()];
}
