import { brotliDecompressSync } from 'node:zlib';
import { foldName } from '../letters.ts';
import { packedNames } from './names.ts';

/** 0: common, 1: usual, 2: rare. */
type Rank = 0 | 1 | 2;

/** How often a character begins, continues and ends the words of a list. */
type Positions = ReadonlyMap<string, readonly [first: number, middle: number, last: number]>;

export type NameList = {
  readonly ranks: ReadonlyMap<string, Rank>;
  readonly positions: Positions;
  /** In full-width katakana. */
  readonly readings: ReadonlySet<string>;
};

export type Lexicon = { readonly surnames: NameList; readonly given: NameList };

function listOf(lines: readonly string[], readings: string): NameList {
  const ranks = new Map<string, Rank>();
  const positions = new Map<string, [number, number, number]>();
  for (const [rank, line] of lines.entries()) {
    for (const word of foldName(line).split(' ')) {
      if ((ranks.get(word) ?? 3) > rank) ranks.set(word, rank as Rank);
      count(positions, [...word], 1);
    }
  }
  return { ranks, positions, readings: new Set(readings.split(' ')) };
}

function count(positions: Map<string, [number, number, number]>, letters: readonly string[], by: number): void {
  for (const [index, letter] of letters.entries()) {
    const counts = positions.get(letter) ?? [0, 0, 0];
    if (index === 0) counts[0] += by;
    if (index === letters.length - 1) counts[2] += by;
    if (index > 0 && index < letters.length - 1) counts[1] += by;
    positions.set(letter, counts);
  }
}

let decoded: Lexicon | undefined;

/** The names of the lexicon, by their folded spelling. Decoded at the first call, which takes some tens of milliseconds. */
export function lexicon(): Lexicon {
  if (decoded) return decoded;
  const lines = brotliDecompressSync(Buffer.from(packedNames, 'base64')).toString('utf8').split('\n');
  decoded = {
    surnames: listOf(lines.slice(0, 3), lines[6] ?? ''),
    given: listOf(lines.slice(3, 6), lines[7] ?? ''),
  };
  return decoded;
}
